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
  hubFrame,
  login,
  logout,
  offering,
  openPage,
  openTabs,
  portal,
  reports,
  seen,
  type Tabs,
  test,
  usualHub,
  type World,
} from './support/test.js';

async function signedIn(world: World, context: BrowserContext, each: number, expiresIn?: number): Promise<Tabs> {
  const urls = [portal, billing, reports].map((host) => offering(world, host));
  const tabs = await openTabs(context, urls, each);
  await login(tabs[0], { subject: 'ada', expiresIn });
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

/** Waits for the tab that was given the end: the tab of the logout, unless the machine was too slow for it. */
async function givenTheEnd(tabs: readonly Page[]): Promise<Page> {
  const given = async () => (await Promise.all(tabs.map(called))).findIndex((calls) => calls.length > 0);
  await expect.poll(given, { message: 'a tab is given the end' }).not.toBe(-1);
  return tabs[await given()] as Page;
}

test('a logout: the tab of the logout does it, and the others only get the event', async ({ world, context }) => {
  const tabs = await signedIn(world, context, 2);
  // Hidden tabs leave it two seconds longer than a visible one.
  await openPage(context, world.url(portal, '/plain'));
  for (const tab of tabs)
    await expect.poll(() => hubFrame(tab, world.hub.url).evaluate(() => document.visibilityState)).toBe('hidden');
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
  const tabs = await signedIn(world, context, 2, 6);
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
    const acting = await givenTheEnd(tabs);
    const others = tabs.filter((tab) => tab !== acting);
    for (const tab of others) await dutyIs(tab, world, 'claimed');
    await go(acting, world);
    for (const tab of others) await dutyIs(tab, world, 'done');
    // Whoever signs in and out again is asked for the next end, so the first one was not asked for again before that.
    const [next] = others as [Page];
    expect(await login(next, { subject: 'grace' })).toBe('done');
    await seen(others, { status: 'signed-in', subject: 'grace' });
    expect(await logout(next)).toBe('done');
    await asked(world.provider.end, 2);
    await expect.poll(() => calledIn(others)).toMatchObject({ tabs: 1, calls: [{ duty: 'end', is: 'done' }] });
  });
}

test('what fails is done again, and the session stays ended', async ({ world, context }) => {
  const tabs = await signedIn(world, context, 1);
  world.provider.end.answer({ status: 500 }, { active: true });
  expect(await logout(tabs[0])).toBe('done');
  await dutyIs(tabs[1], world, 'unknown');
  const acting = await givenTheEnd(tabs);
  await expect.poll(() => events(acting, 'error')).toMatchObject([{ error: { code: 'duty-failed' } }]);
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
  const acting = await givenTheEnd(tabs);
  expect(await login(tabs[1], { subject: 'grace' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'grace' });
  await expect.poll(() => called(acting)).toMatchObject([{ duty: 'end', aborted: true }]);
  world.provider.end.release({ active: true });
  await seen(tabs, { status: 'signed-in', subject: 'grace' });
  expect(world.provider.end.calls()).toHaveLength(1);
});
