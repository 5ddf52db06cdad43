// The harness. A test gets a world of servers and a Chromium of its own:
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
import { createProfile, launch, type ProfileOptions, removeProfile } from './browser.js';
import type { HubOptions } from './hub.js';
import { startWorld, usualHub, type World, type WorldOptions } from './world.js';

type Options = {
  readonly hub: HubOptions;
  readonly client: WorldOptions['connect'];
  readonly profile: ProfileOptions;
};

type Fixtures = { readonly world: World; readonly profileFolder: string; readonly context: BrowserContext };

export const usualProfile: ProfileOptions = { thirdPartyCookies: 'allowed', storage: 'allowed' };

export const test = base.extend<Options & Fixtures>({
  hub: [usualHub, { option: true }],
  client: [{}, { option: true }],
  profile: [usualProfile, { option: true }],
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
  context: async ({ profileFolder }, use) => {
    const { context, kill } = await launch(profileFolder);
    await use(context);
    await kill();
  },
});

export { expect } from '@playwright/test';
export * from './duties.js';
export * from './tab.js';
export * from './world.js';
