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

/** The hub asks its own origin, with the user's cookies. What is not a 200 is no outcome: null. */
export function createCheck(running: () => HubModule | undefined) {
  const calls = new Map<number, AbortController>();

  async function answerOf(url: string, signal: AbortSignal): Promise<string | null> {
    const response = await fetch(url, { cache: 'no-store', redirect: 'error', signal });
    return response.status === 200 ? response.text() : null;
  }

  return {
    fetchCheck(call: number, url: string): void {
      const controller = new AbortController();
      calls.set(call, controller);
      answerOf(url, controller.signal)
        .catch(() => null)
        .then((text) => {
          if (calls.delete(call)) running()?.checkFetched(call, text);
        });
    },
    cancelCheck(call: number): void {
      calls.get(call)?.abort();
      calls.delete(call);
    },
  };
}
