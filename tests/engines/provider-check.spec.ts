// The hub asks the provider by itself. Its no counts only where the browser sends the provider's cookies into the hub's
// frame; elsewhere a cookie that is kept back looks the same, and nobody may be signed out for that.

import type { AskedProvider } from '../e2e/support/asked-provider.js';
import { askAll } from '../e2e/support/duties.js';
import type { Browser, EngineName, Settings, Tab } from './support/engine.js';
import { note } from './support/rows.js';
import { expect, login, seen, test, until } from './support/test.js';
import { topologies } from './support/topologies.js';

/** Somebody signs in at the provider, in a tab of their own. */
async function signIn(engine: Browser, asked: AskedProvider): Promise<void> {
  const tab = await engine.open(asked.signInUrl());
  await tab.evaluate(() => {
    (document.querySelector('input') as HTMLInputElement).value = 'ada';
  });
  await tab.click('#send');
  await until(() => tab.evaluate(() => location.pathname).catch(() => ''), 'the way back').toBe('/callback.html');
  await tab.close();
}

const check = (tab: Tab) => tab.evaluate(() => session.check());

async function noFrameIsLeft(tab: Tab): Promise<void> {
  await until(() => tab.hub.evaluate(() => document.querySelectorAll('iframe').length), 'frames').toBe(0);
}

const rows: readonly (Settings['thirdPartyCookies'] | undefined)[] = [undefined, 'blocked'];
for (const thirdPartyCookies of rows) {
  test.describe(`a provider on the site of the hub, third-party cookies ${thirdPartyCookies ?? 'as usual'}`, () => {
    test.use({ providerAt: 'sibling', settings: thirdPartyCookies ? { thirdPartyCookies } : {} });

    test('says yes, and then no, which signs out every tab', async ({ world, tabs, engine, asked }) => {
      if (!asked) throw new Error('There is no provider.');
      await signIn(engine, asked);
      const all = await tabs(world.portal, world.billing, world.portal);
      await login(all[0], { subject: 'ada' });
      await seen(all, { status: 'signed-in', subject: 'ada' });
      const answer = asked.hold();
      const outcomes = await askAll(all);
      answer();
      expect(await outcomes()).toEqual(['active', 'active', 'active']);
      expect(asked.requests()).toHaveLength(1);
      for (const tab of all) await noFrameIsLeft(tab);
      await asked.revoke();
      // An outcome of less than a second ago is used again.
      await until(() => check(all[1]), 'the outcome').toBe('inactive');
      await seen(all, { status: 'signed-out', reason: 'revoked' });
      expect(asked.requests()).toHaveLength(2);
      for (const tab of all) await noFrameIsLeft(tab);
      const blocked = thirdPartyCookies ? ', third-party cookies blocked' : '';
      note(`a provider of the hub's site is asked by the hub${blocked}`, topologies.oneSite.name, 'its yes and its no');
    });
  });
}

test.describe('a provider on another site', () => {
  test.use({ providerAt: 'magazine' });
  // WebKitGTK keeps a site from setting cookies there, and sends those that the user's own visit has left.
  const yes: Readonly<Record<EngineName, string>> = { chromium: 'active', firefox: 'unknown', webkit: 'active' };
  const yesBlocked: typeof yes = { ...yes, chromium: 'unknown' };

  test('says yes where its cookies travel, and its no ends nothing', async ({ world, tabs, engine, asked }) => {
    if (!asked) throw new Error('There is no provider.');
    await signIn(engine, asked);
    const all = await tabs(world.portal, world.billing);
    await login(all[0], { subject: 'ada' });
    await seen(all, { status: 'signed-in', subject: 'ada' });
    expect(await check(all[0])).toBe(yes[engine.name]);
    await asked.revoke();
    await until(() => check(all[1]), 'the outcome').toBe('unknown');
    await seen(all, { status: 'signed-in', subject: 'ada' });
    for (const tab of all) await noFrameIsLeft(tab);
    const counts = yes[engine.name] === 'active' ? 'its yes alone' : 'neither its yes nor its no';
    note('a provider of another site is asked by the hub', topologies.oneSite.name, counts);
  });

  test.describe('whose cookies are blocked', () => {
    test.use({ settings: { thirdPartyCookies: 'blocked' } });

    test('ends nothing by a no for want of them', async ({ world, tabs, engine, asked }) => {
      if (!asked) throw new Error('There is no provider.');
      await signIn(engine, asked);
      const [tab] = await tabs(world.portal);
      await login(tab, { subject: 'ada' });
      await seen([tab], { status: 'signed-in', subject: 'ada' });
      expect(await check(tab)).toBe(yesBlocked[engine.name]);
      await asked.revoke();
      await until(() => check(tab), 'the outcome').toBe('unknown');
      await seen([tab], { status: 'signed-in', subject: 'ada' });
      await noFrameIsLeft(tab);
    });
  });
});

test.describe('an app on another site than the hub', () => {
  test.use({ providerAt: 'sibling' });

  test("K4.1: has nobody ask, since no cookie of the hub's site is sure to travel", async ({
    world,
    tabs,
    engine,
    asked,
  }) => {
    if (!asked) throw new Error('There is no provider.');
    await signIn(engine, asked);
    const [far] = await tabs(world.partner);
    await login(far, { subject: 'ada' });
    await seen([far], { status: 'signed-in', subject: 'ada' });
    expect(await check(far)).toBe('unknown');
    expect(asked.requests()).toHaveLength(0);
    await seen([far], { status: 'signed-in', subject: 'ada' });
  });
});
