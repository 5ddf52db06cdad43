// What a duty needs of the browser (R6): the lock under which it is claimed and done, and the hub's own check. Whether
// and when is C++'s to say.

import type { HubModule, LockAnswer } from '#hub-module';

const granted = 0 satisfies LockAnswer;
const busy = 1 satisfies LockAnswer;
const missing = 2 satisfies LockAnswer;

/**
 * Asked for without waiting: a waiter that is queued starves in Chromium while the holder's page lies in the
 * back-forward cache.
 */
export function createLock(running: () => HubModule | undefined, locksOf: () => LockManager | undefined, name: string) {
  let release: (() => void) | undefined;

  function answer(given: LockAnswer): void {
    running()?.lockAnswered(given);
  }

  function ask(how: LockOptions): void {
    // Plain http has none, whatever the types say; a frame whose storage is blocked may not use them.
    const locks = locksOf();
    if (!locks) {
      answer(missing);
      return;
    }
    let own: (() => void) | undefined;
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      if (!lock) {
        answer(busy);
        return;
      }
      const held = new Promise<void>((resolve) => {
        release = own = resolve;
      });
      answer(granted);
      return held;
    };
    locks.request(name, how, hold).catch(() => {
      if (!own) return answer(missing);
      if (release !== own) return; // taken over when it was released already
      release = undefined;
      running()?.lockLost();
    });
  }

  return {
    requestLock: () => ask({ ifAvailable: true }),
    stealLock: () => ask({ steal: true }),
    releaseLock(): void {
      release?.();
      release = undefined;
    },
  };
}

/** PROTOCOL.md §3: how long the core waits for an outcome. */
const dutyMsMax = 10_000;
/** PROTOCOL.md §2: no text that is longer is read. */
const answerUnitsMax = 8192;

declare global {
  /** Where the page holds it, the provider is asked, and not the hub's own server. */
  var lockstepAsk: typeof import('./ask.js') | undefined;
}

/**
 * The hub asks its own origin, with the user's cookies. What is not a 200 is no outcome: null. Nor is what is longer
 * than any outcome, of which no more is read: all hubs share a process.
 */
export function createCheck(running: () => HubModule | undefined) {
  const calls = new Map<number, AbortController>();
  let leftAt = Number.NEGATIVE_INFINITY;
  const leave = () => {
    leftAt = performance.now();
  };

  async function answerOf(url: string, signal: AbortSignal): Promise<string | null> {
    const { status, body } = await fetch(url, { cache: 'no-store', redirect: 'error', signal });
    if (status !== 200 || !body) return null;
    const reader = body.getReader();
    // JSON has no byte order mark (RFC 8259 §8.1): one is left in the text.
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    let text = '';
    while (text.length <= answerUnitsMax) {
      const { done, value } = await reader.read();
      if (done) return text[0] === '\ufeff' ? null : text;
      text += decoder.decode(value, { stream: true });
    }
    await reader.cancel();
    return null;
  }

  return {
    fetchCheck(call: number, url: string): void {
      const controller = new AbortController();
      calls.set(call, controller);
      addEventListener('beforeunload', leave); // once: it is the same function each time
      (globalThis.lockstepAsk?.ask ?? answerOf)(url, controller.signal)
        .catch(() => null)
        .then((text) => {
          // Firefox and WebKit fail the requests of a page from then on. That is no outcome: the core gives the duty
          // back on `pagehide`, and waits as long as for any call where the page stays.
          const isLeft = performance.now() - leftAt < dutyMsMax;
          if (calls.delete(call) && !(isLeft && text === null)) running()?.checkFetched(call, text);
        });
    },
    cancelCheck(call: number): void {
      calls.get(call)?.abort();
      calls.delete(call);
    },
  };
}
