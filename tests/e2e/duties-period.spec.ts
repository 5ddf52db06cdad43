// The provider is asked once a period, whatever the number of tabs (R6): by the clock, after two logins at once, and by
// a laptop that wakes. Calls are counted where they arrive.

import type { Page } from '@playwright/test';
import {
  asked,
  billing,
  called,
  calledIn,
  dutyIs,
  events,
  expect,
  hourMs,
  login,
  offering,
  openTabs,
  portal,
  recorded,
  reports,
  seen,
  setLifecycle,
  snapshot,
  storedRecord,
  type Tabs,
  test,
  usualHub,
  type World,
} from './support/test.js';

const hosts = [portal, billing, reports] as const;
const beforeMs = 4_000;
/** A check falls due this long before expiry, but never before half of the life is over. */
test.use({ hub: { ...usualHub, session: { checkBeforeExpirySeconds: beforeMs / 1_000 } } });

/** The expiries that this tab showed, one after the other. */
async function expiries(tab: Page): Promise<readonly unknown[]> {
  const all = (await recorded(tab)).map(({ expiresAt }) => expiresAt).filter((at) => at !== undefined);
  return all.filter((at, index) => at !== all[index - 1]);
}

/**
 * Lets the checks of so many periods go by, and one more that ends the last of them, and waits for what each brought to
 * stand in every tab. There was one in each period.
 */
async function onePerPeriod(
  world: World,
  tabs: Tabs,
  periods: 2 | 3,
  begin: (expiresAt: number) => Promise<unknown>,
): Promise<void> {
  const { check } = world.provider;
  const life = { active: true, lifeMs: beforeMs * 2 } as const;
  check.answer(life, ...Array<typeof life>(periods - 1).fill(life), { active: true, lifeMs: hourMs });
  const first = Date.now() + life.lifeMs;
  await begin(first);
  await asked(check, periods + 1);
  const calls = check.calls();
  const shown = [first, ...calls.map(({ expiresAt }) => expiresAt as number)];
  await seen(tabs, { status: 'signed-in', expiresAt: shown.at(-1) as number });
  await dutyIs(tabs[0], world, 'done');
  expect(check.calls()).toHaveLength(periods + 1);
  for (const [index, { at, reason }] of calls.entries()) {
    expect(reason).toBe('expiry');
    expect(at).toBeGreaterThanOrEqual((shown[index] as number) - beforeMs);
  }
  for (const tab of tabs) expect(await expiries(tab), tab.url()).toEqual(shown);
  expect((await calledIn(tabs)).calls).toHaveLength(periods + 1);
}

for (const count of [1, 10, 30]) {
  test(`${count} tabs, one check a period, and every tab shows the new expiry`, async ({ world, context }) => {
    test.setTimeout(240_000);
    const urls = Array.from({ length: count }, (_, index) => offering(world, hosts[index % hosts.length] as string));
    const tabs = await openTabs(context, urls, 1);
    await onePerPeriod(world, tabs, 3, async (expiresAt) => {
      expect(await login(tabs[0], { subject: 'ada', expiresAt })).toBe('done');
    });
  });
}

test('two apps that sign in at once with one session id have one session, and one check a period', async ({
  world,
  context,
}) => {
  const tabs = await openTabs(
    context,
    hosts.map((host) => offering(world, host)),
    2,
  );
  await onePerPeriod(world, tabs, 2, async (expiresAt) => {
    const ada = { subject: 'ada', sessionId: 'sid-1', expiresAt };
    expect(await Promise.all([login(tabs[0], ada), login(tabs[3], ada)])).toEqual(['done', 'done']);
  });
  const { signedInAt = 0 } = await snapshot(tabs[0]);
  await seen(tabs, { status: 'signed-in', sessionId: 'sid-1', signedInAt });
  for (const tab of tabs) expect(await events(tab)).toMatchObject([{ type: 'login' }]);
});

test('the visible tab asks, and hidden ones do not', async ({ world, context }) => {
  const tabs = await openTabs(
    context,
    hosts.map((host) => offering(world, host)),
    1,
  );
  world.provider.check.answer({ active: true, lifeMs: hourMs });
  await tabs[1].bringToFront();
  await expect.poll(() => tabs[1].evaluate(() => document.visibilityState)).toBe('visible');
  await login(tabs[0], { subject: 'ada', expiresAt: Date.now() + beforeMs * 2 });
  await asked(world.provider.check, 1);
  await dutyIs(tabs[0], world, 'done');
  expect(await called(tabs[1])).toMatchObject([{ duty: 'check', reason: 'expiry', is: 'done' }]);
  expect(await calledIn(tabs)).toMatchObject({ tabs: 1, calls: [{}] });
});

test.describe('of a laptop that sleeps', () => {
  // Time enough to wake in.
  const longBeforeMs = 9_000;
  test.use({ hub: { ...usualHub, session: { checkBeforeExpirySeconds: longBeforeMs / 1_000 } } });

  const sleepUntil = async (tabs: readonly Page[], at: number) => {
    for (const tab of tabs) await setLifecycle(tab, 'frozen');
    await expect.poll(() => Date.now(), { timeout: 30_000 }).toBeGreaterThan(at);
  };
  const wake = async (tabs: readonly Page[]) => {
    for (const tab of tabs) await setLifecycle(tab, 'active');
  };

  test('past the expiry: the session has expired once, and is ended once', async ({ world, context }) => {
    const tabs = await openTabs(
      context,
      hosts.map((host) => offering(world, host)),
      1,
    );
    const expiresAt = Date.now() + 5_000;
    world.provider.check.answer({ status: 503 });
    await login(tabs[0], { subject: 'ada', expiresAt });
    await seen(tabs, { status: 'signed-in', expiresAt });
    await sleepUntil(tabs, expiresAt);
    expect(world.provider.end.calls()).toEqual([]);
    await wake(tabs);
    // For fifteen seconds it waits for the check that was due.
    await expect.poll(() => snapshot(tabs[0]), { timeout: 40_000 }).toMatchObject({ status: 'signed-out' });
    await seen(tabs, { status: 'signed-out', reason: 'expired' });
    await dutyIs(tabs[0], world, 'done');
    expect(world.provider.end.calls()).toMatchObject([{ reason: 'expired', is: 'answered' }]);
    for (const tab of tabs) expect(await events(tab, 'logout')).toHaveLength(1);
  });

  test('past the time of the check, but not the expiry: one check on waking', async ({ world, context }) => {
    const tabs = await openTabs(
      context,
      hosts.map((host) => offering(world, host)),
      1,
    );
    world.provider.check.answer({ active: true, lifeMs: hourMs });
    const expiresAt = Date.now() + longBeforeMs * 2;
    await login(tabs[0], { subject: 'ada', expiresAt });
    await seen(tabs, { status: 'signed-in', expiresAt });
    await sleepUntil(tabs, expiresAt - longBeforeMs);
    expect(world.provider.check.calls()).toEqual([]);
    await wake(tabs);
    await asked(world.provider.check, 1);
    const [{ expiresAt: renewed = 0 } = {}] = world.provider.check.calls();
    await seen(tabs, { status: 'signed-in', expiresAt: renewed });
    await dutyIs(tabs[0], world, 'done');
    expect(world.provider.check.calls()).toHaveLength(1);
    expect((await storedRecord(tabs[1], world)).ended).toBeUndefined();
  });
});
