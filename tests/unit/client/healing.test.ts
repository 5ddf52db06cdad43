// A hub that does not answer, or says goodbye: the attempts that follow, and the healing.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answers, diagnosed, refuses } from './diagnosed.js';
import { openPage, outcome, type Page, place, record, settled, signedIn } from './page.js';

let page: Page;
beforeEach(() => {
  page = openPage();
  vi.spyOn(Math, 'random').mockReturnValue(1);
});
afterEach(async () => {
  await page.close();
  vi.restoreAllMocks();
});

test.each(['wasm-refused', 'version', 'replaced'])(
  'a hub that says goodbye (%s) is unavailable for that reason',
  async (code) => {
    const session = page.connect();
    page.load();
    page.hub.send({ type: 'goodbye', error: { code, message: 'Why.' } });
    await settled();
    expect(session.getSnapshot()).toMatchObject({ status: 'unavailable', error: { code, message: 'Why.' } });
  },
);

test('a hub of another protocol version is unavailable for that reason, whatever else it says', async () => {
  const session = page.connect();
  await page.welcome({ lockstep: 2, snapshot: { state: 'of the future' } });
  expect(session.getSnapshot().error?.code).toBe('version');
});

test('nothing counts before the welcome, and there is no second welcome', async () => {
  const session = page.connect();
  page.load();
  page.hub.send({ type: 'changed', snapshot: signedIn, events: [] });
  await settled();
  expect(session.getSnapshot().status).toBe('connecting');
  await page.welcome();
  page.hub.send({ type: 'welcome', lockstep: 1, capabilities: [], snapshot: signedIn, events: [] });
  await settled();
  expect(session.getSnapshot().status).toBe('signed-out');
});

test('a welcome that comes late heals, and nothing is left running', async () => {
  vi.stubGlobal('fetch', refuses);
  const session = page.connect();
  page.load();
  await vi.advanceTimersByTimeAsync(10_000);
  await diagnosed();
  const events = record(session);
  expect(session.getSnapshot().status).toBe('unavailable');
  page.hub.send({ type: 'welcome', lockstep: 1, capabilities: [], snapshot: signedIn, events: [{ type: 'login' }] });
  await settled();
  expect(events).toEqual(['signed-in', { type: 'login', status: 'signed-in' }]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a welcome while the reason is being looked for makes the reason moot', async () => {
  let answer: (response: Response) => void = () => {};
  vi.stubGlobal(
    'fetch',
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  const session = page.connect();
  await vi.advanceTimersByTimeAsync(10_000);
  await vi.dynamicImportSettled();
  await page.welcome();
  answer(await answers('', { status: 404 })());
  await settled();
  expect(session.getSnapshot().status).toBe('signed-out');
  expect(vi.getTimerCount()).toBe(0);
});

test('attempts go on, each with a new frame and after a longer wait, with one timer in all', async () => {
  vi.stubGlobal('fetch', refuses);
  const session = page.connect({ timeoutMs: 100 });
  const events = record(session);
  const waits: number[] = [];
  for (let attempt = 1; attempt <= 9; attempt++) {
    await vi.advanceTimersByTimeAsync(100);
    await diagnosed();
    expect([page.framesMade(), page.frames().length, vi.getTimerCount()]).toEqual([attempt, 1, 1]);
    const before = performance.now();
    await vi.advanceTimersToNextTimerAsync();
    waits.push(performance.now() - before);
  }
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  expect(events).toEqual(['unavailable', { type: 'error', code: 'hub-unreachable' }]);
});

test('jitter keeps the tabs apart: a wait is between a half and the whole', async () => {
  vi.stubGlobal('fetch', refuses);
  vi.spyOn(Math, 'random').mockReturnValue(0);
  page.connect({ timeoutMs: 100 });
  await vi.advanceTimersByTimeAsync(100);
  await diagnosed();
  const before = performance.now();
  await vi.advanceTimersToNextTimerAsync();
  expect(performance.now() - before).toBe(500);
});

test('a success makes the waits short again', async () => {
  const session = page.connect({ timeoutMs: 100 });
  for (let failure = 0; failure < 3; failure++) {
    page.violate({});
    await vi.advanceTimersToNextTimerAsync();
  }
  await page.welcome();
  expect(session.getSnapshot().status).toBe('signed-out');
  page.hub.send({ type: 'goodbye', error: { code: 'replaced', message: '' } });
  await settled();
  const before = performance.now();
  await vi.advanceTimersToNextTimerAsync();
  expect(performance.now() - before).toBe(1_000);
});

test.each<[string, (page: Page) => void]>([
  ['the network is back', ({ window }) => window.dispatchEvent(new Event('online'))],
  ['the page is seen', ({ document }) => document.dispatchEvent(new Event('visibilitychange'))],
  ['the page is thawed', ({ document }) => document.dispatchEvent(new Event('resume'))],
])('the next attempt is at once when %s, and only once', (_, happens) => {
  page.connect();
  page.violate({});
  happens(page);
  happens(page);
  expect([page.framesMade(), page.frames().length, vi.getTimerCount()]).toEqual([2, 1, 1]);
});

test.each([
  ['before the hub has answered', 0],
  ['while the reason is looked for', 10_000],
  ['while it waits for the next attempt', 15_000],
])('a page that went into the back/forward cache %s tries a new frame when it comes back', async (_, ms) => {
  vi.stubGlobal('fetch', () => new Promise(() => {}));
  const session = page.connect();
  const events = record(session);
  page.load();
  await vi.advanceTimersByTimeAsync(ms);
  const pageshow = (persisted: boolean) =>
    page.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }));
  pageshow(false);
  expect(page.framesMade()).toBe(1);
  pageshow(true);
  expect([page.framesMade(), page.frames().length]).toEqual([2, 1]);
  await page.welcome({ snapshot: signedIn });
  expect(events.at(-1)).toBe('signed-in');
});

