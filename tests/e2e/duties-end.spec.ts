// Ending the session at the provider (R6): once, in one tab, however the session ended here; by the tab that ended it,
// where one did. The others only get the event. Where the provider fails it is done again; a tab that goes meanwhile,
// to the provider or elsewhere, has done it.

import type { BrowserContext, Page } from '@playwright/test';
import {
  asked,
  billing,
  called,
  calledIn,
  dutyIs,
  events,
  expect,
  login,
  logout,
  offering,
  openTabs,
  portal,
  reports,
  seen,
  type Tabs,
  test,
  usualHub,
  type World,
} from './support/test.js';

async function signedIn(world: World, context: BrowserContext, each: number, expiresAt?: () => number): Promise<Tabs> {
  const urls = [portal, billing, reports].map((host) => offering(world, host));
  const tabs = await openTabs(context, urls, each);
  await login(tabs[0], { subject: 'ada', ...(expiresAt && { expiresAt: expiresAt() }) });
  // What ends by itself may have ended before the last tab is asked, but not without this event.
  for (const tab of tabs) await expect.poll(() => events(tab, 'login'), { message: tab.url() }).toHaveLength(1);
  return tabs;
}

/** The provider was informed of this end once, from one tab. */
async function endedOnce(world: World, tabs: readonly Page[], reason: string): Promise<void> {
  await asked(world.provider.end, 1);
  // What every hub knows to be done is not taken up again.
  for (const tab of tabs) await dutyIs(tab, world, 'done');
  expect(world.provider.end.calls()).toMatchObject([{ method: 'POST', reason, is: 'answered' }]);
  const { calls } = await calledIn(tabs);
  expect(calls.filter(({ duty }) => duty === 'end')).toEqual([{ duty: 'end', reason, is: 'done', aborted: false }]);
  for (const tab of tabs) expect(await events(tab, 'logout'), tab.url()).toMatchObject([{ reason }]);

  // And a session that comes after it is ended once more, no more.
  await login(tabs[0] as Page, { subject: 'grace' });
  await seen(tabs, { status: 'signed-in', subject: 'grace' });
  await logout(tabs[0] as Page);
  await asked(world.provider.end, 2);
  for (const tab of tabs) await dutyIs(tab, world, 'done');
  expect(world.provider.end.calls().map((call) => call.reason)).toEqual([reason, 'logout']);
}

test('a logout: the tab of the logout does it, and the others only get the event', async ({ world, context }) => {
  const tabs = await signedIn(world, context, 2);
  expect(await logout(tabs[3])).toBe('done');
  await seen(tabs, { status: 'signed-out', reason: 'logout', endedBy: world.origin(billing) });
  await asked(world.provider.end, 1);
  await expect.poll(() => called(tabs[3])).toMatchObject([{ duty: 'end', reason: 'logout', is: 'done' }]);
  await endedOnce(world, tabs, 'logout');
});

test('logouts in three tabs at once are one', async ({ world, context }) => {
  const tabs = await signedIn(world, context, 2);
  expect(await Promise.all([tabs[0], tabs[2], tabs[4]].map(logout))).toEqual(['done', 'done', 'done']);
  await seen(tabs, { status: 'signed-out', reason: 'logout' });
  await endedOnce(world, tabs, 'logout');
});

test('an expiry', async ({ world, context }) => {
  const tabs = await signedIn(world, context, 2, () => Date.now() + 4_000);
  await seen(tabs, { status: 'signed-out', reason: 'expired' });
  await endedOnce(world, tabs, 'expired');
});

test('a session that the provider does not know any more', async ({ world, context }) => {
  const tabs = await signedIn(world, context, 2);
  world.provider.check.answer({ active: false });
  expect(await tabs[2].evaluate(() => session.check())).toBe('inactive');
  await seen(tabs, { status: 'signed-out', reason: 'revoked', endedBy: world.origin(billing) });
  await endedOnce(world, tabs, 'revoked');
});

test.describe('of a session that nobody uses', () => {
  test.use({ hub: { ...usualHub, session: { idleTimeoutSeconds: 4 } } });

  test('an idle end', async ({ world, context }) => {
    const tabs = await signedIn(world, context, 2);
    await seen(tabs, { status: 'signed-out', reason: 'idle' });
    // Not `endedOnce`: the session that follows could be idle before it is ended.
    await asked(world.provider.end, 1);
    for (const tab of tabs) await dutyIs(tab, world, 'done');
    expect(world.provider.end.calls()).toMatchObject([{ reason: 'idle', is: 'answered' }]);
    expect(await calledIn(tabs)).toMatchObject({ tabs: 1, calls: [{ duty: 'end', reason: 'idle', is: 'done' }] });
  });
});

for (const [how, go] of Object.entries({
  closed: (tab: Page, _: World) => tab.close(),
  'gone to another page': (tab: Page, world: World) => tab.goto(world.url(portal, '/plain')),
})) {
  test(`K3.1: a tab that is ${how} in mid-end has done it, and no other follows`, async ({ world, context }) => {
    const tabs = await signedIn(world, context, 1);
    world.provider.end.answer('held', { active: true });
    expect(await logout(tabs[0])).toBe('done');
    await asked(world.provider.end, 1);
    await dutyIs(tabs[1], world, 'claimed');
    await go(tabs[0], world);
    for (const tab of [tabs[1], tabs[2]]) await dutyIs(tab, world, 'done');
    // Whoever signs in and out again is asked for the next end, so the first one was not asked for again before that.
    expect(await login(tabs[1], { subject: 'grace' })).toBe('done');
    await seen([tabs[1], tabs[2]], { status: 'signed-in', subject: 'grace' });
    expect(await logout(tabs[1])).toBe('done');
    await asked(world.provider.end, 2);
    await expect
      .poll(() => calledIn([tabs[1], tabs[2]]))
      .toMatchObject({ tabs: 1, calls: [{ duty: 'end', is: 'done' }] });
  });
}

test('what fails is done again, and the session stays ended', async ({ world, context }) => {
  const tabs = await signedIn(world, context, 1);
  world.provider.end.answer({ status: 500 }, { active: true });
  expect(await logout(tabs[0])).toBe('done');
  await dutyIs(tabs[1], world, 'unknown');
  await expect.poll(() => events(tabs[0], 'error')).toMatchObject([{ error: { code: 'duty-failed' } }]);
  await asked(world.provider.end, 2);
  for (const tab of tabs) await dutyIs(tab, world, 'done');
  expect(world.provider.end.calls()).toHaveLength(2);
  await seen(tabs, { status: 'signed-out', reason: 'logout', endedBy: world.origin(portal) });
});

test('a new login does not wait for the end of the session before', async ({ world, context }) => {
  const tabs = await signedIn(world, context, 1);
  world.provider.end.answer('held');
  expect(await logout(tabs[0])).toBe('done');
  await asked(world.provider.end, 1);
  expect(await login(tabs[1], { subject: 'grace' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'grace' });
  await expect.poll(() => called(tabs[0])).toMatchObject([{ duty: 'end', aborted: true }]);
  world.provider.end.release({ active: true });
  await seen(tabs, { status: 'signed-in', subject: 'grace' });
  expect(world.provider.end.calls()).toHaveLength(1);
});
