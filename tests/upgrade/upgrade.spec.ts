// An upgrade reaches a company's apps and its hub on different days, and a tab that is open keeps what it has loaded.
// So every order must be in lockstep: an earlier app with the hub of now, an app of now with an earlier hub, and both
// hubs in one browser (PROTOCOL.md §4.7).

import type { BrowserContext, Page } from '@playwright/test';
import {
  billing,
  expect,
  hubFrame,
  login,
  logout,
  openApp,
  portal,
  seen,
  test,
  type World,
} from '../e2e/support/test.js';
import { type BuildName, serveApp, serveHub, versionOf } from './builds.js';

test.use({ ownBrowser: true });

const open = (context: BrowserContext, world: World, host: string, app: BuildName): Promise<Page> =>
  openApp(context, world.url(host, serveApp(world, app)));

/** The release of the hub that this page has loaded. */
const hubOf = (page: Page, world: World): Promise<string | null> =>
  hubFrame(page, world.hub.url).locator('meta[name="generator"]').getAttribute('content');

/** What one tab does, the others are shown: a login in the first, a logout in the last, and a login again. */
async function areInLockstep(world: World, tabs: readonly [Page, ...Page[]]): Promise<void> {
  const [first, last] = [tabs[0], tabs.at(-1) as Page];
  expect(await login(first, { subject: 'ada', sessionId: 'one', claims: { name: 'Ada' } })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'ada', claims: { name: 'Ada' }, scope: 'shared' });
  expect(await logout(last)).toBe('done');
  await seen(tabs, { status: 'signed-out', reason: 'logout', endedBy: world.origin(billing) });
  expect(await login(last, { subject: 'grace', sessionId: 'two' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'grace' });
}

test('the two builds are not the same', () => {
  expect(versionOf('older')).not.toBe(versionOf('newer'));
});

for (const [app, hub] of [
  ['older', 'newer'],
  ['newer', 'older'],
] as const) {
  test(`the ${app} app with the ${hub} hub`, async ({ world, context }) => {
    serveHub(world, hub);
    const tabs = [await open(context, world, portal, app), await open(context, world, billing, app)] as const;
    expect(await hubOf(tabs[0], world)).toBe(`Lockstep ${versionOf(hub)}`);
    await areInLockstep(world, tabs);
  });

  test(`a tab with the ${hub} hub and a tab with the ${app} one, which was opened later`, async ({
    world,
    context,
  }) => {
    serveHub(world, hub);
    const before = await open(context, world, portal, hub);
    serveHub(world, app);
    const after = await open(context, world, billing, app);
    expect([await hubOf(before, world), await hubOf(after, world)]).toEqual([
      `Lockstep ${versionOf(hub)}`,
      `Lockstep ${versionOf(app)}`,
    ]);
    await areInLockstep(world, [before, after]);
  });

  test(`a session that the ${hub} hub has stored is the ${app} one's, too`, async ({ world, context }) => {
    serveHub(world, hub);
    const tab = await open(context, world, portal, hub);
    expect(await login(tab, { subject: 'ada', sessionId: 'one', claims: { name: 'Ada' } })).toBe('done');
    serveHub(world, app);
    await tab.goto(world.url(portal, serveApp(world, app)));
    await seen([tab], { status: 'signed-in', subject: 'ada', sessionId: 'one', claims: { name: 'Ada' } });
    expect(await logout(tab)).toBe('done');
    serveHub(world, hub);
    await tab.goto(world.url(portal, serveApp(world, hub)));
    await seen([tab], { status: 'signed-out', reason: 'logout' });
  });
}
