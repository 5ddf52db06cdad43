// Push: one connection, and the server signs out all tabs. WebKit parts the lock by app, so that each has its own.

import { connected, startPush } from '../e2e/support/push.js';
import type { Tab } from './support/engine.js';
import { note } from './support/rows.js';
import { expect, login, logout, seen, type TestWorld, test, until } from './support/test.js';
import { topologies } from './support/topologies.js';

test.use({ push: true });

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
