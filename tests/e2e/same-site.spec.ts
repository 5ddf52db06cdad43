// One session over tabs of three apps on three same-site origins: logins, logouts, their reasons, races between them,
// late comers, reloads, capabilities.

import {
  billing,
  events,
  everything,
  expect,
  finishLogin,
  hubFrame,
  hubHost,
  login,
  logout,
  openApp,
  openTabs,
  portal,
  reports,
  running,
  seen,
  setLifecycle,
  snapshot,
  test,
  threeApps,
} from './support/test.js';

test('a login and a logout reach two tabs of each of three apps, with the reason and who did it', async ({
  world,
  context,
}) => {
  const tabs = await openTabs(context, threeApps(world), 2);
  const [first, , , inBilling] = tabs;
  await seen(tabs, {
    status: 'signed-out',
    reason: 'never',
    scope: 'shared',
    medium: 'local-storage',
    upgrade: 'none',
  });
  const expiresAt = Date.now() + 3_600_000;
  expect(await login(first, { subject: 'ada', sessionId: 'sid-1', expiresAt, claims: { name: 'Ada' } })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'ada', sessionId: 'sid-1', expiresAt, claims: { name: 'Ada' } });
  expect(await logout(inBilling)).toBe('done');
  const ended = { reason: 'logout', endedBy: world.origin(billing) } as const;
  await seen(tabs, { status: 'signed-out', ...ended });
  for (const tab of tabs) {
    expect(await events(tab)).toMatchObject([{ type: 'login' }, { type: 'logout', ...ended }]);
    expect(await snapshot(tab)).not.toHaveProperty('subject');
    expect(await snapshot(tab)).not.toHaveProperty('claims');
  }
});

