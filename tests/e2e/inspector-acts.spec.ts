// The acts of the inspector that let happen now what happens to an app anyway: an expiry, an idle end, a lost network,
// a lost hub. Each is performed in one tab, and tabs of other origins follow, or are left alone.

import type { BrowserContext, Page } from '@playwright/test';
import { across, openInspector, replayed, saveBy, serveInspectors, tabsOf } from './support/inspector.js';
import { createEndpoint } from './support/provider.js';
import {
  billing,
  events,
  expect,
  hourMs,
  hubFrame,
  login,
  logout,
  openTabs,
  outcomeIsOld,
  portal,
  reports,
  seen,
  snapshot,
  test,
  usualHub,
  type World,
} from './support/test.js';

// The idle end comes before the expiry, as it does nearly everywhere.
const session = { idleTimeoutSeconds: 900 };
const hub = { ...usualHub, session, inspect: [`http://${portal}`] };
test.use({ hub });

/** Two tabs, and one that inspects them. */
async function opened(world: World, context: BrowserContext) {
  await serveInspectors(world);
  const others = await openTabs(context, [world.url(billing), world.url(reports)], 1);
  const tab = await openInspector(context, world.url(portal, '/page'), 'signed-out');
  return { others, tab };
}

async function signIn(others: readonly Page[], tab: Page): Promise<void> {
  expect(await login(others[0] as Page, { subject: 'ada', expiresAt: Date.now() + hourMs })).toBe('done');
  await seen(others, { status: 'signed-in', subject: 'ada' });
  await expect(tab.getByText('A user is signed in.')).toBeVisible();
}

const status = (tab: Page) => tab.getByRole('button', { name: 'Lockstep' }).getByRole('status');
const whyUnavailable = (tab: Page) => tab.getByRole('definition').filter({ hasText: 'This browser is offline.' });

async function act(tab: Page, name: string, outcome: string): Promise<void> {
  await tab.getByRole('button', { name, exact: true }).click();
  await expect(tab.getByText(outcome)).toBeVisible();
}

test('expire now, idle now: every tab ends for that reason, and the native core decides so again', async ({
  world,
  context,
}, testInfo) => {
  const { others, tab } = await opened(world, context);
  await tab.getByRole('button', { name: 'Start all hubs anew' }).click();
  await expect(across(tab, 'page start')).toHaveCount(3);
  await expect(tabsOf(tab).filter({ hasText: 'in step' })).toHaveCount(3);
  await act(tab, 'Expire now', 'expire: nothing');
  for (const [name, reason, outcome] of [
    ['Expire now', 'expired', 'expire: done'],
    ['Idle now', 'idle', 'idle: done'],
  ] as const) {
    await signIn(others, tab);
    await act(tab, name, outcome);
    await seen(others, { status: 'signed-out', reason });
    await expect(across(tab, 'event logout').filter({ hasText: `reason: ${reason}` })).toHaveCount(3);
    for (const other of others) {
      expect((await events(other, 'logout')).at(-1)).toMatchObject({ reason });
      expect(await snapshot(other)).not.toHaveProperty('endedBy');
    }
  }
  // The clock that was ahead for an input leaves nothing behind.
  await signIn(others, tab);
  const { idleAt = 0, signedInAt = 0 } = await snapshot(others[1] as Page);
  expect(Math.abs(signedInAt - Date.now())).toBeLessThan(60_000);
  expect(idleAt).toBeLessThanOrEqual(Date.now() + session.idleTimeoutSeconds * 1_000);

  const path = await saveBy(tab, 'Save transcript', 'lockstep-transcript.txt', testInfo.outputPath('saved'));
  expect(replayed(path)).toEqual([0, expect.stringContaining('every effect is that of the file'), '']);
});

