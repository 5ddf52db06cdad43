// What a tab does alone, and where the browser has no locks. Real tabs, locks and a provider are in
// tests/e2e/refresh-once.spec.ts.

import { beforeEach, expect, test, vi } from 'vitest';
import { RefreshFailedError, refreshOnce } from '../../../js-glue/refresh-once/index.js';
import { bundled } from '../package/bundled.js';

type Token = { readonly text: string };

let stored: Token | undefined;
const refresh = vi.fn<(call: { readonly signal: AbortSignal }) => Promise<Token>>();
const options = {
  name: 'portal',
  read: () => stored,
  isFresh: ({ text }: Token) => text !== 'old',
  refresh,
};

beforeEach(() => {
  const values = new Map<string, string>();
  // As a page on plain http: no locks, and the tabs are the calls of one test.
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => values.set(name, value),
    removeItem: (name: string) => values.delete(name),
  });
  vi.useFakeTimers();
  vi.resetAllMocks();
  stored = { text: 'old' };
  return () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  };
});

function refreshesTo(text: string): void {
  refresh.mockImplementation(async () => {
    stored = { text };
    return stored;
  });
}

test('what is fresh is given at once', async () => {
  stored = { text: 'new' };
  expect(await refreshOnce(options)).toBe(stored);
  expect(refresh).not.toHaveBeenCalled();
});

test('without locks twenty tabs refresh once', async () => {
  refreshesTo('new');
  const all = Promise.all(Array.from({ length: 20 }, () => refreshOnce(options)));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(new Set(await all)).toEqual(new Set([{ text: 'new' }]));
  expect(refresh).toHaveBeenCalledOnce();
});

/** Another tab holds the lease, from and until so many ms from now. */
function lend(from: number, until: number): void {
  localStorage.setItem('lockstep-refresh portal lease', `another ${Date.now() + from} ${Date.now() + until}`);
}

test('without locks a lease that nobody gives back ends with its time', async () => {
  lend(0, 3_000);
  refreshesTo('new');
  const refreshed = refreshOnce(options);
  await vi.advanceTimersByTimeAsync(2_900);
  expect(refresh).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(500);
  expect(await refreshed).toEqual({ text: 'new' });
});

test('what fails is thrown to who has tried; whoever waited does not try again, and the next one does', async () => {
  refresh.mockRejectedValueOnce(new Error('invalid_grant'));
  const outcomes = Promise.allSettled([refreshOnce(options), refreshOnce(options)]);
  await vi.advanceTimersByTimeAsync(2_000);
  const reasons = (await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason);
  expect(reasons).toContainEqual(new Error('invalid_grant'));
  expect(reasons).toContainEqual(new RefreshFailedError());
  expect(refresh).toHaveBeenCalledOnce();
  refreshesTo('new');
  const next = refreshOnce(options);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await next).toEqual({ text: 'new' });
});

test.each([
  ['a lease', () => lend(3_600_000, 3_610_000)],
  ['a failure', () => localStorage.setItem('lockstep-refresh portal failed', `${Date.now() + 3_600_000}`)],
])('%s from before the clock was set back holds nobody up', async (_, note) => {
  note();
  refreshesTo('new');
  const refreshed = refreshOnce(options);
  await vi.advanceTimersByTimeAsync(500);
  expect(refresh).toHaveBeenCalledOnce();
  expect(await refreshed).toEqual({ text: 'new' });
});

test('a refresh that takes too long is aborted, and its lease is given back', async () => {
  let given: AbortSignal | undefined;
  refresh.mockImplementation(({ signal }) => {
    given = signal;
    return new Promise(() => {});
  });
  const outcome = refreshOnce({ ...options, timeoutMs: 1_000 }).catch(({ name }) => name);
  await vi.advanceTimersByTimeAsync(1_200);
  expect(await outcome).toBe('TimeoutError');
  expect(given?.aborted).toBe(true);
  expect(localStorage.getItem('lockstep-refresh portal lease')).toBeNull();
});

test('the caller may end the wait', async () => {
  lend(0, 9_000);
  const life = new AbortController();
  const outcome = refreshOnce({ ...options, signal: life.signal }).catch((reason) => reason);
  life.abort('enough');
  await vi.advanceTimersByTimeAsync(500);
  expect(await outcome).toBe('enough');
  expect(refresh).not.toHaveBeenCalled();
});

test('its size is a promise', async () => {
  vi.useRealTimers();
  const { bytes, imported } = await bundled("export * from './js-glue/refresh-once/index.ts'");
  console.log(`refresh-once: ${bytes} bytes gzip`);
  expect(bytes).toBeLessThanOrEqual(1_350);
  expect(imported).toEqual([]);
});
