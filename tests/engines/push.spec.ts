// Push: one connection, and the server signs out all tabs. WebKit parts the lock by app, so that each has its own.

import { createPushServer, toNodeHandler } from '../../js-glue/server/index.js';
import { connected, pushing, startPush } from '../e2e/support/push.js';
import { makeIssuer } from '../unit/server/issuer.js';
import type { Tab } from './support/engine.js';
import { note, noteFigures, quantile } from './support/rows.js';
import { expect, login, logout, seen, type TestWorld, test, until } from './support/test.js';
import { topologies } from './support/topologies.js';

test.use({ push: true });

/** `TABS=50 ROUNDS=100` measures what docs/performance.md says of Firefox. */
const tabCount = Number(process.env.TABS ?? 6);
const rounds = Number(process.env.ROUNDS ?? 3);

test('the server ends the session of all tabs, over as few connections as the browser has locks', async ({
  world,
  tabs,
  engine,
}) => {
  const push = startPush(world);
  const all = await tabs(world.portal, world.portal, world.billing, world.billing);
  await login(all[0], { subject: 'ada', sessionId: 'sid-1' });
  await seen(all, { status: 'signed-in', subject: 'ada' });
  const count = engine.name === 'webkit' ? 2 : 1;
  const stream = await connected(push, count);
  stream.end();
  await seen(all, { status: 'signed-out', reason: 'revoked' });
  await until(async () => push.open().length, 'connections').toBe(0);
  expect(push.most()).toBe(count);
  note(
    'connections to a server that pushes, with two tabs of each of two apps',
    topologies.oneSite.name,
    String(count),
  );
  await login(all[3], { subject: 'grace' });
  await connected(push, count);
  expect(await logout(all[0])).toBe('done');
  await seen(all, { status: 'signed-out', reason: 'logout' });
  await connected(push, 0);
  note('the server signs out every tab, and a logout closes the connection', topologies.oneSite.name, 'yes');
});

test('each logout token at the server signs out every tab of three apps', async ({ world, tabs, engine }) => {
  test.setTimeout(60_000 + tabCount * (2_000 + rounds * 100));
  const issuer = await makeIssuer(pushing.issuer);
  const server = createPushServer({ issuers: [{ issuer: issuer.name, clientIds: ['portal'] }], fetch: issuer.fetch });
  const apps = [world.portal, world.billing, world.reports];
  const perApp = engine.name === 'webkit';
  const streamCount = perApp ? apps.length : 1;
  let open = 0;
  const respond = toNodeHandler(server.events);
  world.hub.handle('/events', (request, response) => {
    open++;
    response.once('close', () => --open);
    respond(request, response);
  });
  const all = await tabs(...Array.from({ length: tabCount }, (_, index) => apps[index % apps.length] ?? ''));
  for (const tab of all)
    await tab.evaluate(() => {
      const revokedAt: number[] = [];
      session.on('logout', () => revokedAt.push(performance.timeOrigin + performance.now()));
      Object.assign(window, { revokedAt });
    });
  const lastMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const sessionId = `sid-${round}`;
    expect(await login(all[0], { subject: 'ada', sessionId })).toBe('done');
    await seen(all, { status: 'signed-in', subject: 'ada' });
    await until(async () => server.health().streams, 'streams').toBe(streamCount);
    // While one tab follows another there may be one more, until the server learns of the close.
    await until(async () => open, 'connections').toBe(streamCount);
    const body = new URLSearchParams({ logout_token: await issuer.logoutToken({ sid: sessionId, sub: undefined }) });
    const start = performance.timeOrigin + performance.now();
    const answer = await server.backchannelLogout(new Request('http://localhost/', { method: 'POST', body }));
    expect(answer.status).toBe(200);
    // Asked only now: to ask a page of its state takes its time.
    await until(async () => server.health().streams, 'streams').toBe(0);
    await seen(all, { status: 'signed-out', reason: 'revoked' });
    // The end of a connection may come later than that of its stream.
    await until(async () => open, 'connections').toBe(0);
    const times: number[] = [];
    for (const tab of all)
      times.push(await tab.evaluate((at) => Reflect.get(window, 'revokedAt')[at] as number, round));
    lastMs.push(Math.max(...times) - start);
  }
  await server.close();
  noteFigures({
    name: `a logout token at the server, to the last of ${tabCount} tabs of three apps`,
    rounds,
    p50: quantile(lastMs, 0.5),
    p99: quantile(lastMs, 0.99),
  });
  note('each logout token at the server signs out every tab of three apps', topologies.oneSite.name, 'yes');
});

// Firefox keeps no page that has a lock, waits for one, or has ever asked for one.
for (const who of ['has', 'waits for'] as const) {
  test(`a page that ${who} the connection goes back, and is right`, async ({ world, tabs, engine }) => {
    const push = startPush(world);
    const [holder, waiter] = await tabs(world.portal, world.portal);
    await login(holder, { subject: 'ada' });
    await seen([waiter], { status: 'signed-in' });
    await connected(push);
    const isKept = await cached(who === 'has' ? holder : waiter, world);
    (await connected(push)).end();
    await seen([holder, waiter], { status: 'signed-out', reason: 'revoked' });
    if (engine.name !== 'firefox') expect(isKept).toBe(true);
    const item = `with push, the page that ${who} the connection is kept for Back`;
    note(item, topologies.oneSite.name, isKept ? 'yes' : 'no');
  });
}

/** Whether Back brings the page out of the cache. */
async function cached(page: Tab, world: TestWorld): Promise<boolean> {
  await page.evaluate(() => {
    Object.assign(window, { kept: true });
  });
  await page.goto(world.url(world.portal, '/plain'));
  await page.back();
  await until(() => page.evaluate(() => document.documentElement.dataset.app).catch(() => ''), 'Back').toBe('running');
  return page.evaluate(() => 'kept' in window);
}
