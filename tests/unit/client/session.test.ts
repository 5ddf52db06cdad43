// What an app sees: snapshots, listeners, `ready`, and the end.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LockstepError } from '../../../js-glue/client/index.js';
import { changed, hubUrl, openPage, outcome, type Page, place, settled, signedIn, signedOut, story } from './page.js';

let page: Page;
beforeEach(() => {
  page = openPage();
});
afterEach(() => page.close());

test('the snapshot is the same object until something changes', async () => {
  const session = page.connect();
  expect(session.getSnapshot()).toEqual({ status: 'connecting', scope: 'alone', medium: 'memory', upgrade: 'none' });
  expect(session.getSnapshot()).toBe(session.getSnapshot());
  await page.welcome({ snapshot: signedIn });
  const told = story(session);
  const before = session.getSnapshot();
  page.hub.say(changed(signedIn, { session: '4.w', events: [{ type: 'idle-resume' }] }));
  await settled();
  expect(session.getSnapshot()).toBe(before);
  expect(told).toEqual([{ type: 'idle-resume', status: 'signed-in' }]);

  page.hub.say(changed({ ...signedIn, claims: { name: 'Grace' } }));
  await settled();
  expect(session.getSnapshot()).not.toBe(before);
  expect(before.claims).toEqual({ name: 'Ada' });
});

test('snapshots are frozen to the bottom', async () => {
  const session = page.connect();
  expect(Object.isFrozen(session.getSnapshot())).toBe(true);
  await page.welcome({ snapshot: { ...signedIn, claims: { roles: ['admin', { of: {} }] } } });
  const frozen = (value: unknown): boolean =>
    typeof value !== 'object' || (Object.isFrozen(value) && Object.values(Object(value)).every(frozen));
  expect(frozen(session.getSnapshot())).toBe(true);
});

test('events come in the order of the hub, after the snapshot, and unknown ones are ignored', async () => {
  const session = page.connect();
  await page.welcome();
  const told = story(session);
  page.hub.say(
    changed(
      { ...signedIn, scope: 'alone' },
      {
        events: [
          { type: 'logout', reason: 'expired' },
          { type: 'weather' },
          { type: 'login' },
          { type: 'scope', scope: 'alone', from: 'shared' },
        ],
      },
    ),
  );
  await settled();
  expect(told).toEqual([
    'signed-in',
    { type: 'logout', reason: 'expired', status: 'signed-in' },
    { type: 'login', status: 'signed-in' },
    { type: 'scope', scope: 'alone', from: 'shared', status: 'signed-in' },
  ]);
});

test('the client derives no event of its own from two snapshots', async () => {
  const session = page.connect();
  await page.welcome();
  const told = story(session);
  page.hub.say(changed(signedIn));
  page.hub.say(changed(signedOut));
  await settled();
  expect(told).toEqual(['signed-in', 'signed-out']);
});

test('a notice is an error event and changes nothing', async () => {
  const session = page.connect();
  await page.welcome();
  const told = story(session);
  page.hub.say({ type: 'error-notice', error: { code: 'storage-failed', message: 'Not stored.' } });
  await settled();
  expect(told).toEqual([{ type: 'error', code: 'storage-failed' }]);
});

test('listeners are called after the state is set, work without this, and leave by their function', async () => {
  const { subscribe, getSnapshot } = page.connect();
  const heard: unknown[] = [];
  const same = (snapshot: unknown) => heard.push(snapshot === getSnapshot());
  const leave = subscribe(same);
  subscribe(same);
  await page.welcome();
  expect(heard).toEqual([true, true]);
  leave();
  leave();
  page.hub.say(changed(signedIn));
  await settled();
  expect(heard).toEqual([true, true, true]);
});

test('listeners may come and go while one is called', async () => {
  const session = page.connect();
  const heard: string[] = [];
  const leaveFirst = session.subscribe(() => {
    heard.push('first');
    leaveFirst();
    leaveSecond();
    session.subscribe(() => heard.push('late'));
  });
  const leaveSecond = session.subscribe(() => heard.push('second'));
  session.subscribe(() => heard.push('third'));
  await page.welcome();
  expect(heard.slice(0, 2)).toEqual(['first', 'third']);
  heard.length = 0;
  page.hub.say(changed(signedIn));
  await settled();
  expect(heard).toEqual(['third', 'late']);
});

