// The tab that has taken up a duty goes away in the middle of it: crashed, closed, frozen, gone to another page.
// Another tab takes over, at once where the browser lets the hub say that it goes, else when the claim ends, and what
// the first one still says is ignored (R6).

import type { BrowserContext, CDPSession, Page } from '@playwright/test';
import {
  asked,
  askForCheck,
  billing,
  called,
  dutyIs,
  expect,
  hourMs,
  hubFrame,
  login,
  logout,
  offering,
  openApp,
  openTabs,
  portal,
  processed,
  reports,
  seen,
  setLifecycle,
  storedRecord,
  type Tabs,
  test,
  type World,
} from './support/test.js';

const lateLifeMs = hourMs * 2;

/** Three apps; the first one's check is under way, and the provider keeps it waiting. */
async function inMidCheck(world: World, context: BrowserContext): Promise<Tabs> {
  const urls = [portal, billing, reports].map((host) => offering(world, host));
  const tabs = await openTabs(context, urls, 1);
  await login(tabs[0], { subject: 'ada' });
  await seen(tabs, { status: 'signed-in' });
  world.provider.check.answer('held', { active: true, lifeMs: hourMs });
  await askForCheck(tabs[0]);
  await asked(world.provider.check, 1);
  expect(await called(tabs[0])).toMatchObject([{ duty: 'check', reason: 'request', is: 'running' }]);
  await dutyIs(tabs[1], world, 'claimed');
  return tabs;
}

/** When the current claim ends. */
async function claimEnd(tab: Page, world: World): Promise<number> {
  const { duty } = await storedRecord(tab, world);
  expect(duty?.state).toBe('claimed');
  return duty?.at ?? 0;
}

/** The second call is the last, and its answer holds in these tabs. */
async function takenOver(world: World, tabs: readonly Page[]): Promise<{ readonly at: number }> {
  await asked(world.provider.check, 2);
  const second = world.provider.check.calls()[1];
  expect(second?.is).toBe('answered');
  await seen(tabs, { status: 'signed-in', subject: 'ada', expiresAt: second?.expiresAt ?? 0 });
  await dutyIs(tabs[0] as Page, world, 'done');
  expect(world.provider.check.calls()).toHaveLength(2);
  return { at: second?.at ?? 0 };
}

for (const [how, go] of Object.entries({
  closed: (tab: Page, _: World) => tab.close(),
  'gone to another page': (tab: Page, world: World) => tab.goto(world.url(portal, '/plain')),
  'gone to another origin': (tab: Page, world: World) => tab.goto(world.url('elsewhere.localhost', '/plain')),
})) {
  test(`a tab that is ${how} in mid-check hands over at once`, async ({ world, context }) => {
    const [first, ...others] = await inMidCheck(world, context);
    const end = await claimEnd(others[0] as Page, world);
    const outcome = await askForCheck(others[0] as Page);
    await go(first as Page, world);
    const { at } = await takenOver(world, others);
    expect(at).toBeLessThan(end);
    expect(await outcome()).toBe('active');
  });
}

/** A tab that comes anew, and asks before anybody's second call is answered: else it would get a third. */
async function askAnew(world: World, context: BrowserContext) {
  const late = await openApp(context, offering(world, billing));
  const outcome = await askForCheck(late);
  await asked(world.provider.check, 2);
  world.provider.check.release({ active: true, lifeMs: hourMs });
  return { late, outcome };
}

/** Returns when the browser has reported it. */
async function crash(tabs: readonly Page[], devtools: CDPSession): Promise<ReadonlySet<Page>> {
  const crashed = new Set<Page>();
  for (const tab of tabs) tab.on('crash', () => crashed.add(tab));
  // Never answered: there is nobody left to answer.
  devtools.send('Page.crash').catch(() => {});
  await expect.poll(() => crashed.has(tabs[0] as Page)).toBe(true);
  return crashed;
}

test('a tab whose app crashes in mid-check is relieved', async ({ world, context }) => {
  const tabs = await inMidCheck(world, context);
  world.provider.check.answer('held');
  const crashed = await crash(tabs, await context.newCDPSession(tabs[0]));
  // The browser may have run every tab of the site in the same process, so one comes anew. Chromium runs the hub in a
  // process of its own, where it lives long enough to hand over; elsewhere its claim has to end.
  const { late, outcome } = await askAnew(world, context);
  await takenOver(world, [late, ...tabs.filter((tab) => !crashed.has(tab))]);
  expect(await outcome()).toBe('active');
});

test('a hub that crashes in mid-check is relieved when its claim ends', async ({ world, context }) => {
  const tabs = await inMidCheck(world, context);
  const end = await claimEnd(tabs[1], world);
  world.provider.check.answer('held');
  // Chromium runs the hubs of all tabs in one process, so that none of these is left.
  await crash(tabs, await context.newCDPSession(hubFrame(tabs[0], world.hub.url)));
  const { late, outcome } = await askAnew(world, context);
  const { at } = await takenOver(world, [late]);
  expect(at).toBeGreaterThanOrEqual(end);
  expect(await outcome()).toBe('active');
});

test('a tab that is frozen in mid-check is relieved when its claim ends, and ignored when it wakes', async ({
  world,
  context,
}) => {
  const [first, second, third] = await inMidCheck(world, context);
  const end = await claimEnd(second, world);
  await setLifecycle(first, 'frozen');
  const { at } = await takenOver(world, [second, third]);
  expect(at).toBeGreaterThanOrEqual(end);
  const expiresAt = world.provider.check.calls()[1]?.expiresAt ?? 0;
  world.provider.check.release({ active: true, lifeMs: lateLifeMs });
  await setLifecycle(first, 'active');
  await expect.poll(() => called(first)).not.toMatchObject([{ is: 'running' }]);
  await processed(first);
  await seen([first, second, third], { status: 'signed-in', expiresAt });
  expect(world.provider.check.calls()).toHaveLength(2);
});

test('a page in the back-forward cache holds nothing, and offers its duties again when it is back', async ({
  world,
  context,
}) => {
  const spectator = await openApp(context, world.url(billing));
  const page = await openApp(context, offering(world, portal));
  await login(page, { subject: 'ada' });
  await seen([page, spectator], { status: 'signed-in' });
  world.provider.check.answer('held', { active: true, lifeMs: hourMs });
  const locks = () =>
    hubFrame(spectator, world.hub.url).evaluate(async () => ((await navigator.locks.query()).held ?? []).length);
  await askForCheck(page);
  await asked(world.provider.check, 1);
  expect(await locks()).toBe(1);
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => {
      document.documentElement.dataset.persisted = String(persisted);
    });
  });

  await page.goto(world.url(portal, '/plain'));
  await dutyIs(spectator, world, 'wanted');
  await expect.poll(locks).toBe(0);
  const other = await openApp(context, offering(world, reports));
  await takenOver(world, [spectator, other]);
  const expiresAt = world.provider.check.calls()[1]?.expiresAt ?? 0;

  // A page out of that cache is not loaded, so there is no `load` to wait for.
  await page.goBack({ waitUntil: 'commit' });
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.persisted)).toBe('true');
  await seen([page, spectator, other], { status: 'signed-in', expiresAt });
  await expect.poll(() => called(page)).toMatchObject([{ is: 'failed', aborted: true }]);

  await other.close();
  await seen([page], { status: 'signed-in', expiresAt });
  expect(await logout(spectator)).toBe('done');
  await asked(world.provider.end, 1);
  await dutyIs(spectator, world, 'done');
  expect(await called(page)).toMatchObject([{ duty: 'check' }, { duty: 'end', reason: 'logout', is: 'done' }]);
});
