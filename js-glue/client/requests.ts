// The requests of the app that the hub has not yet replied to. A request waits until there is a hub, is sent once, and
// ends: with the hub's reply, with its time-out, or with the connection. It is never sent again to a hub that took the
// place of the one that received it: the first may have carried it out, and another tab may have undone it since.

import { demand } from './arguments.js';
import { type LockstepError, timedOut } from './errors.js';
import { messageUnitsMax } from './limits.js';
import type { CheckOutcome } from './types.js';
import { type AppMessage, encode, type Members, type Reply, type RequestType } from './wire.js';

type Request = {
  /** Once; nothing while no hub is connected. */
  readonly trySend: () => void;
  readonly isSent: () => boolean;
  readonly end: (error: LockstepError | undefined, outcome?: CheckOutcome) => void;
};

/** What a reply brings. */
// biome-ignore lint/suspicious/noConfusingVoidType: it is the type of what a promise without a value resolves with
type Outcome<T extends RequestType> = T extends 'check' ? CheckOutcome : void;

export type Requests = {
  /** `members` is read when the request is sent. `waitMs`: where the hub may take longer than to connect. */
  readonly ask: <T extends RequestType>(type: T, members: () => Members<T>, waitMs?: number) => Promise<Outcome<T>>;
  /** Sends those that wait. */
  readonly sendPending: () => void;
  readonly replied: (reply: Omit<Reply, 'type'>) => void;
  /** All of them, or those that were sent. */
  readonly reject: (error: LockstepError, which: 'all' | 'sent') => void;
};

export function createRequests(timeoutMs: number, send: (text: string) => boolean, timeOut: () => void): Requests {
  const pending = new Map<number, Request>();
  let lastId = 0;

  return {
    ask: (type, members, waitMs = timeoutMs) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        const id = lastId;
        let timer: ReturnType<typeof setTimeout> | undefined;
        const text = () => encode({ type, id, ...members() } as AppMessage);
        // The hub does not read a longer text, and so cannot say what is wrong with it.
        demand(text().length <= messageUnitsMax, type, `at most ${messageUnitsMax} characters`);

        function trySend(): void {
          if (timer || !send(text())) return;
          timer = setTimeout(() => {
            end(timedOut());
            timeOut();
          }, waitMs);
        }

        function end(error: LockstepError | undefined, outcome?: CheckOutcome): void {
          pending.delete(id);
          clearTimeout(timer);
          if (error) reject(error);
          else resolve(outcome as never);
        }

        trySend();
        pending.set(id, { trySend, isSent: () => timer !== undefined, end });
      }),
    sendPending() {
      for (const { trySend } of pending.values()) trySend();
    },
    replied: ({ id, error, outcome }) => pending.get(id)?.end(error, outcome),
    reject(error, which) {
      for (const { isSent, end } of pending.values()) if (which === 'all' || isSent()) end(error);
    },
  };
}
