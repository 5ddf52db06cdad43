// What a check brings (R6, R7): one answer for all who ask; `inactive` alone signs out; what fails signs out nobody,
// and is tried again; and nothing that comes after a logout counts.

import {
  askAll,
  asked,
  askForCheck,
  billing,
  called,
  calledIn,
  dutyIs,
  events,
  expect,
  hourMs,
  login,
  logout,
  offering,
  openApp,
  openTabs,
  outcomeIsOld,
  portal,
  processed,
  reports,
  seen,
  snapshot,
  test,
  usualHub,
  type World,
} from './support/test.js';

const threeApps = (world: World) => [portal, billing, reports].map((host) => offering(world, host));

test('twelve tabs ask at once: one call, and its outcome for all', async ({ world, context }) => {
  const tabs = await openTabs(context, threeApps(world), 4);
  expect(tabs).toHaveLength(12);
  await login(tabs[0], { subject: 'ada' });
  await seen(tabs, { status: 'signed-in' });
  const { check } = world.provider;

  check.answer('held');
  const active = await askAll(tabs);
  await asked(check, 1);
  check.release({ active: true, lifeMs: hourMs });
  expect(new Set(await active())).toEqual(new Set(['active']));
  expect(check.calls()).toMatchObject([{ reason: 'request', is: 'answered' }]);
  await seen(tabs, { status: 'signed-in', expiresAt: check.calls()[0]?.expiresAt ?? 0 });

  await outcomeIsOld(tabs[0], world);
  const inactive = await askAll(tabs);
  await asked(check, 2);
  const acting = (await Promise.all(tabs.map(called))).findIndex((calls) => calls.some(({ is }) => is === 'running'));
  check.release({ active: false });
  expect(new Set(await inactive())).toEqual(new Set(['inactive']));
  const endedBy = world.origin([portal, billing, reports][Math.floor(acting / 4)] ?? '');
  await seen(tabs, { status: 'signed-out', reason: 'revoked', endedBy });
  for (const tab of tabs) {
    expect(await events(tab)).toMatchObject([{ type: 'login' }, { type: 'logout', reason: 'revoked', endedBy }]);
  }
  expect(check.calls()).toHaveLength(2);
});

test('an app without duties asks, and another app acts', async ({ world, context }) => {
  const able = await openApp(context, offering(world, portal));
  const asking = await openApp(context, world.url(billing));
  await login(asking, { subject: 'ada' });
  await seen([able, asking], { status: 'signed-in' });
  world.provider.check.answer({ active: true, lifeMs: hourMs });
  expect(await asking.evaluate(() => session.check())).toBe('active');
  expect(await called(able)).toMatchObject([{ duty: 'check', reason: 'request', is: 'done' }]);
  expect(world.provider.check.calls()).toMatchObject([{ origin: world.origin(portal) }]);
  await seen([able, asking], { status: 'signed-in', expiresAt: world.provider.check.calls()[0]?.expiresAt ?? 0 });
});

test('where nobody can check, nothing is known, and nobody is signed out', async ({ world, context }) => {
  const tabs = await openTabs(context, [offering(world, portal, ['end']), world.url(billing)], 1);
  await login(tabs[0], { subject: 'ada' });
  await seen(tabs, { status: 'signed-in' });
  const outcomes = await askAll(tabs);
  expect(await outcomes()).toEqual(['unknown', 'unknown']);
  await seen(tabs, { status: 'signed-in', subject: 'ada' });
  expect(world.provider.check.calls()).toEqual([]);
});

test('with nobody signed in there is nothing to ask', async ({ world, context }) => {
  const page = await openApp(context, offering(world, portal));
  expect(await page.evaluate(() => session.check())).toBe('inactive');
  expect(world.provider.check.calls()).toEqual([]);
});

test.describe('of an app that may not', () => {
  const origin = (host: string) => `http://${host}`;
  test.use({
    hub: {
      ...usualHub,
      apps: {
        [origin(portal)]: ['read', 'login', 'logout', 'activity'],
        [origin(billing)]: ['read', 'logout'],
        [origin(reports)]: ['read'],
      },
    },
  });

  test('a duty is not taken, and the app gets an error', async ({ world, context }) => {
    const tabs = await openTabs(context, threeApps(world), 1);
    for (const tab of [tabs[1], tabs[2]]) {
      await expect.poll(() => events(tab, 'error')).toMatchObject([{ error: { code: 'forbidden' } }]);
    }
    expect(await events(tabs[0], 'error')).toEqual([]);
    await login(tabs[0], { subject: 'ada' });
    await seen(tabs, { status: 'signed-in' });
    // Whoever has it acts, though it is hidden and those who may not are asked.
    expect(await tabs[2].evaluate(() => session.check())).toBe('active');
    expect(await calledIn([tabs[1], tabs[2]])).toMatchObject({ tabs: 0 });
    await tabs[0].close();
    await outcomeIsOld(tabs[1], world);
    const outcome = await askForCheck(tabs[1]);
    expect(await outcome()).toBe('unknown');
    expect(await logout(tabs[1])).toBe('done');
    await asked(world.provider.end, 1);
    await dutyIs(tabs[2], world, 'done');
    expect(await called(tabs[1])).toMatchObject([{ duty: 'end', reason: 'logout' }]);
    expect(await called(tabs[2])).toEqual([]);
  });
});