test('another user signs in: every tab gets the change and from whom', async ({ world, context }) => {
  const tabs = await openTabs(context, threeApps(world), 2);
  const [first, , third] = tabs;
  await login(first, { subject: 'ada' });
  await seen(tabs, { subject: 'ada' });
  expect(await login(third, { subject: 'grace' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'grace' });
  for (const tab of tabs) {
    expect(await events(tab)).toMatchObject([{ type: 'login' }, { type: 'user-change', from: 'ada' }]);
  }
});

test('a second login into the same session renews it and is no event', async ({ world, context }) => {
  const tabs = await openTabs(context, threeApps(world), 2);
  const [first, , third] = tabs;
  await login(first, { subject: 'ada', sessionId: 'sid-1', expiresAt: Date.now() + 60_000 });
  const expiresAt = Date.now() + 3_600_000;
  await login(third, { subject: 'ada', sessionId: 'sid-1', expiresAt });
  await seen(tabs, { subject: 'ada', expiresAt });
  for (const tab of tabs) expect(await events(tab)).toMatchObject([{ type: 'login' }]);
});

test('a logout ends the session its app saw, not one created since (R2)', async ({ world, context }) => {
  const tabs = await openTabs(context, threeApps(world), 1);
  const [slow, quick] = tabs;
  await login(quick, { subject: 'ada' });
  await seen(tabs, { subject: 'ada' });

  // Frozen, the slow tab cannot learn of the new session before it logs out of the old one.
  await setLifecycle(slow, 'frozen');
  expect(await login(quick, { subject: 'grace', expiresAt: Date.now() + 60_000 })).toBe('done');
  const before = await slow.evaluate(() => {
    Object.assign(window, { late: outcome(session.logout()) });
    return session.getSnapshot().subject;
  });
  expect(before).toBe('ada');
  await setLifecycle(slow, 'active');
  expect(await slow.evaluate(() => Reflect.get(window, 'late'))).toBe('done');

  // Had the logout ended the new session, it would have done so before this renewal.
  const expiresAt = Date.now() + 3_600_000;
  await login(quick, { subject: 'grace', expiresAt });
  await seen(tabs, { status: 'signed-in', subject: 'grace', expiresAt });
  for (const tab of tabs) expect(await events(tab, 'logout')).toEqual([]);
});

test('a login that began before the logout does not bring the session back, one that began after it does (R1)', async ({
  world,
  context,
}) => {
  const tabs = await openTabs(context, threeApps(world), 1);
  const [first, second, third] = tabs;
  await login(first, { subject: 'ada', sessionId: 'sid-1' });
  await logout(second);
  await seen(tabs, { status: 'signed-out', reason: 'logout' });
  for (const sessionId of ['sid-1', 'sid-2', undefined]) {
    expect(await finishLogin(third, { subject: 'ada', sessionId })).toBe('session-ended');
  }
  await seen(tabs, { status: 'signed-out', reason: 'logout' });
  expect(await login(third, { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await seen(tabs, { status: 'signed-in', sessionId: 'sid-1' });
});

test('six tabs that log in and out at once agree in the end', async ({ world, context }) => {
  const tabs = await openTabs(context, threeApps(world), 2);
  for (let round = 1; round <= 5; round++) {
    const acts = tabs.map((tab, index) =>
      index % 3 === 0 ? logout(tab) : login(tab, { subject: `user-${round}-${index}` }),
    );
    // A login that races with a logout may lose.
    for (const outcome of await Promise.all(acts)) expect(outcome).toMatch(/^(done|session-ended)$/);
    const late = await openApp(context, world.url(portal));
    const shown = () => Promise.all([late, ...tabs].map(async (tab) => JSON.stringify(await snapshot(tab))));
    await expect.poll(async () => new Set(await shown()).size).toBe(1);
    await late.close();
  }
});

test('a tab that is opened later finds the session, or its end', async ({ world, context }) => {
  const first = await openApp(context, world.url(portal));
  await login(first, { subject: 'ada', claims: { name: 'Ada' } });
  const second = await openApp(context, world.url(billing));
  await seen([second], { status: 'signed-in', subject: 'ada', claims: { name: 'Ada' } });
  await logout(second);
  const third = await openApp(context, world.url(reports));
  await seen([third], { status: 'signed-out', reason: 'logout', endedBy: world.origin(billing) });
  // What was so before the tab came is no event to it.
  expect(await events(third)).toEqual([]);
});

test('the session outlives all of its tabs', async ({ world, context }) => {
  const first = await openApp(context, world.url(portal));
  await login(first, { subject: 'ada' });
  await first.close();
  await seen([await openApp(context, world.url(billing))], { status: 'signed-in', subject: 'ada' });
});

test('an app that is reloaded is back in lockstep', async ({ world, context }) => {
  const tabs = await openTabs(context, threeApps(world), 1);
  const [first, second] = tabs;
  await login(first, { subject: 'ada' });
  await first.reload();
  await running(first);
  await seen([first], { status: 'signed-in', subject: 'ada' });
  expect(await events(first)).toEqual([]);
  await logout(second);
  await seen(tabs, { status: 'signed-out', endedBy: world.origin(billing) });
  expect(await login(first, { subject: 'grace' })).toBe('done');
  await seen(tabs, { subject: 'grace' });
});

test('a hub that is reloaded gets a hello again, and its app keeps its state meanwhile', async ({ world, context }) => {
  const tabs = await openTabs(context, threeApps(world), 1);
  const [first, second] = tabs;
  await login(first, { subject: 'ada' });
  await seen(tabs, { subject: 'ada' });
  const before = await first.evaluate(() => session.recorded.length);
  const reloaded = first.waitForEvent('framenavigated', (frame) => frame.url() === world.hub.url);
  await hubFrame(first, world.hub.url).evaluate(() => location.reload());
  await reloaded;
  await login(second, { subject: 'grace' });
  await seen(tabs, { subject: 'grace' });
  const since = (await first.evaluate(() => session.recorded)).slice(before);
  expect(since.map(({ type, status }) => `${type} ${status ?? ''}`.trim())).toEqual([
    'snapshot signed-in',
    'user-change',
  ]);
  expect(await logout(first)).toBe('done');
  await seen(tabs, { status: 'signed-out', endedBy: world.origin(portal) });
});

test.describe('with capabilities', () => {
  test.use({
    hub: {
      host: hubHost,
      apps: {
        [`http://${portal}`]: everything,
        [`http://${billing}`]: ['read'],
        [`http://${reports}`]: ['read', 'logout'],
      },
    },
  });

  test('what an app may not do is refused and changes nothing', async ({ world, context }) => {
    const tabs = await openTabs(context, threeApps(world), 2);
    const [may, , reader, , ender] = tabs;
    expect(await login(reader, { subject: 'mallory' })).toBe('forbidden');
    expect(await login(ender, { subject: 'mallory' })).toBe('forbidden');
    expect(await login(may, { subject: 'ada' })).toBe('done');
    await seen(tabs, { status: 'signed-in', subject: 'ada' });
    expect(await logout(reader)).toBe('forbidden');
    expect(await logout(ender)).toBe('done');
    await seen(tabs, { status: 'signed-out', endedBy: world.origin(reports) });
    for (const tab of tabs) expect((await events(tab)).map(({ type }) => type)).toEqual(['login', 'logout']);
  });
});
