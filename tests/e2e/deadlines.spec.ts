// Ends that no user asked for: the expiry the provider gave, the longest lifetime, and idle time with its warning. All
// tabs end alike, since all of them compare the same absolute times (R8), and no tab's app is named as the one who did
// it.

import type { Page } from '@playwright/test';
import {
  billing,
  events,
  expect,
  login,
  openApp,
  openTabs,
  portal,
  processed,
  recorded,
  seen,
  snapshot,
  test,
  threeApps,
  usualHub,
} from './support/test.js';

/** The expiry of the session that this tab shows, or has shown: it may be over by now. */
async function shownExpiry(tab: Page): Promise<number> {
  const shown = async () => (await recorded(tab)).find(({ status }) => status === 'signed-in')?.expiresAt;
  await expect.poll(shown).toBeGreaterThan(0);
  return Number(await shown());
}

test('a session that expires ends in every tab, then and not before', async ({ world, context }) => {
  const tabs = await openTabs(context, threeApps(world), 2);
  await login(tabs[0], { subject: 'ada', expiresIn: 6 });
  const expiresAt = await shownExpiry(tabs[0]);
  await seen(tabs, { status: 'signed-out', reason: 'expired' });
  expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
  for (const tab of tabs) {
    expect(await recorded(tab)).toContainEqual(expect.objectContaining({ status: 'signed-in', expiresAt }));
    expect(await events(tab)).toMatchObject([{ type: 'login' }, { type: 'logout', reason: 'expired' }]);
    expect(await snapshot(tab)).not.toHaveProperty('endedBy');
  }
});

test('a session that expired while no tab was open is found ended', async ({ world, context }) => {
  const first = await openApp(context, world.url(portal));
  await login(first, { subject: 'ada', expiresIn: 2 });
  const expiresAt = await shownExpiry(first);
  await first.close();
  await expect.poll(() => Date.now()).toBeGreaterThan(expiresAt);
  const second = await openApp(context, world.url(billing));
  await seen([second], { status: 'signed-out', reason: 'expired' });
});

test.describe('with a longest lifetime', () => {
  test.use({ hub: { ...usualHub, session: { maxLifetimeSeconds: 4 } } });

  test('no expiry that an app gives goes beyond it', async ({ world, context }) => {
    const tabs = await openTabs(context, threeApps(world), 1);
    await login(tabs[0], { subject: 'ada', expiresAt: Date.now() + 3_600_000 });
    await seen(tabs, { status: 'signed-out', reason: 'expired' });
    const shown = (await recorded(tabs[1])).find(({ status }) => status === 'signed-in');
    expect(shown?.expiresAt).toBe(Number(shown?.signedInAt) + 4_000);
  });
});

test.describe('with idle time', () => {
  // The user has ten seconds to act in.
  test.use({ hub: { ...usualHub, session: { idleTimeoutSeconds: 12, idleWarningSeconds: 10 } } });

  test('every tab is warned, an action in one tab resumes all, and without one all end', async ({ world, context }) => {
    const tabs = await openTabs(context, threeApps(world), 2);
    await login(tabs[0], { subject: 'ada' });
    await seen(tabs, { status: 'signed-in' });
    const first = await snapshot(tabs[0]);
    expect(first.idleAt).toBe((first.signedInAt ?? 0) + 12_000);
    const received = (type: string, times: number) =>
      Promise.all(
        tabs.map((tab) =>
          expect.poll(() => events(tab, type), { message: `${type} ${tab.url()}` }).toHaveLength(times),
        ),
      );
    await received('idle-warning', 1);
    for (const tab of tabs) expect(await events(tab, 'idle-warning')).toMatchObject([{ idleAt: first.idleAt }]);

    await tabs[3].bringToFront();
    await tabs[3].locator('#first').click();
    await received('idle-resume', 1);
    // To be brought to the front is an action, too, and may be another one than the click.
    await processed(tabs[3]);
    const { idleAt = 0 } = await snapshot(tabs[3]);
    expect(idleAt).toBeGreaterThan(first.idleAt ?? 0);
    await seen(tabs, { status: 'signed-in', idleAt });

    await received('idle-warning', 2);
    await seen(tabs, { status: 'signed-out', reason: 'idle' });
    expect(Date.now()).toBeGreaterThanOrEqual(idleAt);
    for (const tab of tabs) {
      const story = (await events(tab)).map(({ type }) => type);
      expect(story).toEqual(['login', 'idle-warning', 'idle-resume', 'idle-warning', 'logout']);
      expect(await snapshot(tab)).not.toHaveProperty('endedBy');
    }
  });
});

test.describe('with idle time, and a warning late in it', () => {
  test.use({ hub: { ...usualHub, session: { idleTimeoutSeconds: 7, idleWarningSeconds: 1 } } });

  test('a user who is active in one tab keeps the session alive in all', async ({ world, context }) => {
    const tabs = await openTabs(context, threeApps(world), 1);
    await login(tabs[0], { subject: 'ada' });
    await seen(tabs, { status: 'signed-in' });
    const { idleAt = 0 } = await snapshot(tabs[0]);
    await tabs[1].bringToFront();
    await expect
      .poll(
        async () => {
          await tabs[1].keyboard.press('Shift');
          return Date.now();
        },
        { intervals: [500] },
      )
      .toBeGreaterThan(idleAt);
    await seen(tabs, { status: 'signed-in' });
    for (const tab of tabs) expect(await events(tab)).toMatchObject([{ type: 'login' }]);
  });
});
