// The lifetime of a token is not that of the provider's session: what ends by itself refuses nobody, an expiry that
// passed while the machine slept waits for the check that was due, and a renewal keeps the session. K1.1 to K1.7 are
// the names of cases that were seen in the field.

import type { Page } from '@playwright/test';
import { expectStory } from './support/logins.js';
import {
  asked,
  billing,
  calledIn,
  type DocumentScript,
  dutyIs,
  events,
  expect,
  finishLogin,
  hourMs,
  offering,
  openPage,
  openTabs,
  portal,
  seen,
  setLifecycle,
  snapshot,
  storedRecord,
  test,
  twoApps,
  usualHub,
  type World,
} from './support/test.js';

const ada = { subject: 'ada', sessionId: 'sid-1' };

/** Signs in, waits for the end, and signs in with the same session id again: in each tab in turn. */
async function everyTabGetsIn(
  tabs: readonly Page[],
  reason: 'expired' | 'idle' | 'cleared',
  expiresIn: number,
  end: () => Promise<unknown>,
): Promise<void> {
  for (const [index, tab] of tabs.entries()) {
    expect(await finishLogin(tab, { ...ada, expiresIn })).toBe('done');
    // The session may have ended before the last tab is asked, but not without this event.
    for (const each of tabs) await expect.poll(() => events(each, 'login')).toHaveLength(index + 1);
    await end();
    await seen(tabs, { status: 'signed-out', reason });
  }
  await expectStory(
    tabs,
    tabs.flatMap(() => [{ type: 'login' }, { type: 'logout', reason }]),
  );
}

test('K1.1: after it expired, the same session id gets in', async ({ world, context }) => {
  const tabs = await openTabs(context, twoApps(world), 1);
  await everyTabGetsIn(tabs, 'expired', 4, async () => {});
  expect(await finishLogin(tabs[0], { ...ada, expiresAt: Date.now() + hourMs })).toBe('done');
  await seen(tabs, { status: 'signed-in', ...ada });
});

test('K1.1: after the store was cleared, the same session id gets in', async ({ world, context }) => {
  const tabs = await openTabs(context, twoApps(world), 1);
  const meddler = await openPage(context, world.hub.plainUrl);
  const clear = () => meddler.evaluate(() => localStorage.clear());
  await everyTabGetsIn(tabs, 'cleared', 3_600, clear);
});

test.describe('with idle time', () => {
  test.use({ hub: { ...usualHub, session: { idleTimeoutSeconds: 3 } } });

  test('K1.1: after it ended as idle, the same session id gets in', async ({ world, context }) => {
    const tabs = await openTabs(context, twoApps(world), 1);
    await everyTabGetsIn(tabs, 'idle', 3_600, async () => {});
  });
});

/** A check falls due when half of this is over: time enough to fall asleep in. */
const lifeMs = 16_000;
const times = { checkBeforeExpirySeconds: lifeMs / 2_000 };

/** Signs in and lets the machine sleep over the check that falls due, and over the expiry. Returns on waking. */
async function sleepOverExpiry(tabs: readonly Page[], world: World, beforeWaking = async () => {}): Promise<void> {
  const expiresAt = Date.now() + lifeMs;
  expect(await finishLogin(tabs[0] as Page, { ...ada, expiresAt })).toBe('done');
  await seen(tabs, { status: 'signed-in', ...ada });
  await Promise.all(tabs.map((tab) => setLifecycle(tab, 'frozen')));
  await expect.poll(() => Date.now()).toBeGreaterThan(expiresAt);
  expect(world.provider.check.calls()).toEqual([]);
  await beforeWaking();
  for (const tab of tabs) await setLifecycle(tab, 'active');
}

test.describe('asleep over check and expiry', () => {
  test.use({ hub: { ...usualHub, session: times } });

  /** After a check that found the session active. */
  async function goesOn(tabs: readonly Page[], world: World, checks: number): Promise<void> {
    const [first] = tabs as readonly [Page];
    await dutyIs(first, world, 'done');
    // The record is in the store before the app is sent what follows from it.
    await expect.poll(async () => (await snapshot(first)).expiresAt).toBeGreaterThan(Date.now());
    const { expiresAt = 0 } = await snapshot(first);
    await seen(tabs, { status: 'signed-in', ...ada, expiresAt });
    expect(await calledIn(tabs)).toMatchObject({ calls: Array(checks).fill({ duty: 'check' }) });
    expect(world.provider.check.calls()).toHaveLength(1);
    expect(world.provider.end.calls()).toEqual([]);
    expect((await storedRecord(first, world)).ended).toBeUndefined();
    await expectStory(tabs, [{ type: 'login' }]);
  }

  for (const [name, answer] of [
    ['with a new expiry', { active: true, lifeMs: hourMs }],
    ['and no more', { active: true }],
  ] as const) {
    test(`K1.2: one check on waking says "active" ${name}: the session goes on`, async ({ world, context }) => {
      const urls = [portal, billing].map((host) => offering(world, host));
      const tabs = await openTabs(context, urls, 2);
      world.provider.check.answer(answer);
      await sleepOverExpiry(tabs, world);
      await asked(world.provider.check, 1);
      await goesOn(tabs, world, 1);
    });
  }

  test('K1.2: the network comes back after the machine: the session goes on', async ({ world, context }) => {
    const urls = [portal, billing].map((host) => offering(world, host));
    const tabs = await openTabs(context, urls, 2);
    world.provider.check.answer({ active: true, lifeMs: hourMs });
    await sleepOverExpiry(tabs, world, world.provider.stop);
    await expect.poll(async () => (await calledIn(tabs)).calls).toMatchObject([{ duty: 'check', is: 'failed' }]);
    await world.provider.start();
    await asked(world.provider.check, 1);
    await goesOn(tabs, world, 2);
  });

  test('K1.2: nobody can check: the session has expired 15 s after waking', async ({ world, context }) => {
    const urls = [portal, billing].map((host) => offering(world, host, ['end']));
    const tabs = await openTabs(context, urls, 2);
    let waking = 0;
    await sleepOverExpiry(tabs, world, async () => {
      waking = Date.now();
    });
    await expect.poll(() => snapshot(tabs[0]), { timeout: 40_000 }).toMatchObject({ status: 'signed-out' });
    expect(Date.now() - waking).toBeGreaterThanOrEqual(15_000);
    await seen(tabs, { status: 'signed-out', reason: 'expired' });
    await dutyIs(tabs[0], world, 'done');
    expect(world.provider.end.calls()).toMatchObject([{ reason: 'expired', is: 'answered' }]);
    await expectStory(tabs, [{ type: 'login' }, { type: 'logout', reason: 'expired' }]);
  });
});

