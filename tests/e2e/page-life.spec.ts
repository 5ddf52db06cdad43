// What browsers do to pages: keep them in the back-forward cache, freeze them, crash them. A page that comes back is
// right about the session, and the hub never costs its page a place in that cache (R10).

import type { Page } from '@playwright/test';
import {
  billing,
  events,
  expect,
  login,
  logout,
  openApp,
  openPage,
  openTabs,
  partner,
  partnerToo,
  portal,
  reports,
  running,
  seen,
  setLifecycle,
  test,
} from './support/test.js';

const pairs = { 'of the same site': [portal, billing], 'of another site': [partner, partnerToo] } as const;

for (const [which, [host, other]] of Object.entries(pairs)) {
  test(`an app ${which} comes back from the back-forward cache and is right`, async ({ world, context }) => {
    const second = await openApp(context, world.url(other));
    const page = await openApp(context, world.url(host));
    await login(page, { subject: 'ada' });
    await seen([page, second], { status: 'signed-in' });
    await page.evaluate(() => {
      addEventListener('pageshow', ({ persisted }) => {
        document.documentElement.dataset.persisted = String(persisted);
      });
    });
    await page.goto(world.url(host, '/plain'));
    await logout(second);
    await login(second, { subject: 'grace', claims: { name: 'Grace' } });
    // A page out of that cache is not loaded, so there is no `load` to wait for.
    await page.goBack({ waitUntil: 'commit' });
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.persisted)).toBe('true');
    await seen([page, second], { status: 'signed-in', subject: 'grace', claims: { name: 'Grace' } });
    // It still sends and receives.
    expect(await logout(page)).toBe('done');
    await seen([page, second], { status: 'signed-out', endedBy: world.origin(host) });
    await login(second, { subject: 'ada' });
    await seen([page, second], { status: 'signed-in', subject: 'ada' });
  });
}

test('a page that was left before its hub had answered comes back and is connected at once', async ({
  world,
  context,
}) => {
  // What Chromium makes of a frame that is still loading then: now and again it is dead when the page comes back.
  world.hub.behave('foreign');
  const page = await openPage(context, world.url(portal));
  await running(page);
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => {
      document.documentElement.dataset.persisted = String(persisted);
    });
  });
  await expect.poll(() => page.frames().map((frame) => frame.url())).toContain(world.hub.url);
  await page.goto(world.url(portal, '/plain'));
  world.hub.behave('hub');
  await page.goBack({ waitUntil: 'commit' });
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.persisted)).toBe('true');
  await seen([page], { status: 'signed-out' });
  // No attempt has failed: the app has waited for none to come to its time.
  expect(await events(page, 'error')).toEqual([]);
});

test.describe('with a tab of another site, which is apart', () => {
  test.use({ profile: { thirdPartyCookies: 'blocked', storage: 'allowed' } });

  test('frozen tabs wake to the state of the day', async ({ world, context }) => {
    const tabs = await openTabs(
      context,
      [portal, billing, reports, partner].map((host) => world.url(host)),
      1,
    );
    const [first, second, third, foreign] = tabs;
    await login(first, { subject: 'ada' });
    await seen([first, second, third], { status: 'signed-in' });
    await login(foreign, { subject: 'ada', expiresIn: 2 });
    for (const tab of [second, third, foreign]) await setLifecycle(tab, 'frozen');
    await logout(first);
    await login(first, { subject: 'grace' });
    await setLifecycle(second, 'active');
    await seen([second], { status: 'signed-in', subject: 'grace' });
    await logout(second);
    await setLifecycle(third, 'active');
    await seen([first, second, third], { status: 'signed-out', endedBy: world.origin(billing) });
    expect((await events(third)).at(-1)).toMatchObject({ type: 'logout', reason: 'logout' });
    // A deadline that passed meanwhile is met at once.
    await expect
      .poll(async () => Date.now() > ((await foreign.evaluate(() => session.getSnapshot().expiresAt)) ?? 0))
      .toBe(true);
    await setLifecycle(foreign, 'active');
    await seen([foreign], { status: 'signed-out', reason: 'expired' });
  });
});

test('a tab that crashes takes nobody with it', async ({ world, context }) => {
  const tabs = await openTabs(
    context,
    [portal, billing, reports].map((host) => world.url(host)),
    1,
  );
  const [first] = tabs;
  await login(first, { subject: 'ada' });
  await seen(tabs, { status: 'signed-in' });
  const crashed = new Set<Page>();
  for (const tab of tabs) tab.on('crash', () => crashed.add(tab));
  const devtools = await context.newCDPSession(first);
  // Never answered: there is nobody left to answer.
  devtools.send('Page.crash').catch(() => {});
  await expect.poll(() => crashed.has(first)).toBe(true);
  const late = await openApp(context, world.url(billing));
  await seen([late], { status: 'signed-in', subject: 'ada' });
  expect(await logout(late)).toBe('done');
  // The browser may have run another tab of the site in the same process.
  const survivors = tabs.filter((tab) => !crashed.has(tab));
  await seen([late, ...survivors], { status: 'signed-out', endedBy: world.origin(billing) });
});
