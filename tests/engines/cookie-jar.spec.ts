// The cookie that carries the record in Firefox and WebKit, and what else has a hand in it: the hub's server and what
// is in front of it, other hosts of the site, whose cookies push it out of the jar, and the user, who clears.

import type { Browser, Place, Tab } from './support/engine.js';
import { note } from './support/rows.js';
import { events, expect, login, logout, openApp, seen, snapshot, type TestWorld, test, until } from './support/test.js';
import { topologies } from './support/topologies.js';

const site = topologies.oneSite.name;

/** What no rule for injected JSON, script or SQL takes for any of these. */
const plainCookies = /^[\w%~=; -]*$/;

test('K6.3: a firewall in front of the hub has nothing to refuse, and little to carry', async ({
  world,
  engine,
  tabs,
}) => {
  const headers: string[] = [];
  world.hub.refuse(({ cookie = '' }) => {
    headers.push(cookie);
    return !plainCookies.test(cookie) || cookie.length > 1_024;
  });
  const [first] = await tabs(world.portal);
  const claims = { name: "Ada O'Hara <ada@acme.com>", roles: ['{"admin"}', 'select * from; --'] };
  expect(await login(first, { subject: 'ada', sessionId: 'sid-1', claims })).toBe('done');
  const second = await openApp(engine, world.url(world.billing));
  await seen([first, second], { status: 'signed-in', subject: 'ada', claims });
  expect(await logout(second)).toBe('done');
  const third = await openApp(engine, world.url(world.billing));
  await seen([first, second, third], { status: 'signed-out', reason: 'logout' });
  // Where the record is in a cookie, the hub's server gets it.
  const carries = engine.name !== 'chromium';
  expect(headers.some((cookie) => /__Host-lockstep-\d/.test(cookie))).toBe(carries);
  note('a firewall refuses what looks like JSON: a tab that is opened later finds the session', site, 'yes');
});

/** As on a busy machine: later than a hub waits for it, also when it has been probed again. */
const late = `<script>
  const add = window.cookieStore?.addEventListener.bind(cookieStore);
  if (add) cookieStore.addEventListener = (type, listener, ...options) =>
    add(type, (event) => setTimeout(listener, 800, event), ...options);
</script>`;

test('a browser that reports changes late keeps no tab apart for ever', async ({ world, engine, tabs }) => {
  const { scope, medium } = topologies.oneSite.in[engine.name];
  // The page's policy knows its script by its hash.
  world.hub.alterHeaders((headers) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-security-policy$/i.test(name))),
  );
  world.hub.alterPage((html) =>
    html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '').replace('<title>', `${late}<title>`),
  );
  const [first, second] = await tabs(world.portal, world.billing);
  await seen([first, second], { scope, medium });
  expect(await login(first, { subject: 'ada' })).toBe('done');
  await seen([second], { status: 'signed-in', subject: 'ada' });
  note('the browser reports changes of cookies later than a hub waits: the tabs are in lockstep', site, 'yes');
});

test('K6.4: cookies of a sibling host that push out those of the hub end nothing', async ({ world, engine, tabs }) => {
  const [first, second] = await tabs(world.portal, world.billing);
  expect(await login(first, { subject: 'ada' })).toBe('done');
  await seen([first, second], { status: 'signed-in', subject: 'ada' });
  await flood(world, engine);
  const late = await openApp(engine, world.url(world.portal));
  await seen([first, second, late], { status: 'signed-in', subject: 'ada', scope: 'shared' });
  expect(await logout(late)).toBe('done');
  await seen([first, second], { status: 'signed-out', reason: 'logout' });
  for (const tab of [first, second]) expect((await events(tab)).map(({ type }) => type)).toEqual(['login', 'logout']);
  note("a sibling host's cookies push out those of the hub: the session goes on", site, 'yes');
});

