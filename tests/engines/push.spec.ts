// Push: one connection, and the server's word signs out all tabs. WebKit parts the lock by app, so that each has its own.

import { connected, startPush } from '../e2e/support/push.js';
import { note } from './support/rows.js';
import { expect, login, logout, seen, test, until } from './support/test.js';
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
  expect(push.streams()).toHaveLength(count);
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

test('the connection is closed for the back-forward cache, and is there again after Back', async ({ world, tabs }) => {
  const push = startPush(world);
  const [page] = await tabs(world.portal);
  await login(page, { subject: 'ada' });
  await connected(push);
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => void fetch(`/plain?persisted=${persisted}`));
  });
  await page.goto(world.url(world.portal, '/plain'));
  await connected(push, 0);
  await page.back();
  await until(async () => world.appRequests(), 'Back').toContain(world.url(world.portal, '/plain?persisted=true'));
  (await connected(push)).end();
  await seen([page], { status: 'signed-out', reason: 'revoked' });
  note(
    'a page with the connection of a server that pushes keeps its place in the cache',
    topologies.oneSite.name,
    'yes',
  );
});
