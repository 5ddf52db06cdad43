// Logging in and out: what reaches the hub, when, and how each request ends.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ConnectOptions, connect, type Login } from '../../../js-glue/client/index.js';
import { changed, openPage, outcome, type Page, settled, signedIn } from './page.js';

let page: Page;
beforeEach(() => {
  page = openPage();
});
afterEach(() => page.close());

test('requests wait for the hub and are sent in order, whatever the order of the members', async () => {
  const session = page.connect();
  const ends = [
    session.login({ expiresAt: 1764000000000.9, claims: { name: 'Ada' }, sessionId: 'sid-7', subject: 'u-42' }),
    session.logout(),
  ].map(outcome);
  await page.welcome({ session: '3.w' });
  expect(page.hub.texts).toEqual([
    '{"type":"login","id":1,"subject":"u-42","sessionId":"sid-7","expiresAt":1764000000000,"claims":{"name":"Ada"}}',
    '{"type":"logout","id":2}',
  ]);
  page.hub.send({ type: 'reply', id: 2, error: { code: 'forbidden', message: 'This app may not.' } });
  page.hub.send({ type: 'reply', id: 1 });
  expect(await Promise.all(ends)).toEqual(['done', 'forbidden']);
  expect(vi.getTimerCount()).toBe(0);
});

test('what waited for the hub is sent before what a listener asks when the hub comes', async () => {
  const session = page.connect();
  session.login({ subject: 'u-42' }).catch(() => {});
  session.subscribe(() => session.logout().catch(() => {}));
  await page.welcome({ session: '3.w' });
  await settled();
  expect(page.hub.received).toMatchObject([
    { type: 'login', id: 1 },
    { type: 'logout', id: 2 },
  ]);
});

test('a logout names the session that the app was shown (R2)', async () => {
  const session = page.connect();
  await page.welcome({ session: '3.w', snapshot: signedIn });
  session.logout().catch(() => {});
  page.hub.send(changed({ ...signedIn, subject: 'u-43' }, { session: '4.w' }));
  await settled();
  session.logout().catch(() => {});
  await settled();
  expect(page.hub.received).toMatchObject([{ session: '3.w' }, { session: '4.w' }]);
});

test('a request the hub does not reply to times out, and the hub is taken for dead', async () => {
  const session = page.connect();
  await page.welcome({ snapshot: signedIn });
  const end = outcome(session.logout());
  await vi.advanceTimersByTimeAsync(9_999);
  expect(page.framesMade()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await end).toBe('timeout');
  expect([page.framesMade(), page.frames().length]).toEqual([2, 1]);
  expect(session.getSnapshot().status).toBe('connecting');
});

test('what a hub was asked that reloads before its reply is rejected, and not asked again', async () => {
  const session = page.connect();
  await page.welcome();
  const end = outcome(session.login({ subject: 'u-42' }));
  await settled();
  page.load();
  expect(await end).toBe('timeout');
  page.hub.send({ ...changed(signedIn), type: 'welcome', lockstep: 1 });
  await settled();
  expect(page.hub.received).toHaveLength(1);
});

test('requests that wait are rejected when the hub turns out unavailable, later ones at once', async () => {
  const session = page.connect();
  const waiting = outcome(session.logout());
  page.violate({});
  expect(await waiting).toBe('frame-blocked');
  expect(await outcome(session.login({ subject: 'u' }))).toBe('frame-blocked');
  await page.welcome();
  expect(page.hub.received).toEqual([]);
  session.logout().catch(() => {});
  await settled();
  expect(page.hub.received).toMatchObject([{ type: 'logout' }]);
});

test('a listener may make a request while it is called', async () => {
  const session = page.connect();
  session.on('login', () => session.logout().catch(() => {}));
  session.logout().catch(() => {});
  await page.welcome({ session: '5.w', snapshot: signedIn, events: [{ type: 'login' }] });
  expect(page.hub.texts).toEqual(['{"type":"logout","id":1}', '{"type":"logout","id":2,"session":"5.w"}']);
});

const long = 'x'.repeat(8_192);
test.each<[string, Login]>([
  ['claims', { subject: 'u', claims: { text: long } }],
  ['a subject', { subject: long }],
  ['a session id', { subject: 'u', sessionId: long }],
])('%s larger than any message is refused here, since the hub could not say so', async (_, login) => {
  const session = page.connect();
  await page.welcome();
  await expect(session.login(login)).rejects.toMatchObject({
    code: 'invalid-argument',
    message: 'login must be at most 8192 characters.',
  });
  expect(page.hub.received).toEqual([]);
});

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;
const secret = 'eyJhbGciOi-secret';