test('while the hub answers there is no timer, and no event of the page makes a new frame', async () => {
  page.connect();
  await page.welcome();
  expect(vi.getTimerCount()).toBe(0);
  page.window.dispatchEvent(new Event('online'));
  page.document.dispatchEvent(new Event('visibilitychange'));
  page.window.dispatchEvent(new Event('pageshow'));
  await settled();
  expect(page.hub.received).toEqual([{ type: 'wake', id: 1 }]);
  page.hub.send({ type: 'reply', id: 1 });
  await settled();
  expect([page.framesMade(), vi.getTimerCount()]).toEqual([1, 0]);
});

test('a hub that reloads and does not answer again becomes unavailable, and not before', async () => {
  vi.stubGlobal('fetch', refuses);
  const session = page.connect();
  await page.welcome({ snapshot: signedIn });
  page.load();
  await vi.advanceTimersByTimeAsync(9_999);
  expect(session.getSnapshot().status).toBe('signed-in');
  await vi.advanceTimersByTimeAsync(1);
  await diagnosed();
  expect(session.getSnapshot()).toMatchObject({ status: 'unavailable', error: { code: 'hub-unreachable' } });
});

test('a session that joins an unavailable hub is so, too', async () => {
  page.connect();
  page.violate({});
  expect(await outcome(page.connect().ready)).toBe('frame-blocked');
});

test('a hub that is unavailable itself stays connected', async () => {
  const session = page.connect();
  await page.welcome({ snapshot: { status: 'unavailable', ...place, error: { code: 'hub-outdated', message: '' } } });
  expect([session.getSnapshot().status, vi.getTimerCount()]).toEqual(['unavailable', 0]);
  page.hub.send({ type: 'changed', snapshot: signedIn, events: [] });
  await settled();
  expect(session.getSnapshot().status).toBe('signed-in');
});
