// Leaving the page is normal: to the login page and back, to the provider and back, for good. No login that is under
// way is interrupted, nobody goes round in circles, and an app that was away learns what it missed.

import type { IncomingMessage } from 'node:http';
import type { Page } from '@playwright/test';
import { appPage } from './support/app-page.js';
import { events, login, logout, openApp, openPage, running, seen } from './support/tab.js';
import { expect, test } from './support/test.js';
import { billing, portal, reports, usualHub, type World } from './support/world.js';

const provider = 'login.provider.localhost';
const loginHost = 'login.acme.localhost';

test.use({ hub: { ...usualHub, apps: { ...usualHub.apps, [`http://${loginHost}`]: ['read', 'login', 'logout'] } } });

const query = ({ url = '' }: IncomingMessage) => new URL(url, 'http://any').searchParams;
const redirect = (location: string) => ({ location, 'cache-control': 'no-store' });

test.describe('K3.2: a login under way', () => {
  const exchanging = (world: World, how: string) =>
    appPage(
      world,
      `lockstep.followLogin(session, { loginUrl: '${world.url(provider, '/login')}' });
if (location.pathname === '/callback') {
  const code = new URLSearchParams(location.search).get('code');
  ${how === 'at once' ? "history.replaceState(null, '', '/app');" : ''}
  const { sub } = await (await fetch('/token?code=' + code, { method: 'POST' })).json();
  await session.login({ subject: sub });
  history.replaceState(null, '', '/app');
}`,
    );

  for (const how of ['at once', 'at the end']) {
    test(`is not interrupted, where the app clears the address ${how}, and its code goes nowhere`, async ({
      world,
      context,
    }) => {
      const asked: URLSearchParams[] = [];
      world.handle(provider, '/login', (request, response) => {
        asked.push(query(request));
        response.writeHead(302, redirect(world.url(portal, `/callback?code=secret-${asked.length}&state=s`))).end();
      });
      let answer: (() => void) | undefined;
      world.handle(portal, '/token', (_, response) => {
        answer = () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"sub":"ada"}');
      });
      for (const path of ['/app', '/callback']) world.serve(portal, path, exchanging(world, how));

      const other = await openApp(context, world.url(billing));
      const page = await openPage(context, world.url(portal, '/app'));
      await expect.poll(() => answer, { message: 'the code is exchanged' }).toBeDefined();
      await seen([page], { status: 'signed-out' });
      answer?.();
      await seen([page, other], { status: 'signed-in', subject: 'ada' });
      await expect.poll(() => page.url()).toBe(world.url(portal, '/app'));
      expect(asked.map((each) => each.get('return'))).toEqual([world.url(portal, '/app')]);

      // What ends later leads to the login page again, with an address that has nothing of the answer in it.
      expect(await logout(other)).toBe('done');
      await expect.poll(() => asked.length).toBe(2);
      expect(asked[1]?.get('return')).toBe(world.url(portal, '/app'));
    });
  }

  test('whose login page leads straight back is tried twice, and then reported', async ({ world, context }) => {
    const asked: URLSearchParams[] = [];
    world.handle(provider, '/login', (request, response) => {
      asked.push(query(request));
      response.writeHead(302, redirect(query(request).get('return') ?? '')).end();
    });
    const following = `lockstep.followLogin(session, { loginUrl: '${world.url(provider, '/login')}' });`;
    world.serve(portal, '/app', appPage(world, following));
    const page = await openPage(context, world.url(portal, '/app'));
    await expect.poll(() => events(page, 'error').catch(() => [])).toMatchObject([{ code: 'login-loop' }]);
    expect(asked).toHaveLength(2);

    // Whoever reloads the page means it.
    await page.reload();
    await expect.poll(() => asked.length).toBe(4);
    await expect.poll(() => events(page, 'error').catch(() => [])).toMatchObject([{ code: 'login-loop' }]);
    const other = await openApp(context, world.url(billing));
    await login(other, { subject: 'ada' });
    await seen([page, other], { status: 'signed-in', subject: 'ada' });
  });
});