test('a session that is closed by a listener hears nothing more', async () => {
  const session = page.connect();
  const other = page.connect();
  const heard: string[] = [];
  session.subscribe(() => session.close());
  session.subscribe(() => heard.push('closed one'));
  session.on('login', () => heard.push('closed one'));
  other.subscribe(() => heard.push('other'));
  await page.welcome({ snapshot: signedIn, events: [{ type: 'login' }] });
  expect(heard).toEqual(['other']);
});

test('a listener that throws does not keep the others from hearing, and its error is reported', async () => {
  const session = page.connect();
  const other = page.connect();
  const reported: unknown[] = [];
  // Node lacks it; a browser tells it to `window.onerror`.
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
  const fault = new Error('of the app');
  const heard: string[] = [];
  session.subscribe(() => {
    throw fault;
  });
  session.subscribe(({ status }) => heard.push(status));
  other.subscribe(({ status }) => heard.push(status));
  await page.welcome();
  expect({ heard, reported }).toEqual({ heard: ['signed-out', 'signed-out'], reported: [fault] });
});

test('ready gives the first snapshot that the hub confirms', async () => {
  const session = page.connect();
  await page.welcome({ snapshot: signedIn });
  page.hub.say(changed(signedOut));
  await settled();
  expect((await session.ready).status).toBe('signed-in');
});

test('ready rejects when the hub says that it is unavailable', async () => {
  const session = page.connect();
  const told = story(session);
  const error = { code: 'hub-outdated', message: 'Reload.' };
  await page.welcome({ snapshot: { status: 'unavailable', ...place, error } });
  const refused = await session.ready.catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(LockstepError);
  expect(refused).toMatchObject(error);
  expect(session.getSnapshot().error).toBe(refused);
  expect(Object.isFrozen(session.getSnapshot())).toBe(true);
  expect(told).toEqual(['unavailable', { type: 'error', code: 'hub-outdated' }]);
});

test('ready rejects with closed when the session is closed first, and bothers nobody who does not wait', async () => {
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  const session = page.connect();
  session.close();
  await settled();
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
  expect(await outcome(session.ready)).toBe('closed');
});

test('after close nothing is left: no frame, no timer, no listener; the last snapshot stays', async () => {
  const session = page.connect();
  await page.welcome({ snapshot: signedIn });
  expect(page.listeners()).not.toEqual([]);
  const last = session.getSnapshot();
  const told = story(session);
  const pending = outcome(session.logout());
  session.close();
  await settled();
  page.hub.say(changed(signedOut));
  await settled();
  expect(page.frames()).toEqual([]);
  expect(page.listeners()).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  expect(page.hub.heard.at(-1)).toEqual({ type: 'goodbye' });
  expect(session.getSnapshot()).toBe(last);
  expect(told).toEqual([]);
  expect(await Promise.all([pending, outcome(session.logout()), outcome(session.login({ subject: 'u' }))])).toEqual([
    'closed',
    'closed',
    'closed',
  ]);
});

test.each(['connecting', 'diagnosing', 'unavailable'])('close while %s leaves nothing either', async (when) => {
  const fetched = vi.fn(
    (_: string, { signal }: RequestInit) => new Promise((_, reject) => signal?.addEventListener('abort', reject)),
  );
  vi.stubGlobal('fetch', fetched);
  const session = page.connect();
  const told = story(session);
  if (when === 'diagnosing') {
    await vi.advanceTimersByTimeAsync(10_000);
    await vi.dynamicImportSettled();
  }
  if (when === 'unavailable') page.violate({});
  expect(fetched).toHaveBeenCalledTimes(when === 'diagnosing' ? 1 : 0);
  const before = [...told];
  session.close();
  await settled();
  expect([page.frames().length, page.listeners(), vi.getTimerCount()]).toEqual([0, [], 0]);
  await vi.advanceTimersByTimeAsync(200_000);
  expect([page.framesMade(), told]).toEqual([1, before]);
});
