// What a tab waits for that still reads a used value, with a lock and a store made by hand. Real ones are in
// tests/e2e/refresh-once.spec.ts.

import { beforeEach, expect, test, vi } from 'vitest';
import { refreshOnce } from '../../../js-glue/refresh-once/index.js';

const spent = vi.hoisted(() => new Map<string, string>());
vi.mock('../../../js-glue/refresh-once/spent.js', () => ({
  hashOf: async (value: unknown) => JSON.stringify(value),
  readSpent: async (name: string) => spent.get(name),
  writeSpent: async (name: string, hash: string) => void spent.set(name, hash),
}));

let stored: string | null | undefined;
const refresh = vi.fn<() => Promise<string>>();
const options = { name: 'portal', read: () => stored, isFresh: (value: string) => value.startsWith('fresh'), refresh };

beforeEach(() => {
  spent.clear();
  vi.stubGlobal('navigator', { locks: { request: (_: string, __: object, held: () => unknown) => held() } });
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {} });
  vi.useFakeTimers();
  vi.resetAllMocks();
  refresh.mockImplementation(async () => {
    stored = `fresh ${refresh.mock.calls.length}`;
    return stored;
  });
  return () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  };
});

/** What a refresh gives within so many ms; undefined where it still waits. */
async function refreshed(ms: number): Promise<string | undefined> {
  let given: string | undefined;
  refreshOnce(options).then((value) => {
    given = value;
  });
  await vi.advanceTimersByTimeAsync(ms);
  return given;
}

test.each([null, undefined])('%s is refreshed at once, however often it comes back', async (nothing) => {
  for (const value of ['fresh 1', 'fresh 2', 'fresh 3']) {
    stored = nothing;
    expect(await refreshed(0)).toBe(value);
  }
  expect(spent.size).toBe(0);
});

test('a value that comes back for good is waited with for a second, and refreshed again', async () => {
  stored = 'old';
  expect(await refreshed(0)).toBe('fresh 1');
  stored = 'old';
  expect(await refreshed(900)).toBeUndefined();
  expect(refresh).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(200);
  expect([refresh.mock.calls.length, stored]).toEqual([2, 'fresh 2']);
});

test('a tab that still reads the used value gets its successor, and refreshes nothing', async () => {
  stored = 'old';
  await refreshed(0);
  stored = 'old';
  expect(await refreshed(300)).toBeUndefined();
  stored = 'fresh 1';
  await vi.advanceTimersByTimeAsync(20);
  expect(refresh).toHaveBeenCalledOnce();
});
