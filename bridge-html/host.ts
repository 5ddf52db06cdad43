// What C++ asks of the page because it needs a JavaScript callback: a port's listener, the one timer, IndexedDB.

import type { Host, HubModule } from '#hub-module';
import { keepEnd, readKeptEnd } from './kept_end.js';

/** The longest delay a browser's timer can hold; a later deadline is asked for again when it fires (R8). */
const delayMsMax = 2 ** 31 - 1;

export function createHost(running: () => HubModule | undefined): Host {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    window,
    now: () => Date.now(),
    listen(port, messagePort) {
      messagePort.onmessage = (event) => running()?.portMessage(port, event.data);
    },
    setTimer(delayMs) {
      clearTimeout(timer);
      if (delayMs !== null) timer = setTimeout(() => running()?.timerFired(), Math.min(delayMs, delayMsMax));
    },
    readKeptEnd() {
      readKeptEnd().then((text) => running()?.keptEndRead(text));
    },
    keepEnd(ticket, text) {
      keepEnd(text).then(() => running()?.endKept(ticket));
    },
  };
}
