// What C++ asks of the page because it needs a JavaScript callback: a port's listener, the one timer, IndexedDB, and what duties need.

import type { Host, HubModule } from '#hub-module';
import { hideButton, showButton } from './button.js';
import { createCheck, createLock } from './duty.js';
import { keepEnd, readKeptEnd } from './kept_end.js';
import type { Stores } from './stores.js';

/** The longest delay a browser's timer can hold; a later deadline is asked for again when it fires (R8). */
const delayMsMax = 2 ** 31 - 1;

/** What a write takes to reach the browser's other documents, several times over, and to be told to their apps. */
const othersHearMs = 2;
/** The disk's turn comes when they are done. */
const keepDelayMs = 15;

export function createHost(running: () => HubModule | undefined, stores: Stores): Host {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = createLater();
  let early = storeHoldsRecord() ? readKeptEnd(stores.keptEnds()) : undefined;
  /** How often the store has changed: what was asked of an earlier one is no answer. */
  let uses = 0;
  return {
    ...createLock(running, stores.locks),
    ...createCheck(running),
    window,
    area: stores.area,
    useStore(medium) {
      uses++;
      early = undefined;
      stores.use(medium);
    },
    showButton: (label, style) =>
      showButton(label, style, () =>
        stores.ask().then((placement) => {
          hideButton();
          running()?.placed(placement, true);
        }),
      ),
    now: Date.now,
    listen(port, messagePort) {
      messagePort.onmessage = (event) => running()?.portMessage(port, event.data);
    },
    setTimer(delayMs) {
      clearTimeout(timer);
      if (delayMs >= 0) timer = setTimeout(() => running()?.timerFired(), Math.min(delayMs, delayMsMax));
    },
    letOthersHear: () => later(() => running()?.othersHeard(), othersHearMs),
    readKeptEnd() {
      const read = early ?? readKeptEnd(stores.keptEnds());
      const asked = uses;
      early = undefined;
      read.then((text) => {
        if (asked === uses) running()?.keptEndRead(text);
      });
    },
    keepEnd(ticket, text) {
      // It belongs beside the record it tells of, whichever store is in use when the disk's turn comes.
      const place = stores.keptEnds();
      const begin = () => void keepEnd(place, text).then(() => running()?.endKept(ticket));
      if (!later(begin, keepDelayMs)) begin();
    },
  };
}

/**
 * Where something is stored the kept end will most likely be asked for, and the disk may look for it while the module is made. Nothing is
 * decided by this: whether it is asked for is C++'s to say.
 */
function storeHoldsRecord(): boolean {
  try {
    return localStorage.getItem('lockstep') !== null;
  } catch {
    return false;
  }
}

/**
 * Others first: telling the own app and setting the disk to work, begun in the same breath as the write, made every change reach the other tabs up to
 * two milliseconds later. What waits is done at once when the page goes or is hidden; and where a timer would be held back nothing waits: false.
 */
function createLater(): (then: () => void, delayMs: number) => boolean {
  const waiting = new Map<() => void, ReturnType<typeof setTimeout>>();
  let gone = false;

  function run(then: () => void): void {
    clearTimeout(waiting.get(then));
    if (waiting.delete(then)) then();
  }

  function runAll(): void {
    for (const then of waiting.keys()) run(then);
  }

  addEventListener('pagehide', () => {
    gone = true;
    runAll();
  });
  addEventListener('pageshow', () => {
    gone = false;
  });
  document.addEventListener('visibilitychange', runAll);

  return (then, delayMs) => {
    if (gone || document.hidden) return false;
    waiting.set(then, setTimeout(run, delayMs, then));
    return true;
  };
}
