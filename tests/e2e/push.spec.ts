// Push: a server says that the session has ended, over one connection a browser, and every tab is signed out.

import type { BrowserContext, Page } from '@playwright/test';
import { channelOf, connected, pushing, startPush } from './support/push.js';
import {
  calledIn,
  events,
  expect,
  login,
  logout,
  offering,
  openApp,
  openTabs,
  portal,
  reports,
  running,
  seen,
  setLifecycle,
  type Tabs,
  test,
  threeApps,
  usualHub,
  type World,
} from './support/test.js';

test.use({ hub: { ...usualHub, ...pushing } });

async function signedIn(world: World, context: BrowserContext, each: number): Promise<Tabs> {
  const tabs = await openTabs(context, threeApps(world), each);
  expect(await login(tabs[0], { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'ada' });
  return tabs;
}

test('six tabs of three apps have one connection, and the end of it signs all of them out', async ({
  world,
  context,
}) => {
  const push = startPush(world);
  const tabs = await openTabs(context, [offering(world, portal, ['end']), ...threeApps(world).slice(1)], 2);
  expect(push.streams()).toEqual([]);
  expect(await login(tabs[0], { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'ada' });
  const stream = await connected(push);
  expect(stream).toMatchObject({ session: channelOf('sid', 'sid-1'), subject: channelOf('sub', 'ada') });
  stream.end();
  await seen(tabs, { status: 'signed-out', reason: 'revoked' });
  for (const tab of tabs) expect(await events(tab, 'logout')).toMatchObject([{ reason: 'revoked' }]);
  expect(push.most()).toBe(1);
  // The provider has ended it: no tab is asked to do so.
  expect(await login(tabs[5], { subject: 'grace' })).toBe('done');
  await seen(tabs, { subject: 'grace' });
  // Of those before there may be one that the server does not know to be closed yet.
  await expect.poll(push.open).toMatchObject([{ session: null, subject: channelOf('sub', 'grace') }]);
  expect((await calledIn(tabs)).calls).toEqual([]);
});

test('nobody signed in, no connection: a logout closes it', async ({ world, context }) => {
  const push = startPush(world);
  const tabs = await signedIn(world, context, 1);
  await connected(push);
  expect(await logout(tabs[1])).toBe('done');
  await connected(push, 0);
  await openApp(context, world.url(portal));
  expect(push.open()).toEqual([]);
});

test('it is passed on when its tab goes to another page, is frozen or closes', async ({ world, context }) => {
  const push = startPush(world);
  const passedOn = async (times: number) => {
    await expect.poll(() => push.streams().length).toBe(1 + times);
    await connected(push);
  };
  // One waits at a time, so that each time it is known who has it.
  const [first, second] = await openTabs(context, threeApps(world).slice(0, 2), 1);
  await login(first as Page, { subject: 'ada' });
  await seen([second as Page], { status: 'signed-in' });
  await passedOn(0);
  await first?.goto(world.url(portal, '/plain'));
  await passedOn(1);
  const third = await openApp(context, world.url(reports));
  await setLifecycle(second as Page, 'frozen');
  await passedOn(2);
  await setLifecycle(second as Page, 'active');
  await third.close();
  await passedOn(3);
  (await connected(push)).end();
  await seen([second as Page], { status: 'signed-out', reason: 'revoked' });
});

test('it is passed on when its tab crashes', async ({ world, context }) => {
  const push = startPush(world);
  const tabs = await signedIn(world, context, 1);
  await connected(push);
  // Tabs of one site may share a process.
  const crashed = new Set<Page>();
  for (const tab of tabs) tab.on('crash', () => crashed.add(tab));
  (await context.newCDPSession(tabs[0])).send('Page.crash').catch(() => undefined);
  await expect.poll(() => crashed.has(tabs[0])).toBe(true);
  const late = await openApp(context, world.url(portal));
  await expect.poll(() => push.streams().length).toBe(2);
  (await connected(push)).end();
  await seen([late, ...tabs.filter((tab) => !crashed.has(tab))], { status: 'signed-out', reason: 'revoked' });
});

test('a page with the stream goes into the back-forward cache, and comes back', async ({ world, context }) => {
  const push = startPush(world);
  const tab = await openApp(context, world.url(portal));
  await login(tab, { subject: 'ada' });
  await connected(push);
  await tab.evaluate(() => Object.assign(window, { kept: true }));
  await tab.goto(world.url(portal, '/plain'));
  await connected(push, 0);
  await tab.goBack({ waitUntil: 'commit' });
  await running(tab);
  expect(await tab.evaluate(() => 'kept' in window)).toBe(true);
  (await connected(push)).end();
  await seen([tab], { status: 'signed-out', reason: 'revoked' });
});

test('an outage signs nobody out, and what ended meanwhile is said on connecting', async ({ world, context }) => {
  const push = startPush(world);
  const tabs = await signedIn(world, context, 1);
  const stream = await connected(push);
  push.answerWith(503);
  stream.lose();
  await expect.poll(push.refusals, { timeout: 15_000 }).toBeGreaterThanOrEqual(1);
  await seen(tabs, { status: 'signed-in', subject: 'ada' });
  push.endAll();
  push.answerWith(200);
  // After a second failure in a row the pause may be six seconds.
  await expect.poll(() => push.streams().length, { timeout: 15_000 }).toBeGreaterThanOrEqual(2);
  expect(push.streams()[1]?.ageMs).toBeGreaterThan(stream.ageMs);
  await seen(tabs, { status: 'signed-out', reason: 'revoked' });
});

test('what is said late ends no session that came after it', async ({ world, context }) => {
  const push = startPush(world);
  const tabs = await signedIn(world, context, 1);
  const old = await connected(push);
  await logout(tabs[0]);
  expect(await login(tabs[0], { subject: 'ada', sessionId: 'sid-2' })).toBe('done');
  await seen(tabs, { status: 'signed-in', sessionId: 'sid-2' });
  await expect.poll(() => push.open().some(({ session }) => session === channelOf('sid', 'sid-2'))).toBe(true);
  old.end();
  await connected(push);
  await seen(tabs, { status: 'signed-in', sessionId: 'sid-2' });
});