test('the hub is lost: this page gets another, shows what has happened, and no other tab is touched', async ({
  world,
  context,
}) => {
  const { others, tab } = await opened(world, context);
  await expect(tabsOf(tab)).toHaveCount(3);
  await signIn(others, tab);
  const before = await tab.locator('iframe').elementHandle();
  await act(tab, 'Lose the hub', 'lose the hub: done');
  await expect.poll(() => before?.evaluate((frame) => frame.isConnected)).toBe(false);
  await expect(tabsOf(tab).filter({ hasText: 'in step' }).filter({ hasText: 'ada' })).toHaveCount(3);
  await expect(tabsOf(tab)).toHaveCount(3);
  for (const other of others) expect((await events(other)).map(({ type }) => type)).toEqual(['login']);
  await logout(others[1] as Page);
  await expect(tab.getByText('The user logged out, by the app at')).toBeVisible();
  await act(tab, 'Expire now', 'expire: nothing');
});

test('offline: the app sees it, a lost hub does not come back, and online it shows what it has missed', async ({
  world,
  context,
}) => {
  const { others, tab } = await opened(world, context);
  await expect(tabsOf(tab)).toHaveCount(3);
  await signIn(others, tab);
  await tab.evaluate(() => {
    const types: string[] = [];
    for (const type of ['offline', 'online']) addEventListener(type, () => types.push(`${type} ${navigator.onLine}`));
    Object.assign(window, { types });
  });
  await act(tab, 'Go offline', 'offline: done');
  await expect(status(tab)).toHaveText('signed-in');
  await act(tab, 'Lose the hub', 'lose the hub: done');
  await expect(whyUnavailable(tab)).toBeVisible();
  expect(tab.frames().map((frame) => frame.url())).not.toContain(world.hub.url);
  await logout(others[0] as Page);
  await seen(others, { status: 'signed-out' });
  await tab.getByRole('button', { name: 'Go online', exact: true }).click();
  await expect(status(tab)).toHaveText('signed-out');
  await expect(tab.getByRole('button', { name: 'Go offline' })).toBeVisible();
  await expect(tabsOf(tab).filter({ hasText: 'in step' })).toHaveCount(3);
  expect(await tab.evaluate(() => (window as unknown as { types: string[] }).types)).toEqual([
    'offline false',
    'online true',
  ]);
});

test('removed while it is offline, the inspector gives the page its network back', async ({ world, context }) => {
  const { tab } = await opened(world, context);
  await act(tab, 'Go offline', 'offline: done');
  expect(await tab.evaluate(() => navigator.onLine)).toBe(false);
  await tab.evaluate(() => window.unmount());
  expect(await tab.evaluate(() => navigator.onLine)).toBe(true);
});

test.describe('with a check', () => {
  const checked = { ...session, checkBeforeExpirySeconds: 120 };
  test.use({ hub: { ...hub, session: checked, check: { url: '/session' } } });

  test('an expiry asks first, and all go on; offline nobody answers, and nobody is signed out', async ({
    world,
    context,
  }) => {
    const endpoint = createEndpoint();
    world.hub.handle('/session', endpoint.respond);
    endpoint.answer({ active: true, lifeMs: hourMs });
    const { tab, others } = await opened(world, context);
    await expect(tabsOf(tab)).toHaveCount(3);
    await signIn(others, tab);
    await act(tab, 'Expire now', 'expire: waiting');
    await expect.poll(() => endpoint.calls().length).toBe(1);
    const [call] = endpoint.calls();
    await seen(others, { status: 'signed-in', expiresAt: call?.expiresAt ?? 0 });

    await act(tab, 'Go offline', 'offline: done');
    await outcomeIsOld(others[0], world);
    // Some seconds after it has failed another tab asks, too, and that one is online.
    const calls = endpoint.calls().length;
    await act(tab, 'Check', 'check: unknown');
    await seen(others, { status: 'signed-in' });
    await act(tab, 'Go online', 'online: done');
    await expect.poll(() => endpoint.calls().length).toBeGreaterThan(calls);
    const answered = () => endpoint.calls().map(({ expiresAt }) => expiresAt);
    for (const other of others)
      await expect
        .poll(async () => answered().indexOf((await snapshot(other)).expiresAt))
        .toBeGreaterThanOrEqual(calls);
    for (const other of others) expect((await events(other)).map(({ type }) => type)).toEqual(['login']);
  });
});

