// Pages and networks that make it hard for a hub: the app learns by name what is wrong, runs on, and is well when the
// hub is.

import { note } from './support/rows.js';
import {
  connected,
  events,
  expect,
  login,
  logout,
  openApp,
  running,
  seen,
  snapshot,
  test,
  until,
} from './support/test.js';
import { topologies } from './support/topologies.js';

const site = topologies.oneSite.name;

test.use({ timeoutMs: 2_000 });

test('an app that isolates itself from other origins (COEP) is in lockstep', async ({ world, tabs }) => {
  world.appHeaders(world.portal, {
    'Cross-Origin-Embedder-Policy': 'require-corp',
  });
  const [isolated, second] = await tabs(world.portal, world.billing);
  await seen([isolated, second], { status: 'signed-out' });
  expect(await login(isolated, { subject: 'ada' })).toBe('done');
  await seen([isolated, second], { status: 'signed-in', subject: 'ada' });
  expect(await logout(second)).toBe('done');
  await seen([isolated, second], { status: 'signed-out', reason: 'logout' });
  note('an app with COEP require-corp', site, 'in lockstep');
});

const refusals = {
  'an app in a sandbox, which has no origin': {
    policy: 'sandbox allow-scripts',
    code: 'origin-refused',
  },
  "an app whose policy's frame-src leaves the hub out": {
    policy: "frame-src 'self'",
    code: 'frame-blocked',
  },
} as const;

for (const [item, { policy, code }] of Object.entries(refusals)) {
  test(`${item}: ${code}`, async ({ world, tabs, engine }) => {
    const [second] = await tabs(world.billing);
    await seen([second], { status: 'signed-out' });
    await login(second, { subject: 'ada' });
    world.appHeaders(world.portal, { 'Content-Security-Policy': policy });
    const page = await engine.open(world.url(world.portal));
    await running(page);
    await until(() => snapshot(page), 'the snapshot').toMatchObject({ status: 'unavailable', error: { code } });
    await seen([page], { scope: 'alone', medium: 'memory' });
    expect(await login(page, { subject: 'mallory' })).toBe(code);
    await seen([second], { status: 'signed-in', subject: 'ada' });
    note(item, site, `error: ${code}`);
  });
}

test('a blocker keeps the hub from the page: hub-unreachable, until it lets go', async ({ world, engine }) => {
  // As the page sees it, a blocker and a closed port are one: no connection.
  await world.hub.stop();
  const page = await engine.open(world.url(world.portal));
  await running(page);
  await until(() => snapshot(page), 'the snapshot').toMatchObject({ error: { code: 'hub-unreachable' } });
  expect(await login(page, { subject: 'ada' })).toBe('hub-unreachable');
  await world.hub.start();
  await seen([page], { status: 'signed-out', reason: 'never' });
  expect(await login(page, { subject: 'ada' })).toBe('done');
  await seen([await openApp(engine, world.url(world.billing))], { status: 'signed-in', subject: 'ada' });
  note("the hub's host is blocked", site, 'error: hub-unreachable, and healed by itself');
});

test('the hub goes offline under running apps, and one of them reloads', async ({ world, tabs }) => {
  // As deployed: the page is asked for anew after five minutes, its files are kept for good.
  world.hub.keepPage();
  const [first, second] = await tabs(world.portal, world.billing);
  await seen([first, second], { status: 'signed-out' });
  await login(first, { subject: 'ada' });
  await seen([second], { status: 'signed-in' });
  await world.hub.stop();
  expect(await logout(second)).toBe('done');
  await seen([first], { status: 'signed-out', reason: 'logout' });
  await first.reload();
  await connected(first);
  const { status, error } = await snapshot(first);
  await world.hub.start();
  await seen([first, second], { status: 'signed-out', reason: 'logout', endedBy: world.origin(world.billing) });
  expect((await events(second)).map(({ type }) => type)).toEqual(['login', 'logout']);
  note(
    'the hub is offline and an app reloads',
    site,
    error ? `error: ${error.code}, and healed by itself` : `${status}, from the cache`,
  );
});
