// A hub that has died says nothing, and no browser says so: what the app shows may have ended since. A client asks when
// the page is seen again, or the user acts after a long silence. Nothing polls.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openPage, outcome, type Page, place, settled } from './page.js';

const signedIn = { status: 'signed-in', subject: 'ada', signedInAt: 1, ...place };
const signedOut = { status: 'signed-out', reason: 'logout', ...place };
const timeoutMs = 5_000;
let page: Page;
beforeEach(() => {
  page = openPage();
});
afterEach(() => page.close());

const pageshow = (persisted: boolean) => Object.assign(new Event('pageshow'), { persisted });
const signsOfLife: readonly [string, (page: Page) => void][] = [
  ['the network is back', ({ window }) => window.dispatchEvent(new Event('online'))],
  ['the user sees it', ({ document }) => document.dispatchEvent(new Event('visibilitychange'))],
  ['it comes back from the back/forward cache', ({ window }) => window.dispatchEvent(pageshow(true))],
  ['it is thawed', ({ document }) => document.dispatchEvent(new Event('resume'))],
];

async function signIn() {
  const session = page.connect({ timeoutMs });
  await page.welcome({ session: '1.w', snapshot: signedIn });
  return session;
}

test.each(signsOfLife)('K8.1: a page asks its hub when %s, and the reply is all', async (_, happens) => {
  const session = await signIn();
  happens(page);
  await settled();
  expect(page.hub.received).toEqual([{ type: 'wake', id: 1 }]);
  page.hub.send({ type: 'reply', id: 1 });
  await vi.advanceTimersByTimeAsync(2 * timeoutMs);
  expect([session.getSnapshot().status, page.framesMade(), vi.getTimerCount()]).toEqual(['signed-in', 1, 0]);
});

test.each(signsOfLife)('K8.1: where no reply comes when %s, it says so, and makes a new frame', async (_, happens) => {
  const session = await signIn();
  const events: string[] = [];
  session.on('logout', () => events.push('logout'));
  session.on('error', ({ error }) => events.push(error.code));
  happens(page);
  await vi.advanceTimersByTimeAsync(timeoutMs - 1);
  expect([session.getSnapshot().status, page.framesMade()]).toEqual(['signed-in', 1]);
  await vi.advanceTimersByTimeAsync(1);
  expect([session.getSnapshot().status, page.framesMade()]).toEqual(['connecting', 2]);
  // The new hub knows what the page has missed.
  await page.welcome({ snapshot: signedOut, events: [{ type: 'logout', reason: 'logout' }] });
  expect(session.getSnapshot()).toMatchObject(signedOut);
  expect(events).toEqual(['logout']);
});

test('K8.1: a page that is seen again and again while it waits asks once', async () => {
  await signIn();
  for (const [, happens] of signsOfLife) happens(page);
  await settled();
  expect(page.hub.received).toHaveLength(1);
  page.hub.send({ type: 'reply', id: 1 });
  await settled();
  for (const [, happens] of signsOfLife) happens(page);
  await settled();
  expect(page.hub.received).toHaveLength(2);
});

test('a hub that refuses to reply more often is alive', async () => {
  const session = await signIn();
  page.document.dispatchEvent(new Event('resume'));
  await settled();
  page.hub.send({ type: 'reply', id: 1, error: { code: 'rate-limited', message: '' } });
  await vi.advanceTimersByTimeAsync(2 * timeoutMs);
  expect([session.getSnapshot().status, page.framesMade()]).toEqual(['signed-in', 1]);
});

test('no reply to a request of the app means the same', async () => {
  const session = await signIn();
  const asked = outcome(session.allows('https://billing.acme.com'));
  await vi.advanceTimersByTimeAsync(timeoutMs);
  expect(await asked).toBe('timeout');
  expect([session.getSnapshot().status, page.framesMade()]).toEqual(['connecting', 2]);
});

test('an event of the page that is no return asks nothing', async () => {
  await signIn();
  page.window.dispatchEvent(pageshow(false));
  page.document.hidden = true;
  page.document.dispatchEvent(new Event('visibilitychange'));
  await settled();
  expect(page.hub.received).toEqual([]);
});

test('K8.1: an act of the user asks a hub that has long said nothing', async () => {
  const session = await signIn();
  page.act('keydown');
  await vi.advanceTimersByTimeAsync(10_000);
  page.act('keydown');
  await settled();
  expect(page.hub.received).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  page.act('keydown', false);
  await settled();
  expect(page.hub.received).toEqual([]);
  page.act('keydown');
  await settled();
  expect(page.hub.received).toEqual([{ type: 'wake', id: 1 }]);
  page.hub.send({ type: 'reply', id: 1 });
  await settled();
  page.act('keydown');
  await settled();
  expect(page.hub.received).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(10_001);
  page.act('click');
  await vi.advanceTimersByTimeAsync(timeoutMs);
  expect([session.getSnapshot().status, page.framesMade()]).toEqual(['connecting', 2]);
});