test.each<[string, unknown, RegExp]>([
  ['no argument', undefined, /subject/],
  ['a text', secret, /subject/],
  ['no subject', {}, /subject/],
  ['an empty subject', { subject: '' }, /subject/],
  ['a subject that is a number', { subject: 42 }, /subject/],
  ['an empty session id', { subject: secret, sessionId: '' }, /sessionId/],
  ['a session id that is an object', { subject: secret, sessionId: { secret } }, /sessionId/],
  ['a time as text', { subject: secret, expiresAt: '1764000000000' }, /expiresAt/],
  ['a time as a Date', { subject: secret, expiresAt: new Date() }, /expiresAt/],
  ['a time that is no number', { subject: secret, expiresAt: Number.NaN }, /expiresAt/],
  ['a time without end', { subject: secret, expiresAt: Number.POSITIVE_INFINITY }, /expiresAt/],
  ['a time in seconds', { subject: secret, expiresAt: 1764000000 }, /in ms/],
  ['a lifetime that is no number', { subject: secret, expiresIn: secret }, /expiresIn in s/],
  ['a lifetime without end', { subject: secret, expiresIn: Number.POSITIVE_INFINITY }, /expiresIn/],
  ['claims as a text', { subject: secret, claims: secret }, /claims/],
  ['claims as an array', { subject: secret, claims: [secret] }, /claims/],
  ['claims with a function', { subject: secret, claims: { secret: () => secret } }, /claims/],
  ['claims with a Date', { subject: secret, claims: { at: new Date() } }, /claims/],
  ['claims with a Map', { subject: secret, claims: { map: new Map([[secret, secret]]) } }, /claims/],
  ['claims with a bigint', { subject: secret, claims: { n: 1n } }, /claims/],
  ['claims with an infinite number', { subject: secret, claims: { n: Number.POSITIVE_INFINITY } }, /claims/],
  ['claims in a circle', { subject: secret, claims: cyclic }, /claims/],
])('login refuses %s on the spot, and never repeats a value', async (_, login, message) => {
  const session = page.connect();
  await page.welcome();
  const error = await session.login(login as Login).catch((error: unknown) => error);
  expect(error).toMatchObject({
    name: 'LockstepError',
    code: 'invalid-argument',
    message: expect.stringMatching(message),
  });
  expect(`${error}${(error as Error).cause}`).not.toContain(secret);
  await settled();
  expect(page.hub.received).toEqual([]);
});

test.each<[string, Partial<Login>, object]>([
  ['a lifetime in seconds', { expiresIn: 300 }, { expiresAt: 1_764_000_300_000 }],
  ['a lifetime beside a time', { expiresIn: 1.5, expiresAt: 1_764_000_000_000 }, { expiresAt: 1_764_000_001_500 }],
  ['a lifetime that is over', { expiresIn: 0 }, { expiresAt: 1_764_000_000_000 }],
  ['a time that has passed', { expiresAt: 1_763_000_000_000, expiresIn: null }, { expiresAt: 1_763_000_000_000 }],
  ['neither', { expiresAt: null, expiresIn: undefined }, {}],
])('a login may have %s, and the hub decides what has passed', async (_, expiry, sent) => {
  vi.spyOn(Date, 'now').mockReturnValue(1_764_000_000_000);
  const session = page.connect();
  await page.welcome();
  session.login({ subject: 'u', ...expiry }).catch(() => {});
  await settled();
  expect(page.hub.received).toEqual([{ type: 'login', id: 1, subject: 'u', ...sent }]);
});

test('an undefined claim counts as absent, and an object of another realm is as good as one of this', async () => {
  const session = page.connect();
  await page.welcome();
  const claims = Object.assign(Object.create(null), { name: undefined, roles: ['a', null, true, 1.5] });
  session.login({ subject: 'u', claims }).catch(() => {});
  await settled();
  expect(page.hub.texts).toEqual(['{"type":"login","id":1,"subject":"u","claims":{"roles":["a",null,true,1.5]}}']);
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['no hub', {}],
  ['a relative hub', { hub: '/hub/' }],
  ['a hub without http', { hub: 'ftp://hub.acme.com/' }],
  ['a script', { hub: 'javascript:alert(1)' }],
  ['a time-out of nothing', { hub: 'https://hub.acme.com/', timeoutMs: 0 }],
  ['a time-out that is none', { hub: 'https://hub.acme.com/', timeoutMs: Number.NaN }],
  ['a time-out no timer can hold', { hub: 'https://hub.acme.com/', timeoutMs: Number.POSITIVE_INFINITY }],
])('connect refuses %s on the spot', (_, options) => {
  expect(() => connect(options as ConnectOptions)).toThrow(
    expect.objectContaining({ name: 'LockstepError', code: 'invalid-argument' }),
  );
  expect(page.framesMade()).toBe(0);
});
