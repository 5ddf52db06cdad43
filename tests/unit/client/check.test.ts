// What an app asks of the hub besides logging in and out: whether the session lives, and whether an origin is allowed.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConnectOptions } from '../../../js-glue/client/index.js';
import { openPage, outcome, type Page, settled, signedIn } from './page.js';

let page: Page;
beforeEach(() => {
  page = openPage();
});
afterEach(() => page.close());

const sent = (type: string) => page.hub.received.filter((message) => message.type === type);

async function open(options: Partial<ConnectOptions>) {
  const session = page.connect(options);
  await settled();
  await page.welcome({ snapshot: signedIn });
  return session;
}

async function ask(message: object): Promise<void> {
  page.hub.send(message);
  await settled();
}

test.each(['active', 'inactive', 'unknown'])('check() gives the outcome %s of the reply', async (expected) => {
  const session = await open({});
  const checked = outcome(session.check());
  await settled();
  expect(page.hub.texts).toEqual(['{"type":"check","id":1}']);
  await ask({ type: 'reply', id: 1, outcome: expected });
  expect(await checked).toBe(expected);
});

test('checks of one document that overlap are one, and the next is a new one', async () => {
  const session = await open({});
  const other = page.connect();
  const both = [session.check(), other.check()].map(outcome);
  await ask({ type: 'reply', id: 1, outcome: 'active' });
  expect(await Promise.all(both)).toEqual(['active', 'active']);
  const third = outcome(session.check());
  await ask({ type: 'reply', id: 2, error: { code: 'rate-limited', message: 'Too many.' } });
  expect(await third).toBe('rate-limited');
  session.check().catch(() => {});
  await settled();
  expect(sent('check')).toHaveLength(3);
});

test('a check is waited for longer than other requests, then the hub is taken for dead', async () => {
  const session = await open({});
  const checked = outcome(session.check());
  await vi.advanceTimersByTimeAsync(39_999);
  expect(page.framesMade()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect([await checked, page.framesMade()]).toEqual(['timeout', 2]);
});

test('a check is waited for no shorter than other requests either', async () => {
  const session = await open({ timeoutMs: 50_000 });
  const checked = outcome(session.check());
  await vi.advanceTimersByTimeAsync(49_999);
  expect(page.framesMade()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await checked).toBe('timeout');
});

test('a check of a closed session, and of one whose hub is unavailable, is rejected', async () => {
  const session = page.connect();
  page.violate({});
  expect(await outcome(session.check())).toBe('frame-blocked');
  session.close();
  expect(await Promise.all([session.check(), session.allows('https://a.acme.com')].map(outcome))).toEqual([
    'closed',
    'closed',
  ]);
});

test('an origin that is too long for any message is refused as such', async () => {
  const session = await open({});
  await expect(session.allows(`https://${'a'.repeat(9_000)}`)).rejects.toMatchObject({
    code: 'invalid-argument',
    message: 'allows must be at most 8192 characters.',
  });
  expect(page.hub.received).toEqual([]);
});

test.each([
  ['is', {}, true],
  ['is not', { error: { code: 'forbidden', message: 'Not allowed.' } }, false],
  ['is not known', { error: { code: 'rate-limited', message: 'Too many.' } }, 'rate-limited'],
])('allows() says whether an origin %s on the list', async (_, members, expected) => {
  const session = await open({});
  const allowed = session.allows('https://billing.acme.com').catch((error) => error.code);
  await settled();
  expect(page.hub.texts).toEqual(['{"type":"allows","id":1,"origin":"https://billing.acme.com"}']);
  await ask({ type: 'reply', id: 1, ...members });
  expect(await allowed).toBe(expected);
});
