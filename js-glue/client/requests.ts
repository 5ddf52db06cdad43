// What the app has asked and the hub has not yet replied to. A request waits until there is a hub, is sent once, and ends:
// with the hub's reply, with its time-out, or with the hub. It is never sent again to a hub that took the place of the one that was
// asked: the first may have done it, and another tab may have undone it since.

import { demand } from './arguments.js';
import { type LockstepError, timedOut } from './errors.js';
import { messageUnitsMax } from './limits.js';
import { type AppMessage, encode } from './wire.js';

type Ask = Extract<AppMessage, { readonly id: number }>;
export type Question = { [K in Ask['type']]: Omit<Extract<Ask, { readonly type: K }>, 'id'> }[Ask['type']];

type Request = {
  readonly text: string;
  readonly settle: (error?: LockstepError) => void;
  timer?: ReturnType<typeof setTimeout> | undefined;
};

export type Requests = {
  readonly ask: (question: Question) => Promise<void>;
  /** Sends what waits. */
  readonly flush: () => void;
  readonly replied: (id: number, error: LockstepError | undefined) => void;
  /** The hub is gone. */
  readonly lost: () => void;
  readonly reject: (error: LockstepError) => void;
};

export function createRequests(timeoutMs: number, send: (text: string) => boolean, giveUp: () => void): Requests {
  const pending = new Map<number, Request>();
  let count = 0;

  function end(id: number, error?: LockstepError): void {
    const request = pending.get(id);
    pending.delete(id);
    clearTimeout(request?.timer);
    request?.settle(error);
  }

  function flush(): void {
    for (const [id, request] of pending) {
      if (request.timer || !send(request.text)) continue;
      request.timer = setTimeout(() => {
        end(id, timedOut());
        giveUp();
      }, timeoutMs);
    }
  }

  return {
    ask: ({ type, ...members }) =>
      new Promise((resolve, reject) => {
        const id = ++count;
        const text = encode({ type, id, ...members } as Ask);
        demand(text.length <= messageUnitsMax, 'claims', 'at most 2 KiB');
        pending.set(id, { text, settle: (error) => (error ? reject(error) : resolve()) });
        flush();
      }),
    flush,
    replied: end,
    lost() {
      for (const [id, { timer }] of pending) if (timer) end(id, timedOut());
    },
    reject(error) {
      for (const id of pending.keys()) end(id, error);
    },
  };
}
