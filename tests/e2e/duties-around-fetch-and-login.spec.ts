// What apps put around the session: `withSession` around fetch, and the way to the login page and back.

import type { Page } from '@playwright/test';
import {
  asked,
  billing,
  expect,
  hourMs,
  login,
  offering,
  openApp,
  openPage,
  openTabs,
  outcomeIsOld,
  portal,
  reports,
  running,
  seen,
  test,
  usualHub,
  type World,
} from './support/test.js';

const hosts = [portal, billing, reports] as const;

/** Asks the API through `withSession`; sets the page's `data-refused` when a 401 has led to a check. */
function request(tab: Page, url: string): Promise<number> {
  return tab.evaluate(async (api) => {
    const check = () => {
      const outcome = session.check();
      document.documentElement.dataset.refused = 'yes';
      return outcome;
    };
    return (await withSession(fetch, { check })(api, { cache: 'no-store' })).status;
  }, url);
}

async function refused(tab: Page): Promise<void> {
  await expect.poll(() => tab.evaluate(() => document.documentElement.dataset.refused)).toBe('yes');
  // What this page has asked for before is processed.
  await tab.evaluate(() => session.allows(location.origin));
}

for (const { lives, statuses, calls } of [
  { lives: true, statuses: [200, 200, 200], calls: 6 },
  { lives: false, statuses: [401, 401, 401], calls: 3 },
]) {
  const then = lives ? 'each tries once more' : 'each gets the 401, and is signed out';
  test(`withSession: a 401 in three tabs leads to one check, and ${then}`, async ({ world, context }) => {
    const { api, check } = world.provider;
    const tabs = await openTabs(
      context,
      hosts.map((host) => offering(world, host)),
      1,
    );
    await login(tabs[0], { subject: 'ada' });
    await seen(tabs, { status: 'signed-in' });
    api.answer({ status: 401 });
    check.answer('held');
    const answers = tabs.map((tab) => request(tab, `${world.provider.url}/api`));
    for (const tab of tabs) await refused(tab);
    await asked(check, 1);
    expect(api.calls()).toHaveLength(3);
    api.answer({ status: 200 });
    check.release(lives ? { active: true, lifeMs: hourMs } : { active: false });
    expect(await Promise.all(answers)).toEqual(statuses);
    expect(check.calls()).toHaveLength(1);
    expect(api.calls()).toHaveLength(calls);
    await seen(tabs, lives ? { status: 'signed-in' } : { status: 'signed-out', reason: 'revoked' });
  });
}

test('withSession: a second 401 is what the caller gets, and a provider that fails no reason to try again', async ({
  world,
  context,
}) => {
  const tab = await openApp(context, offering(world, portal));
  await login(tab, { subject: 'ada' });
  const { api, check } = world.provider;
  api.answer({ status: 401 });
  expect(await request(tab, `${world.provider.url}/api`)).toBe(401);
  expect([check.calls().length, api.calls().length]).toEqual([1, 2]);

  // Where it is not known whether the session lives, one 401 is enough.
  await outcomeIsOld(tab, world);
  check.answer({ status: 500 });
  expect(await request(tab, `${world.provider.url}/api`)).toBe(401);
  expect([check.calls().length, api.calls().length]).toEqual([2, 3]);
  await seen([tab], { status: 'signed-in' });
});

const loginHost = 'login.acme.localhost';
test.describe('to the login page and back', () => {
  test.use({
    hub: { ...usualHub, apps: { ...usualHub.apps, [`http://${loginHost}`]: ['read', 'login', 'logout'] } },
  });

  const page = (world: World, name: string, call: string) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${name}</title>
<script type="module">
import { connect, ${name} } from '/lockstep.js';
window.session = connect({ hub: '${world.hub.url}' });
Object.assign(window, {
    plain: (value) => JSON.parse(JSON.stringify(value)),
    outcome: (promise) => promise.then(() => 'done', ({ code }) => code),
  });
${name}(session, ${call});
document.documentElement.dataset.app = 'running';
</script></html>`;

  function serve(world: World): void {
    const loginUrl = world.url(loginHost, '/login?theme=dark');
    world.serve('*', '/orders', page(world, 'followLogin', JSON.stringify({ loginUrl })));
    const fallback = world.url(portal, '/plain');
    world.serve(loginHost, '/login', page(world, 'returnWhenSignedIn', JSON.stringify({ fallback })));
  }

  const onLoginPage = async (tab: Page, world: World) => {
    await expect.poll(() => tab.url()).toContain(world.url(loginHost, '/login'));
    await running(tab);
    await seen([tab], { status: 'signed-out' });
  };

  test('four tabs of three apps wait at the login page; after one login each is back where it was', async ({
    world,
    context,
  }) => {
    serve(world);
    const addresses = [
      world.url(portal, '/orders?id=42&tag=a%20b&tag=%C3%BC#row-7'),
      world.url(portal, '/orders?id=43'),
      world.url(billing, '/orders?return=http://evil.localhost/&next=%2F#'),
      world.url(reports, '/orders#/year/2026?q=1&r=2'),
    ];
    const tabs: Page[] = [];
    for (const address of addresses) tabs.push(await openPage(context, address));
    for (const [index, tab] of tabs.entries()) {
      await onLoginPage(tab, world);
      const { searchParams } = new URL(tab.url());
      expect(searchParams.get('theme')).toBe('dark');
      expect(searchParams.getAll('return')).toEqual([addresses[index]]);
    }
    // Not awaited: the page may be gone before it is answered.
    await (tabs[2] as Page).evaluate(() => void session.login({ subject: 'ada' }));
    for (const [index, tab] of tabs.entries()) {
      await expect.poll(() => tab.url()).toBe(addresses[index]);
      await running(tab);
      await seen([tab], { status: 'signed-in', subject: 'ada' });
    }
    await (tabs[0] as Page).evaluate(() => void session.logout());
    for (const tab of tabs) await onLoginPage(tab, world);
  });

  const elsewhere: Readonly<Record<string, (world: World) => string>> = {
    'of an origin that is not allowed': (world) => world.url('evil.localhost', '/orders'),
    'that is missing': () => '',
  };
  for (const [what, address] of Object.entries(elsewhere)) {
    test(`a return address ${what} leads to the fallback`, async ({ world, context }) => {
      serve(world);
      const url = new URL(world.url(loginHost, '/login'));
      if (address(world)) url.searchParams.set('return', address(world));
      const tab = await openPage(context, url.href);
      await onLoginPage(tab, world);
      // In another tab, since this page may be gone before it is answered.
      const other = await openApp(context, world.url(billing));
      expect(await login(other, { subject: 'ada' })).toBe('done');
      await expect.poll(() => tab.url()).toBe(world.url(portal, '/plain'));
    });
  }
});
