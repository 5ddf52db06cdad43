// What outlives the browser itself, which is closed, or killed at once, and started again with the same profile.

import type { Called } from '../e2e/support/tab.js';
import type { Tab } from './support/engine.js';
import { note } from './support/rows.js';
import { openApp, until } from './support/tab.js';
import { expect, login, logout, openTabs, seen, test } from './support/test.js';
import { topologies } from './support/topologies.js';

const site = topologies.oneSite.name;

test('a session survives a browser that is closed and opened again', async ({ world, profile }) => {
  const before = await profile.launch();
  const [page] = await openTabs(before, world, world.portal);
  expect(await login(page, { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await before.quit();
  const after = await profile.launch();
  const [first, second] = await openTabs(after, world, world.billing, world.portal);
  await seen([first, second], { status: 'signed-in', subject: 'ada' });
  note('the browser is closed and opened again: the session goes on', site, 'yes');
});

test('a logout survives a browser that is killed right after it (R12)', async ({ world, profile }) => {
  const before = await profile.launch();
  const [page] = await openTabs(before, world, world.portal);
  expect(await login(page, { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await before.quit();
  const killed = await profile.launch();
  const [again] = await openTabs(killed, world, world.portal);
  await seen([again], { status: 'signed-in', subject: 'ada' });
  expect(await logout(again)).toBe('done');
  await killed.kill();
  const after = await profile.launch();
  const [first] = await openTabs(after, world, world.billing);
  await seen([first], { status: 'signed-out', reason: 'logout', endedBy: world.origin(world.portal) });
  expect(await login(first, { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  note('the browser is killed right after a logout: the session has ended', site, 'yes');
});

test("K1.5: a browser's first start asks the provider once whether the session still lives", async ({
  world,
  profile,
  engineName,
}) => {
  const offering = (host: string) => world.url(host, '/?duties=check');
  const before = await profile.launch();
  const tabs = [await openApp(before, offering(world.portal))];
  expect(await login(tabs[0] as Tab, { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  tabs.push(await openApp(before, offering(world.billing)));
  await seen(tabs, { status: 'signed-in' });
  expect(await requestedChecks(tabs)).toBe(0);
  await before.quit();
  world.provider.check.answer({ active: true });
  const after = await profile.launch();
  const again = [await openApp(after, offering(world.portal)), await openApp(after, offering(world.billing))];
  await until(() => requestedChecks(again), 'checks').toBe(1);
  // Once for this run of the browser: a hub that starts later does not ask.
  again.push(await openApp(after, offering(world.portal)));
  await seen(again, { status: 'signed-in', subject: 'ada' });
  expect(await requestedChecks(again)).toBe(1);
  note("a browser's first start asks the provider once whether the session still lives", site, 'yes');
  await after.quit();
  // WebKit lets no page of https ask the provider of these tests, which has http.
  if (engineName === 'webkit') return;
  world.provider.check.answer({ active: false });
  const last = await openApp(await profile.launch(), offering(world.billing));
  await seen([last], { status: 'signed-out', reason: 'revoked' });
});

test.describe('kept until the browser is closed', () => {
  test.use({ persistence: 'browser' });

  test('K1.5: a session ends with the browser, and neither before nor after', async ({ world, profile }) => {
    const before = await profile.launch();
    const [page] = await openTabs(before, world, world.portal);
    expect(await login(page, { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
    await page.close();
    const [later, beside] = await openTabs(before, world, world.billing, world.portal);
    await seen([later, beside], { status: 'signed-in', subject: 'ada' });
    await before.quit();
    const after = await profile.launch();
    const [first, second] = await openTabs(after, world, world.billing, world.portal);
    await seen([first, second], { status: 'signed-out', reason: 'cleared' });
    expect(await login(first, { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
    const [third] = await openTabs(after, world, world.reports);
    await seen([first, second, third], { status: 'signed-in', subject: 'ada' });
    note('`persistence: "browser"`: the session ends when the browser is closed', site, 'yes');
  });
});

/** How often these tabs were asked to check because somebody, or the browser's start, wanted it. */
async function requestedChecks(tabs: readonly Tab[]): Promise<number> {
  const called = await Promise.all(tabs.map((tab) => tab.evaluate(() => session.called as readonly Called[])));
  return called.flat().filter(({ duty, reason }) => duty === 'check' && reason === 'request').length;
}
