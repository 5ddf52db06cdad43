// What the app has asked and the hub has not yet replied to. A request waits until there is a hub, is sent once, and ends:
// with the hub's reply, with its time-out, or with the hub. It is never sent again to a hub that took the place of the one that was
// asked: the first may have done it, and another tab may have undone it since.

import { demand } from './arguments.js';
import { type LockstepError, timedOut } from './errors.js';
import { messageUnitsMax } from './limits.js';
import { type AppMessage, encode, type Reply } from './wire.js';

type Ask = Extract<AppMessage, { readonly id: number }>;
export type Question = { [K in Ask['type']]: Omit<Extract<Ask, { readonly type: K }>, 'id'> }[Ask['type']];

type Request = {
  readonly text: string;
  readonly waitMs: number;
  readonly resolve: (outcome: never) => void;
  readonly reject: (error: LockstepError) => void;
  timer?: ReturnType<typeof setTimeout> | undefined;
};

export type Requests = {
  /** Gives the reply's outcome, which that of a check has. `waitMs`: where the hub may take longer than to connect. */
  readonly ask: <Outcome = void>(question: Question, waitMs?: number) => Promise<Outcome>;
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

  function flush(): void {
    for (const [id, request] of pending) {
      if (request.timer || !send(request.text)) continue;
      request.timer = setTimeout(() => {
        end({ id, error: timedOut() });
        giveUp();
      }, request.waitMs);
    }
  }

  return {
    ask: (question, waitMs = timeoutMs) =>
      new Promise((resolve, reject) => {
        const id = ++count;
        const text = encode({ type: question.type, id, ...(question as object) } as Ask); // in this order
        demand(text.length <= messageUnitsMax, 'claims', 'at most 2 KiB');
        pending.set(id, { text, waitMs, resolve, reject });
        flush();
      }),
    flush,
    replied: end,
    reject(error, which) {
      for (const [id, { timer }] of pending) if (timer || !which) end({ id, error });
    },
  };
}
