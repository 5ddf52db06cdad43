// A session driven by hand behaves as the real one does, as far as one document goes.

import { afterEach, expect, test, vi } from 'vitest';
import type { LockstepError, SessionEvents } from '../../../js-glue/client/index.js';
import { eventTypes } from '../../../js-glue/inspector/members.js';
import { createTestSession, type TestSession } from '../../../js-glue/testing/index.js';

afterEach(() => vi.restoreAllMocks());

const codeOf = (promise: Promise<unknown>) => promise.then(() => 'done').catch((error: LockstepError) => error.code);

/** All that the session says from now on, in order. */
function recorded(session: TestSession): readonly unknown[] {
  const said: unknown[] = [];
  session.subscribe(({ status }) => said.push(status));
  for (const type of eventTypes) {
    session.on(type, (event: SessionEvents[typeof type]) => {
      const { snapshot, error, ...members } = event as { snapshot?: unknown; error?: LockstepError };
      expect(snapshot ?? session.getSnapshot()).toBe(session.getSnapshot());
      said.push({ type, ...members, ...(error && { code: error.code }) });
    });
  }
  return said;
}

test('K5.15: a component needs no hub, no frame and no network to be tested', async () => {
  const session = createTestSession();
  expect(session.getSnapshot()).toMatchObject({ status: 'signed-out', reason: 'never', scope: 'shared' });
  expect(await session.ready).toBe(session.getSnapshot());
  expect(session.getServerSnapshot().status).toBe('connecting');
  expect(Object.isFrozen(session.getSnapshot())).toBe(true);
});

test('begins as the test says', async () => {
  const connecting = createTestSession(createTestSession().getServerSnapshot());
  expect(connecting.getSnapshot()).toBe(connecting.getServerSnapshot());
  connecting.signIn({ subject: 'grace', claims: { name: 'Grace' } });
  expect(await connecting.ready).toMatchObject({ status: 'signed-in', subject: 'grace', scope: 'shared' });
});

test('what happens in other tabs: the change comes before its event', () => {
  const session = createTestSession();
  const said = recorded(session);
  session.signIn('ada');
  session.signIn('ada');
  session.signIn('grace');
  session.signOut('logout', 'https://billing.acme.com');
  session.signOut('expired');
  expect(said).toEqual([
    'signed-in',
    { type: 'login' },
    'signed-in',
    'signed-in',
    { type: 'user-change', from: 'ada' },
    'signed-out',
    { type: 'logout', reason: 'logout', endedBy: 'https://billing.acme.com' },
    'signed-out',
  ]);
});

test('what the app does itself is its own, and is noted', async () => {
  const session = createTestSession();
  const said = recorded(session);
  session.beginLogin();
  await session.login({ subject: 'ada', expiresIn: 60, claims: { name: 'Ada' } });
  expect(session.getSnapshot()).toMatchObject({ subject: 'ada', claims: { name: 'Ada' } });
  expect(session.getSnapshot().expiresAt).toBeGreaterThan(Date.now());
  await session.logout();
  expect(said).toEqual([
    'signed-in',
    { type: 'login', own: true },
    'signed-out',
    { type: 'logout', reason: 'logout', own: true },
  ]);
  expect(session.calls).toEqual([
    { type: 'beginLogin' },
    { type: 'login', login: { subject: 'ada', expiresIn: 60, claims: { name: 'Ada' } } },
    { type: 'logout' },
  ]);
});

test('a login is checked as the real one is', async () => {
  const session = createTestSession();
  expect(await codeOf(session.login({ subject: '' }))).toBe('invalid-argument');
  expect(session.getSnapshot().status).toBe('signed-out');
});

test('the warning of the idle end, and its end', () => {
  const session = createTestSession();
  expect(() => session.warnIdle()).toThrow('signIn');
  session.signIn();
  const said = recorded(session);
  session.warnIdle(1_000);
  expect(session.getSnapshot()).toMatchObject({ idleAt: 1_000, idleWarning: true });
  session.touch();
  expect(session.getSnapshot().idleWarning).toBeUndefined();
  session.touch();
  expect(said).toEqual(['signed-in', { type: 'idle-warning', idleAt: 1_000 }, 'signed-in', { type: 'idle-resume' }]);
});

test('a hub that cannot be reached, and is back', async () => {
  const session = createTestSession();
  const said = recorded(session);
  session.fail('frame-blocked');
  expect(session.getSnapshot()).toMatchObject({ status: 'unavailable', scope: 'alone' });
  expect(await codeOf(session.check())).toBe('frame-blocked');
  session.reconnect();
  session.signIn();
  expect(session.getSnapshot().scope).toBe('shared');
  expect(said).toEqual([
    'unavailable',
    { type: 'error', code: 'frame-blocked' },
    'connecting',
    'signed-in',
    { type: 'login' },
  ]);
});

test('ready rejects where the hub cannot be reached first', async () => {
  const session = createTestSession(createTestSession().getServerSnapshot());
  session.fail();
  expect(await codeOf(session.ready)).toBe('timeout');
});

test('a check says the truth, or what the test wants', async () => {
  const session = createTestSession();
  expect(await session.check()).toBe('inactive');
  session.signIn();
  expect(await session.check()).toBe('active');
  session.answerChecks('unknown');
  expect([await session.check(), session.getSnapshot().status]).toEqual(['unknown', 'signed-in']);
  session.answerChecks('inactive');
  expect([await session.check(), session.getSnapshot().reason]).toEqual(['inactive', 'revoked']);
});

test('a call is refused once', async () => {
  const session = createTestSession();
  session.refuse('login', 'session-ended');
  expect(await codeOf(session.login({ subject: 'ada' }))).toBe('session-ended');
  expect(await codeOf(session.login({ subject: 'ada' }))).toBe('done');
});

test('scope, and who is allowed', async () => {
  const session = createTestSession();
  const said = recorded(session);
  session.setScope('partitioned');
  session.setScope('partitioned');
  expect(said.slice(0, 2)).toEqual(['signed-out', { type: 'scope', scope: 'partitioned', from: 'shared' }]);
  expect(await session.requestScope({ element: {} as HTMLElement })).toBe('partitioned');
  expect(await session.allows('https://portal.acme.com')).toBe(true);
  session.refuse('allows', 'forbidden');
  expect(await session.allows('https://evil.com')).toBe(false);
});

test('a listener that throws, or removes another, does the others no harm', () => {
  const reported = vi.fn();
  vi.stubGlobal('reportError', reported);
  const session = createTestSession();
  const heard: string[] = [];
  session.subscribe(() => {
    remove();
    throw new Error('mine');
  });
  const remove = session.subscribe(() => heard.push('removed'));
  session.subscribe(() => heard.push('last'));
  session.signIn();
  expect(heard).toEqual(['last']);
  expect(reported).toHaveBeenCalledOnce();
});

test('after close nothing is said, and everything rejects', async () => {
  const session = createTestSession();
  const said = recorded(session);
  session.close();
  session.close();
  session.signIn();
  session.touch();
  expect(said).toEqual([]);
  expect(session.getSnapshot().status).toBe('signed-out');
  expect(await codeOf(session.logout())).toBe('closed');
  expect(await codeOf(session.login({ subject: 'ada' }))).toBe('closed');
  expect(await codeOf(createClosed().ready)).toBe('closed');
});

function createClosed(): TestSession {
  const session = createTestSession(createTestSession().getServerSnapshot());
  session.close();
  return session;
}