for (const [name, limit, reason] of [
  ['longest life', { maxLifetimeSeconds: lifeMs / 1_000 - 1 }, 'expired'],
  ['idle time', { idleTimeoutSeconds: lifeMs / 1_000 - 1 }, 'idle'],
] as const) {
  test.describe(`asleep over check and ${name}`, () => {
    test.use({ hub: { ...usualHub, session: { ...times, ...limit } } });

    test(`K1.2: the end of the ${name} waits for no check`, async ({ world, context }) => {
      const urls = [portal, billing].map((host) => offering(world, host));
      const tabs = await openTabs(context, urls, 2);
      await sleepOverExpiry(tabs, world);
      await seen(tabs, { status: 'signed-out', reason });
      await dutyIs(tabs[0], world, 'done');
      expect(world.provider.check.calls()).toEqual([]);
      expect(world.provider.end.calls()).toMatchObject([{ reason, is: 'answered' }]);
      await expectStory(tabs, [{ type: 'login' }, { type: 'logout', reason }]);
    });
  });
}

/** Six minutes ahead, in the app's documents and in the hub's. */
const clockAhead: DocumentScript = {
  run: () => {
    const { now } = Date;
    Date.now = () => now.call(Date) + 360_000;
  },
};

test.describe('on a device whose clock is six minutes ahead', () => {
  test.use({ documentScript: clockAhead });

  const fiveMinutes = 300;
  const deviceNow = (page: Page) => page.evaluate(() => Date.now());

  test('K1.3: an expiry that has passed there lets the user in', async ({ world, context }) => {
    const tabs = await openTabs(context, twoApps(world), 2);
    const expiresAt = Date.now() + fiveMinutes * 1_000;
    expect(await deviceNow(tabs[0])).toBeGreaterThan(expiresAt);
    for (const tab of [tabs[0], tabs[2]]) {
      expect(await finishLogin(tab, { ...ada, expiresAt })).toBe('done');
      await seen(tabs, { status: 'signed-in', ...ada });
    }
    for (const tab of tabs) expect(await snapshot(tab)).not.toHaveProperty('expiresAt');
    await expectStory(tabs, [{ type: 'login' }]);
  });

  test('K1.3: a lifetime is as long there as anywhere', async ({ world, context }) => {
    const tabs = await openTabs(context, twoApps(world), 2);
    const expiresAt = Date.now() + fiveMinutes * 1_000;
    const before = await deviceNow(tabs[0]);
    expect(await finishLogin(tabs[0], { ...ada, expiresAt, expiresIn: fiveMinutes })).toBe('done');
    const after = await deviceNow(tabs[0]);
    const { expiresAt: shown = 0 } = await snapshot(tabs[0]);
    expect(shown).toBeGreaterThanOrEqual(before + fiveMinutes * 1_000);
    expect(shown).toBeLessThanOrEqual(after + fiveMinutes * 1_000);
    await seen(tabs, { status: 'signed-in', ...ada, expiresAt: shown });
  });
});

test('K1.7: renewals keep the session over several lifetimes, whichever app renews', async ({ world, context }) => {
  const tabs = await openTabs(context, twoApps(world), 2);
  const tokenMs = 6_000;
  let expiresAt = 0;
  for (let renewal = 0; renewal < 7; renewal++) {
    expiresAt = Date.now() + tokenMs;
    expect(await finishLogin(tabs[renewal % tabs.length] as Page, { ...ada, expiresAt })).toBe('done');
    await seen(tabs, { status: 'signed-in', ...ada, expiresAt });
    await expect.poll(() => Date.now(), { intervals: [100] }).toBeGreaterThan(expiresAt - 4_000);
  }
  await seen(tabs, { status: 'signed-out', reason: 'expired' });
  expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
  await expectStory(tabs, [{ type: 'login' }, { type: 'logout', reason: 'expired' }]);
});
