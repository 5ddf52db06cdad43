// What C++ asks of the page because it needs a JavaScript callback: a port's listener, the one timer, IndexedDB.

import type { Host, HubModule } from '#hub-module';
import { keepEnd, readKeptEnd } from './kept_end.js';

/** The longest delay a browser's timer can hold; a later deadline is asked for again when it fires (R8). */
const delayMsMax = 2 ** 31 - 1;

/** Several times what a change takes to reach the other tabs. */
const keepDelayMs = 15;

export function createHost(running: () => HubModule | undefined): Host {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let early = storeHoldsSomething() ? readKeptEnd() : undefined;
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
      const read = early ?? readKeptEnd();
      early = undefined;
      read.then((text) => running()?.keptEndRead(text));
    },
    keepEnd(ticket, text) {
      whenOthersHaveHeard(() => keepEnd(text).then(() => running()?.endKept(ticket)));
    },
  };
}

/**
 * Where something is stored the kept end will most likely be asked for, and the disk may look for it while the module is made. Nothing is
 * decided by this: whether it is asked for is C++'s to say.
 */
function storeHoldsSomething(): boolean {
  try {
    return localStorage.length > 0;
  } catch {
    return false;
  }
}

/**
 * The disk can wait until the other tabs have heard: begun in the same breath, the strict transaction made every logout reach them two
 * milliseconds later. It begins at once where a timer would be held back, and at the latest when the page goes.
 */
function whenOthersHaveHeard(then: () => void): void {
  if (document.hidden) return then();
  const begin = () => {
    clearTimeout(timer);
    removeEventListener('pagehide', begin);
    then();
  };
  const timer = setTimeout(begin, keepDelayMs);
  addEventListener('pagehide', begin);
}
