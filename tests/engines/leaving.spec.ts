// Leaving the page is normal: to the login page and back, and for good. The end-to-end tests have the other cases.

import { appPage } from '../e2e/support/app-page.js';
import type { Tab } from './support/engine.js';
import { note } from './support/rows.js';
import { connected, events, expect, login, logout, openApp, seen, snapshot, test, until } from './support/test.js';
import { topologies } from './support/topologies.js';

const site = topologies.oneSite.name;

const href = (tab: Tab) => tab.evaluate(() => location.href).catch((error) => String(error));

test('K3.2: a login under way is not interrupted', async ({ world, engine, tabs }) => {
  const asked: string[] = [];
  world.handle(world.partner, '/login', ({ url = '' }, response) => {
    asked.push(url);
    const location = world.url(world.portal, `/callback?code=secret-${asked.length}&state=s`);
    response.writeHead(302, { location, 'cache-control': 'no-store' }).end();
  });
  let answer: (() => void) | undefined;
  world.handle(world.portal, '/token', (_, response) => {
    answer = () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"sub":"ada"}');
  });
  const page = appPage(
    world,
    `lockstep.followLogin(session, { loginUrl: '${world.url(world.partner, '/login')}' });
if (location.pathname === '/callback') {
  history.replaceState(null, '', '/app');
  const { sub } = await (await fetch('/token', { method: 'POST' })).json();
  await session.login({ subject: sub });
}`,
  );
  for (const path of ['/app', '/callback']) world.serve(world.portal, path, page);
  const [other] = await tabs(world.billing);
  const tab = await engine.open(world.url(world.portal, '/app'));
  await until(async () => answer !== undefined, 'the exchange').toBe(true);
  await until(() => snapshot(tab).catch(() => undefined), 'the page').toMatchObject({ status: 'signed-out' });
  answer?.();
  await seen([tab, other], { status: 'signed-in', subject: 'ada' });
  expect(asked).toHaveLength(1);
  note('K3.2: a login that is being finished is not interrupted by `followLogin`', site, 'yes');
});

test('K3.3: Back to a page that was left goes to the login page again, and shows nothing', async ({
  world,
  engine,
  tabs,
}) => {
  const [other] = await tabs(world.billing);
  const loginUrl = world.url(world.billing, '/plain');
  world.serve(
    world.portal,
    '/app',
    appPage(
      world,
      `window.shows = [];
addEventListener('pageshow', ({ persisted }) => {
  // What the user sees is in the address of the login page, since this page is gone by then.
  shows.push(persisted);
  const isShown = getComputedStyle(document.documentElement).display !== 'none';
  const kept = 'persisted=' + persisted + '&shown=' + isShown;
  window.navigate = (url) => location.assign(url + '&' + kept);
});
lockstep.followLogin(session, {
  loginUrl: '${loginUrl}',
  navigate: (url) => (window.navigate ?? ((first) => location.assign(first)))(url),
});`,
    ),
  );
  await login(other, { subject: 'ada' });
  const tab = await openApp(engine, world.url(world.portal, '/app'));
  await seen([tab], { status: 'signed-in' });
  expect(await logout(other)).toBe('done');
  await until(() => href(tab), 'the login page').toContain(loginUrl);
  await tab.show();
  await tab.back().catch(() => {}); // it is not where the driver went any more
  await until(() => href(tab), 'the login page again').toContain('persisted=true&shown=false');

  // Somebody is signed in when the user goes back: then the page is shown.
  await login(other, { subject: 'grace' });
  await tab.back();
  await until(() => href(tab), 'the app').toContain('/app');
  await seen([tab], { status: 'signed-in', subject: 'grace' });
  await until(() => tab.evaluate(() => getComputedStyle(document.documentElement).display), 'shown').toBe('block');
  note(
    'K3.3: Back to an app that was left, out of the cache, goes to the login page again and shows nothing',
    site,
    'yes',
  );
});

test('K3.4: an app that is opened after the end learns it', async ({ world, tabs, engine }) => {
  const [first, closed] = await tabs(world.portal, world.billing);
  await login(first, { subject: 'ada' });
  await seen([first, closed], { status: 'signed-in', subject: 'ada' });
  await closed.close();
  await logout(first);
  const again = await openApp(engine, world.url(world.billing));
  await connected(again);
  expect(await events(again)).toMatchObject([{ type: 'logout', reason: 'logout' }]);
  await login(first, { subject: 'ada' });
  await seen([again], { subject: 'ada' });
  await again.close();
  await login(first, { subject: 'grace' });
  const changed = await openApp(engine, world.url(world.billing));
  await connected(changed);
  expect(await events(changed)).toMatchObject([{ type: 'user-change', from: 'ada' }]);
  note('K3.4: an app that is opened after its session has ended, or become another user’s, learns it', site, 'yes');
});
