// The harness. A test gets a world of servers of its own and a Chromium, which a worker keeps for the tests with the
// usual profile: their servers never have the same port twice, so nothing that a browser keeps by origin passes from
// one to the next, and cookies are cleared.
//
//   import { billing, expect, openApp, portal, seen, test } from './support/test.js';
//   test.use({ hub: { ...usualHub, session: { idleTimeoutSeconds: 3 } }, profile: {...} });
//   test('a promise', async ({ world, context }) => {
//     const page = await openApp(context, world.url(portal));          // a tab, whose app has connected
//     await page.evaluate(() => outcome(session.login({ subject: 'ada' })));   // 'done', or an error code
//     await seen([page, …], { status: 'signed-in', subject: 'ada' });  // waits until every tab shows it
//     world.serve('evil.localhost', '/attack', html);                  // a page of one's own, at any host
//
// Only the tab opened last is visible, as for a user: in the others click, fill and waitForFunction wait for ever,
// unless the tab is brought to the front first. An app page has `session` (with `session.recorded`, its snapshots and
// events), `connect`, `join`, `outcome`, `plain` and `withSession`: pages/app.js.

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
  /** Runs first in every document. */
  readonly documentScript: DocumentScript;
};

export type DocumentScript = { readonly run?: () => void };

/** A browser for each document script, since none can be taken out again. */
type WorkerFixtures = { readonly keptBrowser: (script: DocumentScript) => Promise<BrowserContext> };
type Fixtures = { readonly world: World; readonly profileFolder: string; readonly context: BrowserContext };

const noScript: DocumentScript = {};
export const usualProfile: ProfileOptions = { thirdPartyCookies: 'allowed', storage: 'allowed' };

export const test = base.extend<Options & Fixtures, WorkerFixtures>({
  hub: [usualHub, { option: true }],
  client: [{}, { option: true }],
  profile: [usualProfile, { option: true }],
  ownBrowser: [false, { option: true }],
  documentScript: [noScript, { option: true }],
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
  context: async ({ profile, profileFolder, ownBrowser, documentScript, keptBrowser }, use) => {
    if (ownBrowser || profile !== usualProfile) {
      const { context, kill } = await start(profileFolder, documentScript, profile);
      await use(context);
      return kill();
    }
    const context = await keptBrowser(documentScript);
    const before = context.pages();
    await use(context);
    for (const page of context.pages()) if (!before.includes(page)) await page.close();
    await context.clearCookies();
  },
  keptBrowser: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures are needed.
    async ({}, use) => {
      const kept = new Map<DocumentScript, { readonly folder: string; readonly running: RunningBrowser }>();
      const end = async (script: DocumentScript) => {
        const browser = kept.get(script);
        kept.delete(script);
        await browser?.running.kill();
        if (browser) await removeProfile(browser.folder);
      };
      await use(async (script) => {
        const isAlive = kept.get(script)?.running.context.browser()?.isConnected();
        if (!isAlive) {
          await end(script);
          const folder = await createProfile(usualProfile);
          kept.set(script, { folder, running: await start(folder, script, usualProfile) });
        }
        return (kept.get(script) as { readonly running: RunningBrowser }).running.context;
      });
      for (const script of [...kept.keys()]) await end(script);
    },
    { scope: 'worker' },
  ],
});

async function start(folder: string, { run }: DocumentScript, profile: ProfileOptions): Promise<RunningBrowser> {
  const running = await launch(folder, profile);
  if (run) await running.context.addInitScript(run);
  return running;
}

export { expect } from '@playwright/test';
export * from './duties.js';
export * from './tab.js';
export * from './world.js';
