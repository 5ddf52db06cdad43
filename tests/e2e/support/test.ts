// The harness. A test gets a world of servers of its own and a Chromium, which a worker keeps for the tests with the usual profile: their
// servers never have the same port twice, so nothing that a browser keeps by origin passes from one to the next, and cookies are cleared.
//
//   import { billing, expect, openApp, portal, seen, test } from './support/test.js';
//   test.use({ hub: { ...usualHub, session: { idleTimeoutSeconds: 3 } }, profile: {...} });   // when the usual will not do
//   test('a promise', async ({ world, context }) => {
//     const page = await openApp(context, world.url(portal));          // a tab, whose app has connected
//     await page.evaluate(() => outcome(session.login({ subject: 'ada' })));       // 'done', or the code of the refusal
//     await seen([page, …], { status: 'signed-in', subject: 'ada' });  // waits until every tab shows it
//     world.serve('evil.localhost', '/attack', html);                  // a page of one's own, at any host
//
// Only the tab opened last is visible, as for a user: in the others click, fill and waitForFunction wait for ever, unless the tab is
// brought to the front first. In an app page stand `session` (with `session.told`, all it was told), `connect`, `join`, `outcome`, `plain` and `withSession`: pages/app.js.

import { type BrowserContext, test as base } from '@playwright/test';
import { createProfile, launch, type ProfileOptions, type RunningBrowser, removeProfile } from './browser.js';
import type { HubOptions } from './hub.js';
import { startWorld, usualHub, type World, type WorldOptions } from './world.js';

type Options = {
  readonly hub: HubOptions;
  readonly client: WorldOptions['connect'];
  readonly profile: ProfileOptions;
  /** For what stays in a browser when its tabs are closed. */
  readonly ownBrowser: boolean;
};

type WorkerFixtures = { readonly keptBrowser: () => Promise<BrowserContext> };
type Fixtures = { readonly world: World; readonly profileFolder: string; readonly context: BrowserContext };

export const usualProfile: ProfileOptions = { thirdPartyCookies: 'allowed', storage: 'allowed' };

export const test = base.extend<Options & Fixtures, WorkerFixtures>({
  hub: [usualHub, { option: true }],
  client: [{}, { option: true }],
  profile: [usualProfile, { option: true }],
  ownBrowser: [false, { option: true }],
  world: async ({ hub, client }, use) => {
    const world = await startWorld({ hub, connect: client });
    await use(world);
    await world.close();
  },
  profileFolder: async ({ profile }, use) => {
    const folder = await createProfile(profile);
    await use(folder);
    await removeProfile(folder);
  },
  context: async ({ profile, profileFolder, ownBrowser, keptBrowser }, use) => {
    if (ownBrowser || profile !== usualProfile) {
      const { context, kill } = await launch(profileFolder);
      await use(context);
      return kill();
    }
    const context = await keptBrowser();
    const before = context.pages();
    await use(context);
    for (const page of context.pages()) if (!before.includes(page)) await page.close();
    await context.clearCookies();
  },
  keptBrowser: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures are needed.
    async ({}, use) => {
      let folder: string | undefined;
      let running: RunningBrowser | undefined;
      const end = async () => {
        await running?.kill();
        if (folder) await removeProfile(folder);
      };
      await use(async () => {
        if (!running?.context.browser()?.isConnected()) {
          await end();
          folder = await createProfile(usualProfile);
          running = await launch(folder);
        }
        return running.context;
      });
      await end();
    },
    { scope: 'worker' },
  ],
});

export { expect } from '@playwright/test';
export * from './duties.js';
export * from './tab.js';
export * from './world.js';
