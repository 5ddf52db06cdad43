// Security events: RFC 8417 (the token), RFC 8935 (its delivery), RFC 9493 (whom it is about), CAEP 1.0 §3.1.

import { beforeEach, describe, expect, test } from 'vitest';
import type { LogEntry } from '../../../js-glue/server/options.js';
import { createPushServer, type PushServer } from '../../../js-glue/server/push-server.js';
import { type Changes, issuerName, logoutEvent, makeIssuer, type TestIssuer } from './issuer.js';
import { authorization, levelOf, logoutRequest, openStream, securityRequest } from './requests.js';

const type = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const session = { format: 'opaque', id: 'sid-1' };
const user = { format: 'iss_sub', iss: issuerName, sub: 'ada' };
const seconds = Math.floor(Date.now() / 1_000);

let issuer: TestIssuer;
let push: PushServer;
let logged: LogEntry[];

beforeEach(async () => {
  logged = [];
  issuer = await makeIssuer();
  push = createPushServer({
    issuers: [
      {
        issuer: issuer.name,
        clientIds: ['portal'],
        securityEvents: { audience: 'https://hub.acme.com/', authorization },
      },
    ],
    fetch: issuer.fetch,
    log: (entry) => logged.push(entry),
  });
  return () => push.close();
});

const post = (token: string, headers: Record<string, string> = {}) =>
  push.securityEvents(securityRequest(token, headers));
const about = async (subject: object) => post(await issuer.securityEvent({ sub_id: subject }));

describe('session-revoked', () => {
  test('gets 202 without a body, and ends the session', async () => {
    const stream = await openStream(push, { sessionId: 'sid-1' });
    const response = await about(session);
    expect([response.status, await response.text()]).toEqual([202, '']);
    await stream.until('event: ended');
    expect(await levelOf(push, { sessionId: 'sid-2' })).toBe('active');
  });

  test('of a user ends all their sessions', async () => {
    expect((await about(user)).status).toBe(202);
    expect(await levelOf(push, { sessionId: 'sid-2' })).toBe('ended');
    expect(await levelOf(push, { subject: 'grace' })).toBe('active');
  });

  test.each<readonly [string, object, readonly string[]]>([
    ['a session', { session }, ['ada sid-1', 'grace sid-1']],
    ['a user', { user }, ['ada sid-1', 'ada sid-2', 'ada']],
    ['a session and a user: both must match', { session, user }, ['ada sid-1']],
  ])('of a complex subject with %s', async (_, parts, ended) => {
    const browsers = ['ada sid-1', 'ada sid-2', 'ada', 'grace sid-1', 'grace'];
    expect((await about({ format: 'complex', ...parts })).status).toBe(202);
    for (const browser of browsers) {
      const [subject = '', sessionId] = browser.split(' ');
      const level = await levelOf(push, { subject, ...(sessionId !== undefined && { sessionId }) });
      expect([browser, level]).toEqual([browser, ended.includes(browser) ? 'ended' : 'active']);
    }
  });
});

describe('an event that comes late', () => {
  const minutesAgo = (minutes: number) => seconds - minutes * 60;
  test.each<readonly [string, Changes]>([
    ['by its `iat`', { iat: minutesAgo(10) }],
    ['by its `event_timestamp`', { events: { [type]: { event_timestamp: minutesAgo(10) } } }],
  ])('ends no session that began after it: %s', async (_, changes) => {
    expect((await post(await issuer.securityEvent(changes))).status).toBe(202);
    expect(await levelOf(push, { sessionId: 'sid-1', ageMs: 9 * 60_000 })).toBe('active');
    expect(await levelOf(push, { sessionId: 'sid-1', ageMs: 11 * 60_000 })).toBe('ended');
  });

  test.each([
    ['of tomorrow', seconds + 86_400],
    ['that is a text', 'x'],
    ['below zero', -1],
  ])('an `event_timestamp` %s is now at the latest, and its `iat` where it is none', async (_, event_timestamp) => {
    expect((await post(await issuer.securityEvent({ events: { [type]: { event_timestamp } } }))).status).toBe(202);
    expect(await levelOf(push, { sessionId: 'sid-1', ageMs: 1_000 })).toBe('ended');
  });
});

