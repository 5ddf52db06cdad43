// OpenID Connect Back-Channel Logout 1.0 §2.6: each of its rules, by a token that breaks this rule alone.

import { SignJWT, UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { memoryBus } from '../../../js-glue/server/bus.js';
import type { Issuer, LogEntry } from '../../../js-glue/server/options.js';
import { createPushServer, type PushServer } from '../../../js-glue/server/push-server.js';
import { type Changes, issuerName, logoutEvent, makeIssuer, type TestIssuer } from './issuer.js';
import { levelOf, logoutRequest, openStream } from './requests.js';

let issuer: TestIssuer;
let push: PushServer;
let logged: LogEntry[];

const create = (options: Partial<Issuer> = {}, others: Partial<Issuer>[] = []): PushServer => {
  const first = { issuer: issuer.name, clientIds: ['portal', 'billing'], ...options };
  const rest = others.map((other) => ({ issuer: 'https://other.example', ...other }));
  return createPushServer({ issuers: [first, ...rest], fetch: issuer.fetch, log: (entry) => logged.push(entry) });
};

beforeEach(async () => {
  logged = [];
  issuer = await makeIssuer();
  push = create();
  return () => push.close();
});

async function post(token: string): Promise<Response> {
  return push.backchannelLogout(logoutRequest(token));
}

async function refused(token: string, sentence: RegExp): Promise<void> {
  const response = await post(token);
  expect(response.status).toBe(400);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const { error, error_description: description } = (await response.json()) as Record<string, string>;
  expect(error).toBe('invalid_request');
  expect(description).toMatch(sentence);
  expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('active');
}

describe('a logout token that is as it must be', () => {
  test('gets 200, is not to be cached, and ends the session of its sid in every stream', async () => {
    const mine = await openStream(push, { sessionId: 'sid-1' });
    const other = await openStream(push, { sessionId: 'sid-2' });
    const response = await post(await issuer.logoutToken());
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    await mine.until('event: ended\ndata:\n\n');
    await mine.ended;
    expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('ended');
    expect(await levelOf(push, { sessionId: 'sid-2' })).toBe('active');
    await other.cancel();
  });

  test('with `sub` alone ends all sessions of the subject, and of nobody else', async () => {
    expect((await post(await issuer.logoutToken({ sid: undefined }))).status).toBe(200);
    expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('ended');
    expect(await levelOf(push, { sessionId: 'sid-2' })).toBe('ended');
    expect(await levelOf(push)).toBe('ended');
    expect(await levelOf(push, { subject: 'grace' })).toBe('active');
  });

  test('with `sid` alone ends that session', async () => {
    expect((await post(await issuer.logoutToken({ sub: undefined }))).status).toBe(200);
    expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('ended');
    expect(await levelOf(push)).toBe('active');
  });

  test('ends all sessions of the subject where the issuer gives each client a `sid` of its own', async () => {
    push = create({ endAllOfSubject: true });
    expect((await post(await issuer.logoutToken())).status).toBe(200);
    expect(await levelOf(push, { sessionId: 'sid-of-another-client' })).toBe('ended');
  });

  test.each([
    ['whose `aud` is a list with one of ours', { aud: ['somebody', 'billing'] }, {}],
    ['whose `typ` is written in full', {}, { typ: 'application/logout+jwt' }],
    ['with claims that nobody knows', { trace_id: 'x', nested: { deep: [1] } }, {}],
    ['whose event has members', { events: { [logoutEvent]: { more: 1 }, 'https://other': {} } }, {}],
    ['from a clock that is 4 seconds fast', { iat: Math.floor(Date.now() / 1_000) + 4 }, {}],
  ])('is accepted %s', async (_, changes: Changes, header: Changes) => {
    expect((await post(await issuer.logoutToken(changes, header))).status).toBe(200);
  });
});

describe('a logout token is refused', () => {
  const seconds = Math.floor(Date.now() / 1_000);
  test.each<readonly [string, Changes, Changes, RegExp]>([
    ['for another client', { aud: 'somebody' }, {}, /`aud`/],
    ['without `aud`', { aud: undefined }, {}, /`aud`/],
    ['from another issuer', { iss: 'https://evil.example' }, {}, /`iss`/],
    ['without `iss`', { iss: undefined }, {}, /`iss`/],
    ['from the issuer with a slash', { iss: `${issuerName}/` }, {}, /`iss`/],
    ['without `iat`', { iat: undefined }, {}, /`iat`/],
    ['that is six minutes old', { iat: seconds - 360 }, {}, /`iat`|expired/],
    ['from the future', { iat: seconds + 60, exp: seconds + 120 }, {}, /`iat`/],
    ['whose `iat` is a text', { iat: `${seconds}` }, {}, /`iat`/],
    ['without `exp`', { exp: undefined }, {}, /`exp`/],
    ['that has expired', { exp: seconds - 30 }, {}, /expired/],
    ['that is not valid yet', { nbf: seconds + 60 }, {}, /`nbf`/],
    ['without `sub` and `sid`', { sub: undefined, sid: undefined }, {}, /neither/],
    ['with an empty `sid`', { sid: '' }, {}, /`sid`/],
    ['whose `sid` is a number', { sid: 7 }, {}, /`sid`/],
    ['with a `sid` beyond all measure', { sid: 'x'.repeat(1_025) }, {}, /`sid`/],
    ['whose `sub` is null', { sub: null }, {}, /`sub`/],
    ['without `events`', { events: undefined }, {}, /`events`/],
    ['whose `events` is a list', { events: [logoutEvent] }, {}, /`events`/],
    ['with another event', { events: { 'https://example.com/event': {} } }, {}, /`events`/],
    ['whose event is true', { events: { [logoutEvent]: true } }, {}, /`events`/],
    ['whose event is a list', { events: { [logoutEvent]: [] } }, {}, /`events`/],
    ['with a `nonce`', { nonce: 'n' }, {}, /`nonce`/],
    ['with a `nonce` of null', { nonce: null }, {}, /`nonce`/],
    ['without `jti`', { jti: undefined }, {}, /`jti`/],
    ['whose `jti` is empty', { jti: '' }, {}, /`jti`/],
    ['without `typ`', {}, { typ: undefined }, /`typ`/],
    ['of the type of an ID token', {}, { typ: 'JWT' }, /`typ`/],
    ['of the type of a security event', {}, { typ: 'secevent+jwt' }, /`typ`/],
    ['that names a key nobody has', {}, { kid: 'another' }, /key/],
    ['with a critical extension', {}, { crit: ['ext'], ext: 1 }, /not supported|no signed JWT/],
  ])('%s', async (_, changes, header, sentence) => {
    await refused(await issuer.logoutToken(changes, header), sentence);
  });

  test('without a signature (`none`)', async () => {
    const { iat, exp } = { iat: seconds, exp: seconds + 60 };
    const claims = { iss: issuerName, aud: 'portal', sub: 'ada', jti: 'j', iat, exp, events: { [logoutEvent]: {} } };
    await refused(new UnsecuredJWT(claims).encode(), /algorithm|no signed JWT/);
  });

  test('signed with the public key as a secret (HS256)', async () => {
    const claims = { iss: issuerName, aud: 'portal', sub: 'ada', jti: 'j', iat: seconds, exp: seconds + 60 };
    const header = { alg: 'HS256', typ: 'logout+jwt', kid: 'key-1' };
    const secret = new TextEncoder().encode('x'.repeat(64));
    const token = await new SignJWT({ ...claims, events: { [logoutEvent]: {} } })
      .setProtectedHeader(header)
      .sign(secret);
    await refused(token, /algorithm/);
  });

  test('by an algorithm that is not agreed', async () => {
    push = create({ algorithms: ['ES256'] });
    await refused(await issuer.logoutToken(), /algorithm/);
  });

  test('with a letter changed anywhere', async () => {
    const token = await issuer.logoutToken();
    const [header = '', body = '', signature = ''] = token.split('.');
    const altered = JSON.parse(Buffer.from(body, 'base64url').toString());
    const other = Buffer.from(JSON.stringify({ ...altered, sid: 'sid-2' })).toString('base64url');
    await refused([header, other, signature].join('.'), /signature/);
    await refused([header, body, `${signature.slice(0, -4)}AAAA`].join('.'), /signature/);
  });

  const texts = ['', 'x', 'a.b', 'a.b.c', 'a.b.c.d.e', '...', '{}', '\u0000', `${'A'.repeat(9_000)}.B.C`];
  test('that is no token', async () => {
    for (const text of texts) await refused(text, /JWT|once/);
  });

  test('of an issuer whose clients are not ours', async () => {
    push = create({ clientIds: [] });
    await refused(await issuer.logoutToken(), /`iss`/);
  });

  test('of one issuer, signed by another that is trusted', async () => {
    push = create({}, [{ issuer: 'https://other.example', clientIds: ['portal'] }]);
    // The other issuer's keys, by its own metadata; the token says that it is from there.
    issuer.answer = (url) =>
      url.startsWith('https://other.example/.well-known')
        ? Response.json({ issuer: 'https://other.example', jwks_uri: 'https://other.example/jwks' })
        : url === 'https://other.example/jwks'
          ? Response.json({ keys: [] })
          : undefined;
    await refused(await issuer.logoutToken({ iss: 'https://other.example' }), /key/);
  });

  test('that comes a second time', async () => {
    const token = await issuer.logoutToken({ sid: 'sid-2' });
    expect((await post(token)).status).toBe(200);
    const again = await post(token);
    expect(again.status).toBe(400);
    expect(((await again.json()) as { error_description: string }).error_description).toMatch(/`jti`/);
  });

  test('that comes again when a bus that keeps little has forgotten it', async () => {
    let clock = Date.now();
    const now = () => clock;
    const issuers = [{ issuer: issuer.name, clientIds: ['portal'] }];
    push = createPushServer({ issuers, fetch: issuer.fetch, now, bus: memoryBus({ ttlMs: 60_000, now }) });
    const token = await issuer.logoutToken({ sid: 'sid-2' });
    expect((await post(token)).status).toBe(200);
    clock += 61_000;
    await refused(token, /expired/);
  });
});

describe('for older providers', () => {
  test.each([undefined, 'JWT'])('`requireType: false` accepts the type %s', async (typ) => {
    push = create({ requireType: false });
    expect((await post(await issuer.logoutToken({}, { typ }))).status).toBe(200);
  });

  test('and still no other type', async () => {
    push = create({ requireType: false });
    await refused(await issuer.logoutToken({}, { typ: 'at+jwt' }), /`typ`/);
  });

  test('`requireExpiry: false` accepts a token without `exp`, whose age is bounded all the same', async () => {
    push = create({ requireExpiry: false });
    await refused(
      await issuer.logoutToken({ exp: undefined, iat: Math.floor(Date.now() / 1_000) - 360 }),
      /`iat`|expired/,
    );
    expect((await post(await issuer.logoutToken({ exp: undefined }))).status).toBe(200);
  });
});

describe('the request', () => {
  const form = 'application/x-www-form-urlencoded';
  test.each<readonly [string, RequestInit, number]>([
    ['GET', { method: 'GET' }, 405],
    ['JSON', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }, 400],
    ['no token', { method: 'POST', body: 'token=x', headers: { 'content-type': form } }, 400],
    ['two tokens', { method: 'POST', body: 'logout_token=a&logout_token=b', headers: { 'content-type': form } }, 400],
    [
      'a body without end',
      { method: 'POST', body: `logout_token=${'x'.repeat(70_000)}`, headers: { 'content-type': form } },
      400,
    ],
    [
      'bytes that are no text',
      { method: 'POST', body: new Uint8Array([0xff, 0xfe]), headers: { 'content-type': form } },
      400,
    ],
  ])('%s is refused', async (_, init, status) => {
    const response = await push.backchannelLogout(new Request('https://hub.acme.com/backchannel', init));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });
});

test('nothing that a token says is in an answer or a log', async () => {
  const secret = 'hunter2';
  for (const changes of [
    { sid: secret },
    { sid: [secret] },
    { sub: secret, nonce: secret },
    { aud: secret },
    { iss: secret },
  ]) {
    const response = await post(await issuer.logoutToken({ jti: secret + Math.random(), ...changes }));
    expect(await response.text()).not.toContain(secret);
  }
  expect(logged.length).toBeGreaterThan(3);
  expect(JSON.stringify(logged)).not.toMatch(/hunter2|sid-1|ada/);
});