test.describe('where the origin may inspect, and may not log out', () => {
  test.use({ hub: { ...hub, apps: { ...hub.apps, [`http://${portal}`]: ['read', 'login', 'activity'] } } });

  test('no deadline comes by it, whatever it sends', async ({ world, context }) => {
    const { others, tab } = await opened(world, context);
    await expect(tabsOf(tab)).toHaveCount(3);
    await signIn(others, tab);
    const { expiresAt = 0 } = await snapshot(others[0] as Page);
    await act(tab, 'Expire now', 'expire: forbidden – This origin lacks the capability');
    await act(tab, 'Idle now', 'idle: forbidden – This origin lacks the capability');
    expect(await login(others[1] as Page, { subject: 'ada', claims: { after: 'both' } })).toBe('done');
    await seen(others, { status: 'signed-in', expiresAt, claims: { after: 'both' } });
  });
});

test.describe('where the configuration lets nobody inspect', () => {
  test.use({ hub: { ...usualHub, session } });

  test('what is of this page alone happens, and no deadline comes', async ({ world, context }) => {
    const { others, tab } = await opened(world, context);
    await signIn(others, tab);
    await act(tab, 'Expire now', 'expire: not-inspected');
    await act(tab, 'Go offline', 'offline: in the page alone');
    await act(tab, 'Lose the hub', 'lose the hub: done');
    await expect(whyUnavailable(tab)).toBeVisible();
    await tab.getByRole('button', { name: 'Go online', exact: true }).click();
    await expect(tab.getByText('A user is signed in.')).toBeVisible();
    await seen(others, { status: 'signed-in' });
  });
});

test('two inspectors of one page show all tabs each, whichever is opened first and whichever is closed', async ({
  world,
  context,
}) => {
  await serveInspectors(world);
  const others = await openTabs(context, [world.url(billing), world.url(reports)], 1);
  const tab = await context.newPage();
  await tab.goto(world.url(portal, '/page?two'));
  const [first, second] = [0, 1].map((index) => tab.locator('lockstep-inspector').nth(index));
  if (!first || !second) throw new Error('There are two.');
  const open = async (inspector: typeof first) => {
    await inspector.getByRole('button', { name: 'Lockstep' }).focus();
    await tab.keyboard.press('Enter');
    await expect(tabsOf(inspector).filter({ hasText: 'in step' })).toHaveCount(3);
  };
  await expect(first.getByRole('status')).toHaveText('signed-out');
  await open(first);
  await open(second);
  await login(others[0], { subject: 'ada' });
  for (const inspector of [first, second])
    await expect(tabsOf(inspector).filter({ hasText: 'in step' }).filter({ hasText: 'ada' })).toHaveCount(3);
  await tab.keyboard.press('Escape');
  await login(others[1], { subject: 'grace' });
  await expect(tabsOf(first).filter({ hasText: 'in step' }).filter({ hasText: 'grace' })).toHaveCount(3);
  await open(second);
  await first.getByRole('button', { name: 'Start all hubs anew' }).focus();
  await tab.keyboard.press('Enter');
  await expect(across(first, 'page start')).toHaveCount(3);
  await logout(others[0]);
  for (const inspector of [first, second]) {
    await expect(tabsOf(inspector).filter({ hasText: 'in step' }).filter({ hasText: 'signed-out' })).toHaveCount(3);
    await expect(tabsOf(inspector)).toHaveCount(3);
  }
  expect(hubFrame(tab, world.hub.url)).toBeTruthy();
});