test('K6.4: a sibling host that pushes them out again and again leaves the tabs apart, and ends nothing', async ({
  world,
  engine,
  tabs,
}) => {
  const { scope, medium } =
    engine.name === 'firefox'
      ? ({ scope: 'partitioned', medium: 'local-storage' } as const)
      : topologies.oneSite.in[engine.name];
  const [first, second] = await tabs(world.portal, world.billing);
  expect(await login(first, { subject: 'ada' })).toBe('done');
  await seen([first, second], { status: 'signed-in', subject: 'ada', scope: 'shared' });
  const sibling = await engine.open(world.url(world.sibling, '/plain'));
  await sibling.evaluate((domain) => {
    let round = 0;
    setInterval(() => {
      round++;
      for (let count = 0; count < 200; count++) {
        document.cookie = `flood-${round}-${count}=1; Domain=${domain}; Path=/; Secure; Max-Age=3600`;
      }
    }, 250);
  }, world.acme);
  for (const tab of [first, second]) {
    await expect.poll(async () => (await snapshot(tab)).scope, { timeout: 40_000 }).toBe(scope);
    expect(await snapshot(tab)).toMatchObject({ status: 'signed-in', subject: 'ada', medium });
    expect((await events(tab)).map(({ type }) => type).filter((type) => type !== 'scope')).toEqual(['login']);
  }
  const result = engine.name === 'firefox' ? 'signed in, and said to be partitioned' : 'in lockstep';
  note("a sibling host's cookies push out those of the hub again and again", site, result);
});

test.describe('kept until the browser is closed', () => {
  test.use({ persistence: 'browser' });

  test("K6.4: cookies of a sibling host that push out the sign of the browser's run end nothing", async ({
    world,
    engine,
    tabs,
  }) => {
    const [first] = await tabs(world.portal);
    expect(await login(first, { subject: 'ada' })).toBe('done');
    await flood(world, engine);
    const late = await openApp(engine, world.url(world.billing));
    await seen([first, late], { status: 'signed-in', subject: 'ada' });
    note(
      '`persistence: "browser"`: a sibling host\'s cookies push out those of the hub: the session goes on',
      site,
      'yes',
    );
  });
});

test('K6.4: what the user clears ends the session, as cleared', async ({ world, engine, tabs }) => {
  const [first, second] = await tabs(world.portal, world.billing);
  expect(await login(first, { subject: 'ada' })).toBe('done');
  await seen([first, second], { status: 'signed-in', subject: 'ada' });
  world.hub.handle('/clear', (_, response) =>
    response.writeHead(200, { 'clear-site-data': '"cookies", "storage"', 'content-type': 'text/html' }).end('cleared'),
  );
  const cleared = await engine.open(`${world.hub.origin}/clear`);
  // WebKitGTK knows the header, and clears by it what is the first party's alone. A user clears every part.
  if (engine.name === 'webkit') await clearParts(cleared, first, second);
  await seen([first, second], { status: 'signed-out', reason: 'cleared' });
});

/** The cookies of the hub's host, and the storage of each of its frames. */
async function clearParts(page: Place, ...tabs: readonly Tab[]): Promise<void> {
  for (const { hub } of tabs) await hub.evaluate(() => localStorage.clear());
  await page.evaluate(() => {
    for (const pair of document.cookie.split('; '))
      document.cookie = `${pair.split('=')[0]}=; Max-Age=0; Path=/; Secure`;
  });
}

/** Firefox drops the record's cookie for these. WebKitGTK keeps more of a site, and Chromium has the record in none. */
async function flood(world: TestWorld, engine: Browser): Promise<void> {
  const watcher = await engine.open(world.hub.plainUrl);
  await watcher.evaluate(() => {
    const dropped: string[] = [];
    cookieStore.addEventListener('change', ({ deleted }) => dropped.push(...deleted.map(({ name = '' }) => name)));
    Object.assign(window, { dropped });
  });
  const sibling = await engine.open(world.url(world.sibling, '/plain'));
  await sibling.evaluate((domain) => {
    for (let count = 0; count < 250; count++) {
      document.cookie = `flood-${count}=1; Domain=${domain}; Path=/; Secure; Max-Age=3600`;
    }
  }, world.acme);
  await sibling.close();
  if (engine.name !== 'firefox') return;
  const dropped = () => watcher.evaluate(() => String(Reflect.get(window, 'dropped')));
  await until(dropped, "the record's cookie is dropped").toMatch(/__Host-lockstep-\d/);
}