describe('a subject that cannot be judged is refused', () => {
  test.each<readonly [string, unknown]>([
    ['with a device', { format: 'complex', session, device: { format: 'opaque', id: 'd' } }],
    ['with a tenant', { format: 'complex', user, tenant: { format: 'opaque', id: 't' } }],
    ['with a group alone', { format: 'complex', group: { format: 'opaque', id: 'g' } }],
    ['with no part', { format: 'complex' }],
    ['of a user by e-mail', { format: 'email', email: 'ada@acme.com' }],
    ['of a user by e-mail, beside a session', { format: 'complex', session, user: { format: 'email', email: 'a@b' } }],
    ['of a user of another issuer', { ...user, iss: 'https://evil.example' }],
    ['of a session that is a list', { format: 'complex', session: [session] }],
    ['with a member more', { ...session, more: 1 }],
    ['with an id that is no text', { format: 'opaque', id: 7 }],
    ['with aliases', { format: 'aliases', identifiers: [user] }],
    ['without a format', { id: 'sid-1' }],
    ['that is a text', 'sid-1'],
    ['that is missing', undefined],
  ])('%s', async (_, subject) => {
    const response = await post(await issuer.securityEvent({ sub_id: subject }));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ err: 'invalid_request', description: expect.any(String) });
    expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('active');
  });
});

describe('a token is refused', () => {
  test.each<readonly [string, Changes, Changes, string]>([
    ['of another issuer', { iss: 'https://evil.example' }, {}, 'invalid_issuer'],
    ['without `iss`', { iss: undefined }, {}, 'invalid_issuer'],
    ['for another audience', { aud: 'portal' }, {}, 'invalid_audience'],
    ['without `iat`', { iat: undefined }, {}, 'invalid_request'],
    ['older than what is remembered', { iat: seconds - 86_500 }, {}, 'invalid_request'],
    ['without `jti`', { jti: undefined }, {}, 'invalid_request'],
    ['with `sub`', { sub: 'ada' }, {}, 'invalid_request'],
    ['without `events`', { events: undefined }, {}, 'invalid_request'],
    ['with two events', { events: { [type]: {}, 'https://other': {} } }, {}, 'invalid_request'],
    ['with no event', { events: {} }, {}, 'invalid_request'],
    ['whose event is a text', { events: { [type]: 'x' } }, {}, 'invalid_request'],
    ['without `typ`', {}, { typ: undefined }, 'invalid_request'],
    ['of the type of a logout token', {}, { typ: 'logout+jwt' }, 'invalid_request'],
    ['of an unknown key', {}, { kid: 'x' }, 'invalid_key'],
  ])('%s', async (_, changes, header, err) => {
    const response = await post(await issuer.securityEvent(changes, header));
    expect([response.status, ((await response.json()) as { err: string }).err]).toEqual([400, err]);
    expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('active');
  });

  test('that comes a second time', async () => {
    const token = await issuer.securityEvent();
    expect((await post(token)).status).toBe(202);
    expect((await post(token)).status).toBe(400);
  });

  test('without the agreed authorization, before anything of it is read', async () => {
    for (const value of ['', 'Bearer x', authorization.slice(0, -1), `${authorization} `.repeat(2)]) {
      const response = await post(await issuer.securityEvent(), { authorization: value });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ err: 'authentication_failed' });
    }
    expect(issuer.asked).toEqual([]);
    expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('active');
  });

  test('by another method, and as another kind of body', async () => {
    const { url } = securityRequest('');
    expect((await push.securityEvents(new Request(url, { headers: { authorization } }))).status).toBe(405);
    expect((await post(await issuer.securityEvent(), { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await post('x'.repeat(70_000))).status).toBe(400);
  });

  test('where no agreement was made, and a logout token is no event, nor an event a logout token', async () => {
    expect((await post(await issuer.logoutToken())).status).toBe(400);
    const event = await issuer.securityEvent({ aud: 'portal', sub: 'ada', events: { [logoutEvent]: {} } });
    expect((await push.backchannelLogout(logoutRequest(event))).status).toBe(400);
    push = createPushServer({ issuers: [{ issuer: issuer.name, clientIds: ['portal'] }], fetch: issuer.fetch });
    expect((await post(await issuer.securityEvent())).status).toBe(401);
  });
});

test('a verification is acknowledged, and so is an event that nobody asked for; neither ends anything', async () => {
  const verification = { 'https://schemas.openid.net/secevent/ssf/event-type/verification': { state: 'x' } };
  const stream = { format: 'opaque', id: 'sid-1' };
  expect((await post(await issuer.securityEvent({ events: verification, sub_id: stream }))).status).toBe(202);
  expect((await post(await issuer.securityEvent({ events: { 'https://example.com/other': {} } }))).status).toBe(202);
  expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('active');
  expect(logged.map(({ kind }) => kind)).toEqual(['verification', 'other']);
});
