// Of all tabs of an origin one refreshes a token; the others wait, and read what it has stored. A refresh token that
// rotates is used once: the provider takes a second use for a theft, and revokes the whole grant (RFC 9700 §4.14.2).
// Neither a hub nor a session is needed: tokens stay in the app's own origin.

import { withLease } from './lease.js';
import { hashOf, readSpent, writeSpent } from './spent.js';

/** Between two looks at what another tab has stored. */
const retryMs = 10;
/** Much longer than a browser takes to show one tab's write to another. The value may also have come back since. */
const catchUpMs = 1_000;

export type RefreshOnceOptions<Value> = {
  /** Of the token: the same in all tabs of this origin, and another for another token. */
  readonly name: string;
  /** What is stored where all tabs of this origin find it, as JSON can say it. */
  readonly read: () => Value | null | undefined | Promise<Value | null | undefined>;
  /** Does it still serve? After a 401: is it another than the one that was refused? */
  readonly isFresh: (value: Value) => boolean;
  /**
   * Gets another, and stores it before it resolves. Called in one tab at a time. `signal` is aborted when the time is
   * over: a request that goes on after it may use the refresh token a second time.
   */
  readonly refresh: (call: { readonly signal: AbortSignal }) => Value | Promise<Value>;
  /** Ends the wait, and aborts what this tab has begun. */
  readonly signal?: AbortSignal | undefined;
  /** For the wait and for the refresh, each, in ms. Default 10,000. */
  readonly timeoutMs?: number | undefined;
};

/**
 * Resolves with a fresh value: the stored one, or the one that this tab or another has got meanwhile.
 *
 * Rejects with what `refresh` throws; with a `RefreshFailedError` in the tabs that have waited for it; with the reason
 * of `signal`; or with a `TimeoutError` (a DOMException) where the tab that refreshes does not end. A tab that crashes
 * lets the next one refresh at once. One that is frozen is waited for and never overtaken, since it may have sent the
 * token.
 */
export async function refreshOnce<Value>(options: RefreshOnceOptions<Value>): Promise<Value> {
  const { name, read, isFresh, refresh, signal, timeoutMs = 10_000 } = options;
  const lock = `lockstep-refresh ${name}`;
  const began = Date.now();

  async function fresh(): Promise<Value | undefined> {
    const value = await read();
    return value !== null && value !== undefined && isFresh(value) ? value : undefined;
  }

  /** What another tab has refreshed is read until its successor is there. Without a value nothing can be used twice. */
  async function caughtUp(signal: AbortSignal): Promise<string | undefined> {
    // Without locks, on plain http, there are no hashes either.
    if (!navigator.locks) return undefined;
    const spent = await readSpent(lock);
    const began = performance.now();
    for (;;) {
      const value = await read();
      if (value === null || value === undefined) return undefined;
      const hash = await hashOf(value);
      if (hash !== spent || performance.now() - began > catchUpMs) return hash;
      await new Promise((resolve) => setTimeout(resolve, retryMs));
      signal.throwIfAborted();
    }
  }

  async function refreshHere(ending: AbortSignal): Promise<Value> {
    const before = await caughtUp(ending);
    const found = await fresh();
    if (found !== undefined) return found;
    const failedAt = lastFailure(lock);
    // What is noted for later than now was noted before the clock was set back.
    if (failedAt >= began && failedAt <= Date.now()) throw new RefreshFailedError();
    try {
      const value = await refresh({ signal: ending });
      // A provider may give the same again.
      if (before && (await hashOf(await read())) !== before) await writeSpent(lock, before);
      return value;
    } catch (error) {
      noteFailure(lock);
      throw error;
    }
  }

  const stored = await fresh();
  if (stored !== undefined) return stored;
  const { locks } = navigator;
  // Only the wait ends by this signal: a lock that has been given is not taken away.
  const waiting = limit(timeoutMs, signal);
  try {
    const request = { signal: waiting.signal };
    const held = () => {
      waiting.clear();
      return within(timeoutMs, signal, refreshHere);
    };
    return locks ? await locks.request(lock, request, held) : await withLease(lock, held, waiting.signal, timeoutMs);
  } finally {
    waiting.clear();
  }
}

/** Another tab has tried in the place of this one, and knows why it failed. */
export class RefreshFailedError extends Error {
  override readonly name = 'RefreshFailedError';
  constructor() {
    super('Another tab could not refresh. It knows the cause; try again later.');
  }
}

/** A signal that is aborted when the time is over, or with another. */
function limit(timeoutMs: number, outer: AbortSignal | undefined) {
  const life = new AbortController();
  const stop = () => life.abort(outer?.reason);
  const timer = setTimeout(() => life.abort(new DOMException('It takes too long.', 'TimeoutError')), timeoutMs);
  outer?.addEventListener('abort', stop);
  if (outer?.aborted) stop();
  return {
    signal: life.signal,
    clear() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', stop);
    },
  };
}

/** A function that ignores its signal holds nobody longer. */
async function within<Result>(
  timeoutMs: number,
  outer: AbortSignal | undefined,
  act: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { signal, clear } = limit(timeoutMs, outer);
  const ended = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  try {
    return await Promise.race([act(signal), ended]);
  } finally {
    clear();
  }
}

/** When a tab last failed, in epoch ms: whoever waited for it by then need not ask again. 0 where none is known. */
function lastFailure(name: string): number {
  try {
    return Number(localStorage.getItem(`${name} failed`));
  } catch {
    return 0;
  }
}

function noteFailure(name: string): void {
  try {
    localStorage.setItem(`${name} failed`, `${Date.now()}`);
  } catch {}
}
