// What an app sees: snapshots, listeners, `ready`, and the end.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LockstepError } from '../../../js-glue/client/index.js';
import { changed, openPage, outcome, type Page, place, record, settled, signedIn, signedOut } from './page.js';

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
  const events = record(session);
  const before = session.getSnapshot();
  page.hub.send(changed(signedIn, { session: '4.w', events: [{ type: 'idle-resume' }] }));
  await settled();
  expect(session.getSnapshot()).toBe(before);
  expect(events).toEqual([{ type: 'idle-resume', status: 'signed-in' }]);

  page.hub.send(changed({ ...signedIn, claims: { name: 'Grace' } }));
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
  const events = record(session);
  page.hub.send(
    changed(
      { ...signedIn, scope: 'alone' },
      {
        events: [
          { type: 'logout', reason: 'expired' },
          { type: 'forecast' },
          { type: 'login' },
          { type: 'scope', scope: 'alone', from: 'shared' },
        ],
      },
    ),
  );
  await settled();
  expect(events).toEqual([
    'signed-in',
    { type: 'logout', reason: 'expired', status: 'signed-in' },
    { type: 'login', status: 'signed-in' },
    { type: 'scope', scope: 'alone', from: 'shared', status: 'signed-in' },
  ]);
});

test('the client derives no event of its own from two snapshots', async () => {
  const session = page.connect();
  await page.welcome();
  const events = record(session);
  page.hub.send(changed(signedIn));
  page.hub.send(changed(signedOut));
  await settled();
  expect(events).toEqual(['signed-in', 'signed-out']);
});

test('an event of a type that no client knows reaches nobody, and the others of its message count', async () => {
  const session = page.connect();
  await page.welcome();
  const events = record(session);
  page.hub.send(changed(signedOut, { events: [{ type: 'tenant-change', to: 't-2' }, { type: 'login' }] }));
  await settled();
  expect(events).toEqual([{ type: 'login', status: 'signed-out' }]);
});

test('a snapshot of a signed-in user without a subject is no message', async () => {
  const session = page.connect();
  await page.welcome();
  page.hub.send(changed({ ...signedIn, subject: undefined }));
  page.hub.send(changed({ ...signedIn, subject: 42 }));
  await settled();
  expect(session.getSnapshot().status).toBe('signed-out');
});

test('the server snapshot is constant, whatever the hub says', async () => {
  const session = page.connect();
  await page.welcome({ snapshot: signedIn });
  expect(session.getServerSnapshot()).toEqual({
    status: 'connecting',
    scope: 'alone',
    medium: 'memory',
    upgrade: 'none',
  });
  expect(session.getServerSnapshot()).toBe(page.connect().getServerSnapshot());
});

test('an error notice is an error event and changes nothing', async () => {
  const session = page.connect();
  await page.welcome();
  const events = record(session);
  page.hub.send({ type: 'error-notice', error: { code: 'storage-failed', message: 'Not stored.' } });
  await settled();
  expect(events).toEqual([{ type: 'error', code: 'storage-failed' }]);
});

test('listeners are called after the state is set, work without this, and leave by their function', async () => {
  const { subscribe, getSnapshot } = page.connect();
  const calls: unknown[] = [];
  const same = (snapshot: unknown) => calls.push(snapshot === getSnapshot());
  const leave = subscribe(same);
  subscribe(same);
  await page.welcome();
  expect(calls).toEqual([true, true]);
  leave();
  leave();
  page.hub.send(changed(signedIn));
  await settled();
  expect(calls).toEqual([true, true, true]);
});

test('listeners may come and go while one is called', async () => {
  const session = page.connect();
  const calls: string[] = [];
  const leaveFirst = session.subscribe(() => {
    calls.push('first');
    leaveFirst();
    leaveSecond();
    session.subscribe(() => calls.push('late'));
  });
  const leaveSecond = session.subscribe(() => calls.push('second'));
  session.subscribe(() => calls.push('third'));
  await page.welcome();
  expect(calls.slice(0, 2)).toEqual(['first', 'third']);
  calls.length = 0;
  page.hub.send(changed(signedIn));
  await settled();
  expect(calls).toEqual(['third', 'late']);
});

test('a session that is closed by a listener receives nothing more', async () => {
  const session = page.connect();
  const other = page.connect();
  const calls: string[] = [];
  session.subscribe(() => session.close());
  session.subscribe(() => calls.push('closed one'));
  session.on('login', () => calls.push('closed one'));
  other.subscribe(() => calls.push('other'));
  await page.welcome({ snapshot: signedIn, events: [{ type: 'login' }] });
  expect(calls).toEqual(['other']);
});

test('a listener that throws does not keep the others from being called, and its error is reported', async () => {
  const session = page.connect();
  const other = page.connect();
  const reported: unknown[] = [];
  // Node lacks it; a browser passes it to `window.onerror`.
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
  const fault = new Error('of the app');
  const calls: string[] = [];
  session.subscribe(() => {
    throw fault;
  });
  session.subscribe(({ status }) => calls.push(status));
  other.subscribe(({ status }) => calls.push(status));
  await page.welcome();
  expect({ calls, reported }).toEqual({ calls: ['signed-out', 'signed-out'], reported: [fault] });
});

test('ready gives the first snapshot that the hub confirms', async () => {
  const session = page.connect();
  await page.welcome({ snapshot: signedIn });
  page.hub.send(changed(signedOut));
  await settled();
  expect((await session.ready).status).toBe('signed-in');
});

test('ready rejects when the hub says that it is unavailable', async () => {
  const session = page.connect();
  const events = record(session);
  const error = { code: 'hub-outdated', message: 'Reload.' };
  await page.welcome({ snapshot: { status: 'unavailable', ...place, error } });
  const refused = await session.ready.catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(LockstepError);
  expect(refused).toMatchObject(error);
  expect(session.getSnapshot().error).toBe(refused);
  expect(Object.isFrozen(session.getSnapshot())).toBe(true);
  expect(events).toEqual(['unavailable', { type: 'error', code: 'hub-outdated' }]);
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
  const events = record(session);
  const pending = outcome(session.logout());
  session.close();
  await settled();
  page.hub.send(changed(signedOut));
  await settled();
  expect(page.frames()).toEqual([]);
  expect(page.listeners()).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  expect(page.hub.received.at(-1)).toEqual({ type: 'goodbye' });
  expect(session.getSnapshot()).toBe(last);
  expect(events).toEqual([]);
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
  const events = record(session);
  if (when === 'diagnosing') {
    await vi.advanceTimersByTimeAsync(10_000);
    await vi.dynamicImportSettled();
  }
  if (when === 'unavailable') page.violate({});
  expect(fetched).toHaveBeenCalledTimes(when === 'diagnosing' ? 1 : 0);
  const before = [...events];
  session.close();
  await settled();
  expect([page.frames().length, page.listeners(), vi.getTimerCount()]).toEqual([0, [], 0]);
  await vi.advanceTimersByTimeAsync(200_000);
  expect([page.framesMade(), events]).toEqual([1, before]);
});
