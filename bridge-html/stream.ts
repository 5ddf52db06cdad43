// The stream over which a server says that the session has ended (PROTOCOL.md, "Push"): one for a browser, under a
// lock. For which session, and when again after a failure, is C++'s to say.

import type { HubModule } from '#hub-module';
import { base64url } from './base64url.js';

type Asked = Readonly<{ id: number; url: string; session: string; subject: string; signedInAt: number }>;

/** A place among the hubs that wait for the lock; with `leave` it is this hub's. */
type Turn = { readonly locks: LockManager; readonly abort: AbortController; leave?: () => void };

/**
 * The lock is waited for in a queue, so that the browser itself passes it on when the holder's page closes or crashes.
 * Nobody starves: C++ gives the stream up, and with it the lock or the place, before a page is cached or frozen.
 * (Firefox 153 keeps no page for Back that has ever asked for a lock, whatever is done on `pagehide`.)
 */
export function createStream(
  running: () => HubModule | undefined,
  locksOf: () => LockManager | undefined,
  lockName: string,
) {
  let asked: Asked | undefined;
  let turn: Turn | undefined;
  let source: EventSource | undefined;

  function waitForTurn(locks: LockManager, steals: boolean): void {
    const own: Turn = { locks, abort: new AbortController() };
    turn = own;
    const hold = () => {
      if (turn !== own) return; // given up meanwhile
      return new Promise<void>((resolve) => {
        own.leave = resolve;
        void connect();
      });
    };
    // The specification lets nobody abort what steals.
    locks.request(lockName, steals ? { steal: true } : { signal: own.abort.signal }, hold).catch(() => {
      if (turn !== own) return; // given up
      turn = undefined;
      disconnect();
      // Another hub has taken it over. Who was never granted it is not allowed to use locks.
      if (own.leave) waitForTurn(locks, false);
    });
  }

  function leave(): void {
    turn?.leave?.();
    turn?.abort.abort();
    turn = undefined;
  }

  function disconnect(): void {
    source?.close();
    source = undefined;
  }

  async function connect(): Promise<void> {
    disconnect();
    const now = asked;
    if (!now || !turn?.leave) return;
    const url = new URL(now.url);
    if (now.session) url.searchParams.set('session', await channelOf(now.session));
    url.searchParams.set('subject', await channelOf(now.subject));
    if (now !== asked || !turn?.leave) return;
    url.searchParams.set('age', String(Math.max(0, Date.now() - now.signedInAt)));
    open(url, now.id);
  }

  function open(url: URL, id: number): void {
    disconnect();
    const opened = new EventSource(url);
    source = opened;
    opened.onopen = () => running()?.streamOpened(id);
    // It would come back by itself, but with the age of the session as it was, and all browsers at once.
    opened.onerror = () => {
      opened.close();
      running()?.streamFailed(id);
    };
    opened.addEventListener('ended', () => {
      opened.close();
      running()?.endPushed(id);
    });
  }

  return {
    openStream(id: number, url: string, session: string, subject: string, signedInAt: number, steals: boolean): void {
      asked = { id, url, session, subject, signedInAt };
      // Plain http has none, whatever the types say; a frame whose storage is blocked may not use them.
      const locks = locksOf();
      if (turn && (turn.locks !== locks || (steals && !turn.leave))) leave();
      if (turn) void connect();
      else if (locks) waitForTurn(locks, steals);
    },
    closeStream(): void {
      asked = undefined;
      disconnect();
      leave();
    },
  };
}

async function channelOf(text: string): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return base64url(hash);
}
