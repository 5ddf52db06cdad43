// What the app has asked and the hub has not yet replied to. A request waits until there is a hub, is sent once, and ends:
// with the hub's reply, with its time-out, or with the hub. It is never sent again to a hub that took the place of the one that was
// asked: the first may have done it, and another tab may have undone it since.

import { demand } from './arguments.js';
import { type LockstepError, timedOut } from './errors.js';
import { messageUnitsMax } from './limits.js';
import type { CheckOutcome } from './types.js';
import { type AppMessage, type Asked, encode, type Members, type Reply } from './wire.js';

type Request = {
  /** Once there is a hub that hears it. */
  readonly post: () => void;
  readonly resolve: (outcome: never) => void;
  readonly reject: (error: LockstepError) => void;
  timer?: ReturnType<typeof setTimeout> | undefined;
};

/** What a reply brings. */
type Outcome<T extends Asked> = T extends 'check' ? CheckOutcome : void;

export type Requests = {
  /** `waitMs`: where the hub may take longer than to connect. */
  readonly ask: <T extends Asked>(type: T, members: Members<T>, waitMs?: number) => Promise<Outcome<T>>;
  /** Sends what waits. */
  readonly flush: () => void;
  readonly replied: (reply: Omit<Reply, 'type'>) => void;
  /** All of them, or those that a hub has heard that is gone. */
  readonly reject: (error: LockstepError, which?: 'sent') => void;
};

export function createRequests(timeoutMs: number, send: (text: string) => boolean, giveUp: () => void): Requests {
  const pending = new Map<number, Request>();
  let count = 0;

  function end({ id, error, outcome }: Omit<Reply, 'type'>): void {
    const request = pending.get(id);
    pending.delete(id);
    clearTimeout(request?.timer);
    if (error) request?.reject(error);
    else request?.resolve(outcome as never);
  }

  return {
    ask: (type, members, waitMs = timeoutMs) =>
      new Promise((resolve, reject) => {
        const id = ++count;
        const text = encode({ type, id, ...members } as AppMessage); // in this order
        demand(text.length <= messageUnitsMax, 'claims', 'at most 2 KiB');
        const request: Request = { post, resolve, reject };
        // Before anything that the other tabs need not wait for.
        post();
        pending.set(id, request);

        function post(): void {
          if (!send(text)) return;
          request.timer = setTimeout(() => {
            end({ id, error: timedOut() });
            giveUp();
          }, waitMs);
        }
      }),
    flush() {
      for (const { timer, post } of pending.values()) if (!timer) post();
    },
    replied: end,
    reject(error, which) {
      for (const [id, { timer }] of pending) if (timer || !which) end({ id, error });
    },
  };
}
