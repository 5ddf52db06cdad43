// The requests of the app that the hub has not yet replied to. A request waits until there is a hub, is sent once, and
// ends: with the hub's reply, with its time-out, or with the connection. It is never sent again to a hub that took the
// place of the one that received it: the first may have carried it out, and another tab may have undone it since.

import { demand } from './arguments.js';
import { type LockstepError, timedOut } from './errors.js';
import { messageUnitsMax } from './limits.js';
import type { CheckOutcome } from './types.js';
import { type AppMessage, encode, type Members, type Reply, type RequestType } from './wire.js';

type Request = {
  readonly text: string;
  readonly waitMs: number;
  readonly resolve: (outcome: never) => void;
  readonly reject: (error: LockstepError) => void;
  /** Of the time-out, once it was sent. */
  timer?: ReturnType<typeof setTimeout>;
};

/** What a reply brings. */
// biome-ignore lint/suspicious/noConfusingVoidType: it is the type of what a promise without a value resolves with
type Outcome<T extends RequestType> = T extends 'check' ? CheckOutcome : void;

export type Requests = {
  /** `waitMs`: where the hub may take longer than to connect. */
  readonly ask: <T extends RequestType>(type: T, members: Members<T>, waitMs?: number) => Promise<Outcome<T>>;
  /** Sends those that wait. */
  readonly sendPending: () => void;
  readonly replied: (reply: Omit<Reply, 'type'>) => void;
  /** All of them, or those that were sent. */
  readonly reject: (error: LockstepError, which: 'all' | 'sent') => void;
};

export function createRequests(timeoutMs: number, send: (text: string) => boolean, timeOut: () => void): Requests {
  const pending = new Map<number, Request>();
  let lastId = 0;

  function trySend(id: number, request: Request): void {
    if (!send(request.text)) return;
    request.timer = setTimeout(() => {
      end({ id, error: timedOut() });
      timeOut();
    }, request.waitMs);
  }

  function end({ id, error, outcome }: Omit<Reply, 'type'>): void {
    const request = pending.get(id);
    if (!request) return;
    pending.delete(id);
    clearTimeout(request.timer);
    if (error) request.reject(error);
    else request.resolve(outcome as never);
  }

  return {
    ask: (type, members, waitMs = timeoutMs) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        const id = lastId;
        const text = encode({ type, id, ...members } as AppMessage);
        // The hub does not read a longer text, and so cannot say what is wrong with it.
        demand(text.length <= messageUnitsMax, `A request (${type})`, `at most ${messageUnitsMax} characters`);
        const request: Request = { text, waitMs, resolve, reject };
        trySend(id, request);
        pending.set(id, request);
      }),
    sendPending() {
      for (const [id, request] of pending) if (!request.timer) trySend(id, request);
    },
    replied: end,
    reject(error, which) {
      for (const [id, { timer }] of pending) if (timer || which === 'all') end({ id, error });
    },
  };
}
