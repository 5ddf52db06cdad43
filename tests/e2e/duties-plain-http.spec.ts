// Duties on plain http, on host names that are no secure context, where there are no locks: a claim is written,
// settles, and is read again (R6).

import type { Page } from '@playwright/test';
import {
  asked,
  askForCheck,
  called,
  calledIn,
  dutyIs,
  everything,
  expect,
  hourMs,
  hubFrame,
  login,
  logout,
  offering,
  openPage,
  openTabs,
  outcomeIsOld,
  recorded,
  seen,
  setLifecycle,
  snapshot,
  storedRecord,
  test,
  type World,
} from './support/test.js';

const names = ['portal.acme.test', 'billing.acme.test', 'reports.acme.test'] as const;
const threeApps = (world: World) => names.map((name) => offering(world, name));

/** The expiries that this tab showed. */
async function renewals(tab: Page): Promise<readonly unknown[]> {
  const all = (await recorded(tab)).map(({ expiresAt }) => expiresAt).filter((at) => at !== undefined);
  return [...new Set(all)];
}

test.use({
  hub: {
    host: 'hub.acme.test',
    apps: Object.fromEntries(names.map((name) => [`http://${name}`, everything])),
    session: { checkBeforeExpirySeconds: 5 },
  },
});

test('six tabs: one check when it is due, one for all who ask, one end', async ({ world, context }) => {
  const tabs = await openTabs(context, threeApps(world), 2);
  expect(await tabs[0].evaluate(() => [isSecureContext, 'locks' in navigator])).toEqual([false, false]);
  const { check, end } = world.provider;
  check.answer({ active: true, lifeMs: hourMs });
  await login(tabs[0], { subject: 'ada', expiresAt: Date.now() + 10_000 });
  await asked(check, 1);
  const due = check.calls()[0]?.expiresAt ?? 0;
  await seen(tabs, { status: 'signed-in', expiresAt: due });
  for (const tab of tabs) await dutyIs(tab, world, 'done');
  expect(check.calls()).toMatchObject([{ reason: 'expiry' }]);

  await outcomeIsOld(tabs[0], world);
  check.answer('held');
  const first = await askForCheck(tabs[0]);
  await asked(check, 2);
  for (const tab of tabs) await dutyIs(tab, world, 'claimed');
  const outcomes = [first, ...(await Promise.all(tabs.slice(1).map(askForCheck)))];
  check.release({ active: true, lifeMs: hourMs * 2 });
  expect(new Set(await Promise.all(outcomes.map((outcome) => outcome())))).toEqual(new Set(['active']));
  await seen(tabs, { status: 'signed-in', expiresAt: check.calls()[1]?.expiresAt ?? 0 });
  expect(check.calls()).toHaveLength(2);

  // Hidden tabs leave the end two seconds longer to the tab of the logout than a visible one.
  await openPage(context, world.url(names[0] as string, '/plain'));
  for (const tab of tabs)
    await expect.poll(() => hubFrame(tab, world.hub.url).evaluate(() => document.visibilityState)).toBe('hidden');
  expect(await logout(tabs[2])).toBe('done');
  await asked(end, 1);
  for (const tab of tabs) await dutyIs(tab, world, 'done');
  expect(end.calls()).toMatchObject([{ reason: 'logout', is: 'answered' }]);
  expect((await calledIn(tabs)).calls).toHaveLength(3);
  expect((await called(tabs[2])).at(-1)).toMatchObject({ duty: 'end', is: 'done' });
});

test('six tabs that ask in the same moment: one outcome for all, whoever else has acted', async ({
  world,
  context,
}) => {
  const tabs = await openTabs(context, threeApps(world), 2);
  await login(tabs[0], { subject: 'ada' });
  await seen(tabs, { status: 'signed-in' });
  const { check } = world.provider;
  check.answer('held');
  const outcomes = await Promise.all(tabs.map(askForCheck));
  await asked(check, 1);
  check.answer({ active: true, lifeMs: hourMs * 2 });
  check.release({ active: true, lifeMs: hourMs });
  expect(new Set(await Promise.all(outcomes.map((outcome) => outcome())))).toEqual(new Set(['active']));
  for (const tab of tabs) await dutyIs(tab, world, 'done');
  // On a busy machine a write may take longer than a claim settles, and then two tabs act. The epoch lets one of them
  // count.
  const { expiresAt = 0 } = await snapshot(tabs[0]);
  expect(check.calls().map((call) => call.expiresAt)).toContain(expiresAt);
  await seen(tabs, { status: 'signed-in', expiresAt });
  for (const tab of tabs) expect(await renewals(tab)).toEqual([expiresAt]);
});

for (const how of ['closed', 'frozen'] as const) {
  test(`a tab that is ${how} in mid-check is relieved`, async ({ world, context }) => {
    const [first, second, third] = await openTabs(context, threeApps(world), 1);
    await login(first, { subject: 'ada' });
    await seen([first, second, third], { status: 'signed-in' });
    const { check } = world.provider;
    check.answer('held', { active: true, lifeMs: hourMs });
    await askForCheck(first);
    await asked(check, 1);
    await dutyIs(second, world, 'claimed');
    const { duty } = await storedRecord(second, world);
    const outcome = await askForCheck(second);
    if (how === 'closed') await first.close();
    else await setLifecycle(first, 'frozen');
    await asked(check, 2);
    const call = check.calls()[1];
    await seen([second, third], { status: 'signed-in', expiresAt: call?.expiresAt ?? 0 });
    expect(await outcome()).toBe('active');
    expect(check.calls()).toHaveLength(2);
    expect((call?.at ?? 0) < (duty?.at ?? 0)).toBe(how === 'closed');
  });
}
