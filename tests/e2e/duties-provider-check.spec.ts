// `check.issuer`: the hub asks the provider itself, by silent authentication in a frame, and no app and no server of
// one's own needs a duty. Only an answer that is certain is one (PROTOCOL.md §5).

import type { BrowserContext } from '@playwright/test';
import { type AskedProvider, clientId, startAskedProvider } from './support/asked-provider.js';
import {
  test as base,
  dutyIs,
  events,
  expect,
  login,
  openTabs,
  seen,
  snapshot,
  type Tabs,
  threeApps,
  usualHub,
  type World,
} from './support/test.js';

const test = base.extend<{ readonly asked: AskedProvider }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures are needed.
  asked: async ({}, use) => {
    const asked = await startAskedProvider('login.acme.localhost');
    await use(asked);
    await asked.close();
  },
  hub: async ({ asked }, use) => use({ ...usualHub, check: asked.check }),
  world: async ({ world, asked }, use) => {
    asked.register(world.hub.url);
    await use(world);
  },
});

/** Ada signs in at the provider, in a tab of her own, and in one app. */
async function signedIn(world: World, asked: AskedProvider, context: BrowserContext, each: number): Promise<Tabs> {
  const page = await context.newPage();
  await page.goto(asked.signInUrl());
  await page.fill('input', 'ada');
  await page.click('#send');
  await page.waitForURL(/callback\.html\?code=/);
  await page.close();
  const tabs = await openTabs(context, threeApps(world), each);
  await login(tabs[0], { subject: 'ada' });
  await seen(tabs, { status: 'signed-in', subject: 'ada' });
  return tabs;
}

/** Asks in one tab. No frame may be left of it in any. */
async function checked(tabs: Tabs, world: World): Promise<string> {
  const outcome = await tabs[0].evaluate(() => session.check());
  for (const tab of tabs) await expect.poll(() => framesBelowHub(tab, world)).toBe(0);
  return outcome;
}

function framesBelowHub(tab: Tabs[number], world: World): number {
  return tab.frames().filter((frame) => frame.parentFrame()?.url().startsWith(world.hub.url)).length;
}

test('six tabs: one request for all of them, and a code is a yes', async ({ world, asked, context }) => {
  const tabs = await signedIn(world, asked, context, 2);
  const outcomes = await Promise.all(tabs.map((tab) => tab.evaluate(() => session.check())));
  expect(new Set(outcomes)).toEqual(new Set(['active']));
  expect(asked.requests()).toHaveLength(1);
  const [query = new URLSearchParams()] = asked.requests();
  expect(Object.fromEntries(query)).toMatchObject({
    client_id: clientId,
    redirect_uri: `${world.hub.url}callback.html`,
    response_type: 'code',
    scope: 'openid',
    prompt: 'none',
    code_challenge_method: 'S256',
  });
  const random = ['state', 'nonce', 'code_challenge'].map((name) => query.get(name) ?? '');
  expect(new Set(random).size).toBe(3);
  for (const text of random) expect(text).toMatch(/^[\w-]{43}$/);
  await seen(tabs, { status: 'signed-in', subject: 'ada' });
});

test('a session that was ended at the provider is ended in every tab', async ({ world, asked, context }) => {
  const tabs = await signedIn(world, asked, context, 2);
  await asked.revoke();
  expect(await checked(tabs, world)).toBe('inactive');
  await seen(tabs, { status: 'signed-out', reason: 'revoked' });
  for (const tab of tabs) {
    expect(await snapshot(tab)).not.toHaveProperty('endedBy');
    expect(await events(tab)).toMatchObject([{ type: 'login' }, { type: 'logout', reason: 'revoked' }]);
  }
  expect(asked.requests()).toHaveLength(1);
});
void dutyIs;
