// Where the keys of an issuer come from, when they change, and that nothing is decided where they cannot be had.

import { beforeEach, expect, test } from 'vitest';
import type { Issuer } from '../../../js-glue/server/options.js';
import { createPushServer, type PushServer } from '../../../js-glue/server/push-server.js';
import { makeIssuer, type TestIssuer } from './issuer.js';
import { levelOf, logoutRequest } from './requests.js';

let issuer: TestIssuer;
let push: PushServer;
let clock: number;

const create = (options: Partial<Issuer> = {}): PushServer =>
  createPushServer({
    issuers: [{ issuer: issuer.name, clientIds: ['portal'], ...options }],
    fetch: issuer.fetch,
    now: () => clock,
  });

beforeEach(async () => {
  clock = Date.now();
  issuer = await makeIssuer();
  push = create();
  return () => push.close();
});

const post = async (changes: object = {}) =>
  (await push.backchannelLogout(logoutRequest(await issuer.logoutToken({ ...changes })))).status;

test('the metadata say where the keys are, and both are asked for once', async () => {
  expect([await post(), await post(), await post()]).toEqual([200, 200, 200]);
  expect(issuer.asked).toEqual([`${issuer.name}/.well-known/openid-configuration`, `${issuer.name}/jwks`]);
});

test('`jwksUri` asks for no metadata', async () => {
  push = create({ jwksUri: 'https://keys.acme.com/all' });
  expect(await post()).toBe(200);
  expect(issuer.asked).toEqual(['https://keys.acme.com/all']);
});

test('a provider that has changed its keys is asked again; whatever tokens come, once in half a minute', async () => {
  expect(await post()).toBe(200);
  const before = issuer.asked.length;
  for (let count = 0; count < 20; count += 1) expect(await postWithKey(`${count}`)).toBe(503);
  expect(issuer.asked.length).toBe(before);

  push = create();
  expect(await post()).toBe(200);
  await issuer.rotate();
  await inAHalfMinute(async () => expect(await post()).toBe(200));
});

test('a stranger who has just had the keys asked for gets no token of a newer key refused for good', async () => {
  expect(await post()).toBe(200);
  await inAHalfMinute(async () => {
    // Asked for by this one: so it is known that the issuer has no such key.
    expect(await postWithKey('of-nobody')).toBe(400);
    await issuer.rotate();
    expect(await post()).toBe(503);
    await inAHalfMinute(async () => expect(await post()).toBe(200));
  });
});

const postWithKey = async (kid: string) =>
  (await push.backchannelLogout(logoutRequest(await issuer.logoutToken({}, { kid })))).status;

/** After the last answer of the issuer. The library reads the clock of the machine. */
async function inAHalfMinute(act: () => Promise<void>): Promise<void> {
  const realNow = Date.now;
  Date.now = () => realNow() + 31_000;
  clock += 31_000;
  try {
    await act();
  } finally {
    Date.now = realNow;
  }
}

const otherwise: readonly (readonly [string, (url: string) => Response | undefined])[] = [
  [
    'metadata of another issuer',
    (url) => metadata(url, { issuer: 'https://evil.example', jwks_uri: 'https://evil.example/' }),
  ],
  [
    'metadata with keys over plain http',
    (url) => metadata(url, { issuer: issuer.name, jwks_uri: 'http://login.acme.com/jwks' }),
  ],
  ['metadata without keys', (url) => metadata(url, { issuer: issuer.name })],
  ['metadata of null', (url) => metadata(url, null)],
  ['metadata of a megabyte', (url) => metadata(url, { issuer: issuer.name, more: 'x'.repeat(1_000_000) })],
  ['metadata that are no JSON', (url) => (isMetadata(url) ? new Response('<html>') : undefined)],
  ['a server error', () => new Response('', { status: 500 })],
  ['keys that are none', (url) => (isMetadata(url) ? undefined : Response.json({ keys: 7 }))],
  [
    'keys of a megabyte',
    (url) => (isMetadata(url) ? undefined : Response.json({ keys: [], more: 'x'.repeat(1_000_000) })),
  ],
  ['no network', () => failNetwork()],
];

const isMetadata = (url: string) => url.includes('/.well-known/');
const metadata = (url: string, body: unknown) => (isMetadata(url) ? Response.json(body) : undefined);
function failNetwork(): never {
  throw new TypeError('fetch failed');
}

test.each(otherwise)('%s: nothing is ended, and the provider is asked to send the token again', async (_, answer) => {
  issuer.answer = answer;
  const token = await issuer.logoutToken();
  const response = await push.backchannelLogout(logoutRequest(token));
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('5');
  expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('active');

  issuer.answer = undefined;
  clock += 6_000;
  expect((await push.backchannelLogout(logoutRequest(token))).status).toBe(200);
  expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('ended');
});

test.each(otherwise)('%s: an issuer that cannot be asked is not asked with every token', async (_, answer) => {
  issuer.answer = answer;
  for (let count = 0; count < 10; count += 1) expect(await post()).toBe(503);
  expect(new Set(issuer.asked).size).toBe(issuer.asked.length);
});

test('keys that are known serve on while others cannot be asked for', async () => {
  expect(await post()).toBe(200);
  issuer.answer = failNetwork;
  const realNow = Date.now;
  Date.now = () => realNow() + 31_000;
  clock += 31_000;
  try {
    const before = issuer.asked.length;
    for (let count = 0; count < 10; count += 1) {
      const token = await issuer.logoutToken({}, { kid: `${count}` });
      expect((await push.backchannelLogout(logoutRequest(token))).status).toBe(503);
      expect(await post()).toBe(200);
    }
    expect(issuer.asked.length).toBe(before + 1);
  } finally {
    Date.now = realNow;
  }
});
