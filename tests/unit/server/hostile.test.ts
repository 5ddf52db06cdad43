// Whatever a stranger sends, each endpoint answers with a status of its own, nothing is thrown, and nobody is signed
// out.

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LogEntry } from '../../../js-glue/server/options.js';
import { createPushServer, type PushServer } from '../../../js-glue/server/push-server.js';
import { type Changes, logoutEvent, makeIssuer, type TestIssuer } from './issuer.js';
import { authorization, levelOf, logoutRequest, openStream, securityRequest } from './requests.js';

let issuer: TestIssuer;
let push: PushServer;
const logged: LogEntry[] = [];

beforeAll(async () => {
  issuer = await makeIssuer();
  const securityEvents = { audience: 'https://hub.acme.com/', authorization };
  push = createPushServer({
    issuers: [{ issuer: issuer.name, clientIds: ['portal'], frontchannel: true, requireIssuer: false, securityEvents }],
    fetch: issuer.fetch,
    sessionOf: () => ({ subject: 'ada', sessionId: 'sid-1', signedInAt: 1 }),
    log: (entry) => logged.push(entry),
  });
});
afterAll(() => push.close());

const anyText = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', '%', '%00', '..'));
const part = fc.oneof(
  fc.json().map((text) => Buffer.from(text).toString('base64url')),
  fc.base64String(),
  anyText,
);
const token = fc.oneof(
  anyText,
  fc.array(part, { minLength: 2, maxLength: 6 }).map((parts) => parts.join('.')),
);

test('texts that are no tokens', async () => {
  const stream = await openStream(push, { sessionId: 'sid-1' });
  await fc.assert(
    fc.asyncProperty(token, async (text) => {
      expect((await push.backchannelLogout(logoutRequest(text))).status).toBe(400);
      expect((await push.securityEvents(securityRequest(text))).status).toBe(400);
    }),
    { numRuns: 300 },
  );
  expect(stream.text()).not.toContain('ended');
  await stream.cancel();
});

test('tokens with any claims, signed by the issuer itself', async () => {
  const names = fc.constantFrom('iss', 'aud', 'exp', 'iat', 'nbf', 'jti', 'sub_id', 'events', 'nonce', 'typ');
  const claims = fc.dictionary(names, fc.oneof(fc.jsonValue(), fc.constant(undefined)), { minKeys: 1, maxKeys: 4 });
  await fc.assert(
    fc.asyncProperty(claims, async (changes: Changes) => {
      // Of a session that nobody has, so that one that happens to be right ends nobody.
      const tokens = [{ sid: 'nobody', sub: undefined }, { sub_id: { format: 'opaque', id: 'nobody' } }];
      const logout = await push.backchannelLogout(
        logoutRequest(await issuer.logoutToken({ ...tokens[0], ...changes })),
      );
      const event = await push.securityEvents(
        securityRequest(await issuer.securityEvent({ ...tokens[1], ...changes })),
      );
      expect([200, 400]).toContain(logout.status);
      expect([202, 400]).toContain(event.status);
    }),
    { numRuns: 150 },
  );
  expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('active');
});

test('any query, to each endpoint that is asked by GET', async () => {
  const query = fc.dictionary(
    fc.oneof(fc.constantFrom('session', 'subject', 'age', 'iss', 'sid', 'logout_token'), anyText),
    anyText,
    { maxKeys: 4 },
  );
  await fc.assert(
    fc.asyncProperty(query, async (members) => {
      const request = () => new Request(`https://hub.acme.com/?${new URLSearchParams(members)}`);
      for (const handler of [push.events, push.frontchannelLogout, push.session]) {
        const { status, body } = await handler(request());
        await body?.cancel();
        expect([200, 400, 429]).toContain(status);
      }
      expect(push.health().streams).toBe(0);
    }),
    { numRuns: 200 },
  );
  expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('active');
});

test('refusals without number are some lines of the log', async () => {
  const lines: LogEntry[] = [];
  const log = (entry: LogEntry) => lines.push(entry);
  const quiet = createPushServer({ issuers: [{ issuer: issuer.name, clientIds: ['portal'] }], now: () => 1, log });
  for (let count = 0; count < 50; count += 1) await quiet.backchannelLogout(logoutRequest('x'));
  expect(lines).toHaveLength(10);
  await quiet.close();
});

test('nothing was taken for a fault of the server, and an event of a known kind is accepted still', async () => {
  expect(logged.filter(({ level }) => level === 'error')).toEqual([]);
  const right = await issuer.logoutToken({ events: { [logoutEvent]: {} } });
  expect((await push.backchannelLogout(logoutRequest(right))).status).toBe(200);
  expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('ended');
});
