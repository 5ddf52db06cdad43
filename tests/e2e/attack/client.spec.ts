// What can be done to the client, in an app's page: messages forged by other windows, a hub's frame that shows somebody
// else, and a hub that is none. The app must run on, and its client must never hand a word to anybody but the hub's
// origin.

import type { Page } from '@playwright/test';
import { events, openPage, portal, running, seen, type World } from '../support/test.js';
import { attackUrl, expect, frameAttack, inboxOf, type Traffic, test, trafficOf } from './attacks.js';

// Of wrong-window.html.
declare function forge(texts: readonly string[]): void;

test.use({ client: { timeoutMs: 4000 } });

const mallory = { status: 'signed-in', scope: 'shared', medium: 'local-storage', upgrade: 'none', subject: 'mallory' };
const forgeries = [
  {
    type: 'welcome',
    lockstep: 1,
    hub: '0.1.0',
    capabilities: ['read'],
    snapshot: mallory,
    events: [{ type: 'login' }],
  },
  { type: 'changed', snapshot: mallory, events: [{ type: 'user-change', from: 'ada' }] },
  {
    type: 'changed',
    snapshot: { ...mallory, status: 'signed-out', reason: 'logout' },
    events: [{ type: 'logout', reason: 'logout' }],
  },
  { type: 'reply', id: 1 },
  { type: 'goodbye', error: { code: 'replaced', message: 'Go away.' } },
].map((message) => JSON.stringify(message));

test('hub messages forged by a sibling frame or by a window the app opened are dropped', async ({
  world,
  context,
  bystanders,
}) => {
  const [app] = bystanders.tabs;
  const url = attackUrl(world, 'evil.acme.localhost', 'wrong-window.html');
  const sibling = await frameAttack(app, url);
  const [openedByApp] = await Promise.all([context.waitForEvent('page'), app.evaluate((src) => void open(src), url)]);
  await openedByApp.waitForFunction('document.readyState === "complete"');
  for (const attacker of [sibling, openedByApp]) await attacker.evaluate((texts) => forge(texts), forgeries);
  await expect.poll(async () => (await trafficOf(app)).received).toHaveLength(2 * forgeries.length);
  // Those of the attackers are the only window messages the page has ever received.
  await app.evaluate('traffic.received.length = 0');
  await bystanders.unharmed();
  for (const attacker of [sibling, openedByApp]) expect(await inboxOf(attacker)).toEqual([]);
});

/**
 * Waits until the page's one frame shows `url`, and gives the origins of what that document has received once a marker,
 * which the app's page posts after each `load` and so after the client's hello, has reached it.
 */
async function receivedAfterLoad(app: Page, url: string): Promise<readonly string[]> {
  const shown = () => app.frames().find((frame) => frame.url() === url);
  await expect.poll(() => shown() !== undefined).toBe(true);
  let received: readonly string[] = [];
  await expect
    .poll(async () => {
      // Between two documents there is nobody to ask.
      const traffic = await shown()
        ?.evaluate<Traffic>('traffic')
        .catch(() => undefined);
      received = traffic?.received ?? [];
      return received;
    })
    .not.toEqual([]);
  return received;
}

/** To be called while the frame shows something else, or nothing yet. */
function postMarkers(): void {
  const frame = document.querySelector('iframe');
  frame?.addEventListener('load', () => frame.contentWindow?.postMessage('marker', '*'));
}

test('a hub frame that was sent elsewhere receives nothing, and the client finds its hub again', async ({
  world,
  context,
  bystanders,
}) => {
  const app = await openPage(context, world.url(portal));
  await seen([app], { subject: 'ada' });
  const url = attackUrl(world, 'evil.acme.localhost', 'unlisted-origin.html');
  await app.evaluate(postMarkers);
  // What a script in the app's page could do.
  await app.evaluate((src) => document.querySelector('iframe')?.setAttribute('src', src), url);
  expect(await receivedAfterLoad(app, url)).toEqual([world.origin(portal)]);
  await expect.poll(async () => (await events(app, 'error')).length).toBeGreaterThan(0);
  await seen([app], { status: 'signed-in', subject: 'ada' });
  await bystanders.unharmed();
  await seen([app], { subject: 'grace' });
});

const answers = [
  'not JSON',
  'no texts',
  'no members',
  'wrong types',
  'malformed members',
  'unknown types',
  'replies nobody asked for',
  'huge and deep',
  'deep snapshots',
  'prototype keys',
];

/** Joins a hub that is none, in a page that has no other. */
async function joinFake(page: Page, world: World, query: string): Promise<void> {
  const hub = world.url('fake.localhost', `/attack/fake-hub.html?${query}`);
  await page.evaluate((url) => {
    window.session = join({ hub: url, timeoutMs: 60_000 });
  }, hub);
}

test('K8.8: an app survives a false hub, whatever it answers', async ({ world, context, bystanders }) => {
  const page = await openPage(context, world.url(portal, '/bare'));
  const faults: Error[] = [];
  page.on('pageerror', (fault) => faults.push(fault));
  await running(page);
  for (const answer of answers) {
    await joinFake(page, world, `answer=${answer}`);
    await expect.poll(() => page.evaluate(() => session.getSnapshot().error?.code), answer).toBe('hub-outdated');
    const shown = await page.evaluate(() => session.recorded.some(({ type }) => type === 'login'));
    expect(shown, `of ${answer}, what is a message is taken, and nothing else`).toBe(
      /snapshots|prototype/.test(answer),
    );
    expect(await page.evaluate(() => 'polluted' in {} || 'polluted' in [] || 'polluted' in (() => {})), answer).toBe(
      false,
    );
    await page.evaluate(() => session.close());
    expect(await page.evaluate(() => document.querySelectorAll('iframe').length), answer).toBe(0);
    expect(faults, answer).toEqual([]);
  }
  await bystanders.unharmed();
});

test('an app survives a false hub that reloads itself again and again', async ({ world, context, bystanders }) => {
  const page = await openPage(context, world.url(portal, '/bare'));
  const faults: Error[] = [];
  page.on('pageerror', (fault) => faults.push(fault));
  await running(page);
  await joinFake(page, world, 'answer=prototype keys&reloads=20');
  await expect.poll(() => page.evaluate(() => session.getSnapshot().error?.code)).toBe('hub-outdated');
  expect(await page.evaluate(() => document.querySelectorAll('iframe').length)).toBe(1);
  await page.evaluate(() => session.close());
  expect(await page.evaluate(() => document.querySelectorAll('iframe').length)).toBe(0);
  expect(faults).toEqual([]);
  await bystanders.unharmed();
});

test('a page to which the hub sends its frame on receives nothing', async ({ world, context, bystanders }) => {
  const url = attackUrl(world, 'evil.acme.localhost', 'unlisted-origin.html');
  const app = await openPage(context, world.url(portal, '/bare'));
  await running(app);
  world.serve('redirected.acme.localhost', '/', `<!doctype html><meta http-equiv="refresh" content="0;url=${url}">`);
  // In one task, or the frame would be somewhere else before anybody listens.
  await app.evaluate(`window.session = join({ hub: '${world.url('redirected.acme.localhost')}' }); (${postMarkers})()`);
  expect(await receivedAfterLoad(app, url)).toEqual([world.origin(portal)]);
  await app.evaluate(() => session.close());
  await bystanders.unharmed();
});