for (const [what, break_, mend] of [
  ['answers 500', (world) => world.provider.check.release({ status: 500 }), undefined],
  ['is offline', (world) => world.provider.stop(), (world) => world.provider.start()],
  ['does not answer at all', () => {}, undefined],
] as const satisfies readonly (readonly [
  string,
  (world: World) => unknown,
  ((world: World) => Promise<void>) | undefined,
])[]) {
  test(`a provider that ${what} signs out nobody, and is asked again`, async ({ world, context }) => {
    const tabs = await openTabs(context, threeApps(world), 1);
    await login(tabs[0], { subject: 'ada' });
    await seen(tabs, { status: 'signed-in' });
    world.provider.check.answer('held');
    const outcomes = await askAll(tabs);
    await asked(world.provider.check, 1);
    await break_(world);
    expect(await outcomes()).toEqual(['unknown', 'unknown', 'unknown']);
    await seen(tabs, { status: 'signed-in', subject: 'ada' });
    await dutyIs(tabs[0], world, 'unknown');
    const failed = await calledIn(tabs);
    expect(failed.calls).toHaveLength(1);

    const before = world.provider.check.calls().length;
    world.provider.check.answer({ active: true, lifeMs: hourMs });
    await mend?.(world);
    await asked(world.provider.check, before + 1);
    const { expiresAt = 0, reason } = world.provider.check.calls().at(-1) ?? {};
    expect(reason).toBe('retry');
    await seen(tabs, { status: 'signed-in', expiresAt });
    for (const tab of tabs) expect(await events(tab, 'logout')).toEqual([]);
    expect((await calledIn(tabs)).calls).toHaveLength(2);
  });
}

test('what the function throws is reported to its own app alone, with the cause', async ({ world, context }) => {
  const able = await openApp(context, offering(world, portal));
  const other = await openApp(context, world.url(billing));
  await login(able, { subject: 'ada' });
  await seen([able, other], { status: 'signed-in' });
  world.provider.check.answer({ status: 500 });
  const cause = able.evaluate(
    () => new Promise((resolve) => session.on('error', ({ error }) => resolve(String(error.cause)))),
  );
  expect(await other.evaluate(() => session.check())).toBe('unknown');
  expect(await cause).toBe('Error: The provider answers 500.');
  expect(await events(able, 'error')).toMatchObject([{ error: { code: 'duty-failed' } }]);
  expect(await events(other, 'error')).toEqual([]);
});

test('a page that is left during its check reports no failure, and is asked again', async ({ world, context }) => {
  const notes: string[] = [];
  world.handle(portal, '/note', (request, response) => {
    request.on('data', (text) => notes.push(`${text}`)).on('end', () => response.end());
  });
  const acting = await openApp(context, offering(world, portal));
  const asking = await openApp(context, world.url(billing));
  await login(acting, { subject: 'ada' });
  await seen([acting, asking], { status: 'signed-in' });
  const { check } = world.provider;
  check.answer('held');
  await acting.evaluate(() => {
    addEventListener('pagehide', () => navigator.sendBeacon('/note', 'left'));
    session.on('error', ({ error }) => navigator.sendBeacon('/note', error.code));
  });
  const outcome = await askForCheck(asking);
  await asked(check, 1);
  await acting.reload();
  await asked(check, 2);
  check.release({ active: true });
  expect(await outcome()).toBe('active');
  expect(notes).toEqual(['left']);
});

for (const how of ['heeds', 'does not heed'] as const) {
  test(`a logout during a check that ${how} its signal: all are signed out, and a late answer is ignored`, async ({
    world,
    context,
  }) => {
    const others = await openTabs(context, threeApps(world), 1);
    const acting = await openApp(context, `${offering(world, portal)}${how === 'heeds' ? '' : '&deaf'}`);
    const tabs = [acting, ...others];
    await login(acting, { subject: 'ada' });
    await seen(tabs, { status: 'signed-in' });
    const { check } = world.provider;
    check.answer('held');
    const [own, foreign] = [await askForCheck(acting), await askForCheck(others[1])];
    await asked(check, 1);
    expect(await called(acting)).toMatchObject([{ duty: 'check', is: 'running', aborted: false }]);

    expect(await logout(others[1])).toBe('done');
    const ended = { status: 'signed-out', reason: 'logout', endedBy: world.origin(billing) } as const;
    await seen(tabs, ended);
    expect(await Promise.all([own(), foreign()])).toEqual(['inactive', 'inactive']);
    // The end at the provider may have been asked of this tab by now, too.
    const checks = async () => (await called(acting)).filter(({ duty }) => duty === 'check');
    await expect.poll(checks).toMatchObject([{ duty: 'check', aborted: true }]);
    // The provider sees later than the page that nobody waits any more.
    if (how === 'heeds') await expect.poll(check.calls).toMatchObject([{ is: 'gone' }]);
    check.release({ active: true, lifeMs: hourMs });
    await expect.poll(checks).toMatchObject([{ is: how === 'heeds' ? 'failed' : 'done' }]);
    expect(check.calls()).toMatchObject([{ is: how === 'heeds' ? 'gone' : 'answered' }]);
    for (const tab of tabs) await processed(tab);
    await seen(tabs, ended);
    for (const tab of tabs) {
      expect((await events(tab)).map(({ type }) => type)).toEqual(['login', 'logout']);
      expect(await snapshot(tab)).not.toHaveProperty('expiresAt');
    }
  });
}