test.describe('K3.4: an app that is opened after its session has ended', () => {
  /** Each app has a session at its own server, which it ends at `logout` and `user-change`. */
  function serveApps(world: World): { readonly users: (host: string) => readonly string[] } {
    const sessions = new Map<string, Map<string, string>>();
    const idOf = ({ headers }: IncomingMessage) => /server=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? '';
    let count = 0;
    for (const host of [portal, billing]) {
      const own = new Map<string, string>();
      sessions.set(host, own);
      world.handle(host, '/server/login', (request, response) => {
        count += 1;
        own.set(`s${count}`, query(request).get('user') ?? '');
        response.writeHead(204, { 'set-cookie': `server=s${count}; HttpOnly; Path=/` }).end();
      });
      world.handle(host, '/server/logout', (request, response) => {
        own.delete(idOf(request));
        response.writeHead(204, { 'set-cookie': 'server=; Max-Age=0; Path=/' }).end();
      });
      world.handle(host, '/server/me', (request, response) => {
        response.writeHead(200, { 'cache-control': 'no-store' }).end(own.get(idOf(request)) ?? 'nobody');
      });
      const ending = `const end = ({ own }) => own || fetch('/server/logout', { method: 'POST', keepalive: true });
for (const type of ['logout', 'user-change']) session.on(type, end);`;
      world.serve(host, '/app', appPage(world, ending));
    }
    return { users: (host) => [...(sessions.get(host)?.values() ?? [])] };
  }

  async function signIn(page: Page, user: string): Promise<void> {
    await page.evaluate((name) => fetch(`/server/login?user=${name}`, { method: 'POST' }).then(() => null), user);
    expect(await login(page, { subject: user, sessionId: `sid-${user}` })).toBe('done');
  }

  async function open(world: World, context: Parameters<typeof openPage>[0], host: string): Promise<Page> {
    const page = await openPage(context, world.url(host, '/app'));
    await running(page);
    await page.evaluate(() => session.ready.then(() => null));
    return page;
  }

  for (const next of ['nobody', 'grace']) {
    test(`and is ${next}'s by now learns it, and ends what its server still has`, async ({ world, context }) => {
      const { users } = serveApps(world);
      const first = await open(world, context, portal);
      const closed = await open(world, context, billing);
      await signIn(first, 'ada');
      await seen([first, closed], { status: 'signed-in', subject: 'ada' });
      await signIn(closed, 'ada');
      await closed.close();
      expect(await logout(first)).toBe('done');
      if (next === 'grace') await signIn(first, 'grace');
      expect(users(billing)).toEqual(['ada']);

      const again = await open(world, context, billing);
      const missed = next === 'grace' ? { type: 'user-change', from: 'ada' } : { type: 'logout', reason: 'logout' };
      expect(await events(again)).toMatchObject([missed]);
      await expect.poll(() => users(billing)).toEqual([]);
      expect(await again.evaluate(() => fetch('/server/me').then((response) => response.text()))).toBe('nobody');

      // Once is enough.
      const third = await open(world, context, billing);
      await seen([third], next === 'grace' ? { subject: 'grace' } : { status: 'signed-out' });
      expect(await events(third)).toEqual([]);
    });
  }
});

test('K3.6: the tab that has acted knows its own act: it is not reloaded by its own login', async ({
  world,
  context,
}) => {
  const reloading = "session.on('user-change', ({ own }) => own || location.reload());";
  for (const host of [portal, billing, reports]) world.serve(host, '/app', appPage(world, reloading));
  const tabs: Page[] = [];
  for (const host of [portal, billing, reports]) tabs.push(await openPage(context, world.url(host, '/app')));
  const [acting, ...others] = tabs as [Page, ...Page[]];
  for (const tab of tabs) await running(tab);
  await login(acting, { subject: 'ada' });
  await seen(tabs, { status: 'signed-in', subject: 'ada' });
  const wasReloaded = (tab: Page) =>
    tab.evaluate(
      () => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).type === 'reload',
    );

  expect(await login(acting, { subject: 'grace' })).toBe('done');
  for (const tab of others) {
    await expect.poll(() => wasReloaded(tab).catch(() => false)).toBe(true);
    await running(tab);
  }
  await seen(tabs, { status: 'signed-in', subject: 'grace' });
  expect(await wasReloaded(acting)).toBe(false);
  expect(await events(acting)).toMatchObject([
    { type: 'login', own: true },
    { type: 'user-change', from: 'ada', own: true },
  ]);
  expect(await logout(acting)).toBe('done');
  expect(await events(acting, 'logout')).toMatchObject([{ own: true }]);
  for (const tab of others) {
    await expect.poll(() => events(tab, 'logout')).toHaveLength(1);
    expect((await events(tab, 'logout'))[0]).not.toHaveProperty('own');
  }
});

test('K3.7: the way back outlives the way to the provider', async ({ world, context }) => {
  // The provider leads back to another page of the login app, which knows nothing of where the user came from.
  world.handle(provider, '/authorize', (_, response) => {
    response.writeHead(302, redirect(world.url(loginHost, '/callback?code=secret&state=s'))).end();
  });
  const returning = `lockstep.returnWhenSignedIn(session, { fallback: '${world.url(portal, '/plain')}' });`;
  world.serve(loginHost, '/login', appPage(world, returning));
  world.serve(
    loginHost,
    '/callback',
    appPage(world, `${returning}\nhistory.replaceState(null, '', '/done');\nsession.login({ subject: 'ada' });`),
  );
  const following = `lockstep.followLogin(session, { loginUrl: '${world.url(loginHost, '/login')}' });`;
  for (const host of [portal, billing]) world.serve(host, '/orders', appPage(world, following));
  const address = world.url(billing, '/orders?id=42&tag=%C3%BC#row-7');
  const page = await openPage(context, address);
  const waiting = await openPage(context, world.url(portal, '/orders'));
  for (const tab of [page, waiting]) {
    await expect.poll(() => tab.url()).toContain(world.url(loginHost, '/login'));
    await running(tab);
  }
  await page.bringToFront();
  await page.evaluate(
    (url) => {
      session.beginLogin();
      location.assign(url);
    },
    world.url(provider, '/authorize'),
  );
  await expect.poll(() => page.url()).toBe(address);
  await expect.poll(() => waiting.url()).toBe(world.url(portal, '/orders'));
  for (const tab of [page, waiting]) await running(tab);
  await seen([page, waiting], { status: 'signed-in', subject: 'ada' });
});
