// The inspector across tabs: apps of three origins, of which one may inspect. A fault is seen in all tabs, exported,
// and replayed by the native core; who may not inspect gets nothing; and whoever closes it leaves nothing.

import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from '@playwright/test';
import { across, openInspector, replayed, saveBy, serveInspectors, tabsOf } from './support/inspector.js';
import {
  billing,
  expect,
  finishLogin,
  hubFrame,
  login,
  openTabs,
  portal,
  reports,
  seen,
  test,
  usualHub,
  type World,
} from './support/test.js';

test.use({ hub: { ...usualHub, inspect: [`http://${portal}`] } });

/** Whoever is signed in. */
const inspecting = (context: BrowserContext, url: string) => openInspector(context, url, /signed-/);

const called = (tab: Page, world: World) =>
  hubFrame(tab, world.hub.url).evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query();
    return [localStorage.getItem('lockstep-inspect') || null, ...[...held, ...pending].map(({ name }) => name)];
  });

test('K2.1: a login that began before a logout is seen in all tabs, exported, and refused again natively', async ({
  world,
  context,
}, testInfo) => {
  await serveInspectors(world);
  const [billed, reported] = await openTabs(context, [world.url(billing), world.url(reports)], 1);
  const tab = await inspecting(context, world.url(portal, '/page'));
  await expect(tabsOf(tab)).toHaveCount(3);
  await tab.getByRole('button', { name: 'Start all hubs anew' }).click();
  await expect(across(tab, 'page start')).toHaveCount(3);
  await expect(tabsOf(tab).filter({ hasText: 'in step' })).toHaveCount(3);

  await tab.getByLabel('Subject', { exact: true }).fill('ada');
  await tab.keyboard.press('Enter');
  await expect(tabsOf(tab).filter({ hasText: 'signed-in' })).toHaveCount(3);
  await seen([billed, reported], { status: 'signed-in', subject: 'ada' });
  await billed.evaluate(() => session.beginLogin());
  await tab.getByRole('button', { name: 'Log out' }).click();
  await expect(tabsOf(tab).filter({ hasText: 'signed-out' })).toHaveCount(3);
  await expect(across(tab, 'event logout')).toHaveCount(3);
  await seen([billed], { status: 'signed-out' });
  expect(await finishLogin(billed, { subject: 'ada', sessionId: 'billing-bff' })).toBe('session-ended');
  await expect(across(tab, 'act login')).toHaveCount(2);

  const path = await saveBy(tab, 'Save transcript', 'lockstep-transcript.txt', testInfo.outputPath('saved'));
  const text = readFileSync(path, 'utf8');
  expect(text).toContain('"code":"session-ended"');
  for (const secret of ['ada', 'billing-bff']) expect(text).not.toContain(`"${secret}"`);
  expect(text).toContain('"subject":"user-1"');
  expect(replayed(path)).toEqual([0, expect.stringContaining('every effect is that of the file'), '']);

  await tab.getByLabel('Show a report or a transcript').setInputFiles(path);
  await expect(tab.getByRole('heading', { name: 'Transcript of 3 tabs' })).toBeVisible();
});

test('of twenty tabs all are shown, as they come and go; and when it is closed, nothing of it is left', async ({
  world,
  context,
}) => {
  await serveInspectors(world);
  const others = await openTabs(context, [world.url(billing)], 18);
  const tab = await inspecting(context, world.url(portal, '/page'));
  await expect(tabsOf(tab)).toHaveCount(19);
  const [late] = await openTabs(context, [world.url(reports)], 1);
  await tab.bringToFront();
  await expect(tabsOf(tab)).toHaveCount(20);
  await login(late, { subject: 'ada' });
  await expect(tabsOf(tab).filter({ hasText: 'in step' }).filter({ hasText: 'ada' })).toHaveCount(20);
  await others[0].close();
  await expect(tabsOf(tab).filter({ hasText: 'left' })).toHaveCount(1);

  await tab.keyboard.press('Escape');
  await expect.poll(() => called(others[1], world)).toEqual([null]);
  expect(await hubFrame(late, world.hub.url).evaluate(() => 'lockstepInspect' in window)).toBe(true);
});

test('a tab that was closed or loaded again while the panel was closed leaves nothing in the list', async ({
  world,
  context,
}) => {
  await serveInspectors(world);
  const [closed, loaded] = await openTabs(context, [world.url(billing), world.url(reports)], 1);
  const tab = await inspecting(context, world.url(portal, '/page'));
  await expect(tabsOf(tab)).toHaveCount(3);
  await tab.keyboard.press('Escape');
  await expect.poll(() => called(tab, world)).toEqual([null]);
  await closed.close();
  await loaded.reload();
  await seen([loaded], { status: 'signed-out' });
  await tab.bringToFront();
  await tab.keyboard.press('Enter');
  await expect(tabsOf(tab).filter({ hasText: reports })).toHaveCount(1);
  await expect(tabsOf(tab).filter({ hasText: 'in step' })).toHaveCount(2);
  await expect(tabsOf(tab)).toHaveCount(2);
});

test('when another inspector starts all hubs anew, those of before are gone from the list', async ({
  world,
  context,
}) => {
  await serveInspectors(world);
  const [billed] = await openTabs(context, [world.url(billing)], 1);
  const first = await inspecting(context, world.url(portal, '/page'));
  const second = await inspecting(context, world.url(portal, '/page'));
  await first.bringToFront();
  await expect(tabsOf(first)).toHaveCount(3);
  await second.bringToFront();
  await second.getByRole('button', { name: 'Start all hubs anew' }).click();
  await expect(across(second, 'page start')).toHaveCount(3);
  await login(billed, { subject: 'ada' });
  for (const tab of [second, first]) {
    await tab.bringToFront();
    await expect(tabsOf(tab).filter({ hasText: 'ada' }).filter({ hasText: 'in step' })).toHaveCount(3);
    await expect(tabsOf(tab)).toHaveCount(3);
  }
});

test('a page that goes away without a word is missed by nobody', async ({ world, context }) => {
  await serveInspectors(world);
  const [other] = await openTabs(context, [world.url(billing)], 1);
  const tab = await inspecting(context, world.url(portal, '/page'));
  await expect(tabsOf(tab)).toHaveCount(2);
  await expect.poll(() => called(other, world)).toHaveLength(4);
  await tab.close();
  await expect.poll(() => called(other, world)).toEqual([null]);
});

test('mounted between the load of the hub and its answer, the panel shows all tabs', async ({ world, context }) => {
  await serveInspectors(world);
  const tab = await inspecting(context, world.url(portal, '/page?late'));
  expect(await tab.evaluate(() => window.atMount)).toBe('connecting');
  await expect(tabsOf(tab)).toHaveCount(1);
});

test('an inspected page is still kept for Back, and is the same tab when it comes back', async ({ world, context }) => {
  await serveInspectors(world);
  const tab = await inspecting(context, world.url(portal, '/page'));
  const [other] = await openTabs(context, [world.url(billing)], 1);
  await other.evaluate(() => Object.assign(window, { isSame: true }));
  await other.goto(world.url(reports));
  await seen([other], { status: 'signed-out' });
  await expect.poll(() => called(other, world)).toHaveLength(4);
  await other.goBack({ waitUntil: 'commit' });
  await expect.poll(() => other.evaluate(() => 'isSame' in window)).toBe(true);
  await login(other, { subject: 'ada' });
  await tab.bringToFront();
  await expect(tabsOf(tab)).toHaveCount(3);
  await expect(tabsOf(tab).filter({ hasText: billing }).filter({ hasText: 'ada' })).toHaveCount(1);
  await expect(tabsOf(tab).filter({ hasText: reports })).toContainText('left');
});

test('an origin that is not listed gets nothing, and no hub learns that it asked', async ({ world, context }) => {
  await serveInspectors(world);
  const tab = await inspecting(context, world.url(billing, '/page'));
  const received = await tab.evaluateHandle((origin) => {
    const { port1, port2 } = new MessageChannel();
    const texts: unknown[] = [];
    port1.onmessage = ({ data }) => texts.push(data);
    port1.postMessage('{"type":"watch"}');
    document.querySelector('iframe')?.contentWindow?.postMessage('{"lockstep":1,"type":"inspect"}', origin, [port2]);
    return texts;
  }, world.hub.origin);
  // Whatever the hub does with that, it does before this.
  await tab.getByRole('button', { name: 'Check' }).click();
  await expect(tab.getByText('check: inactive')).toBeVisible();
  expect(await received.jsonValue()).toEqual([]);
  await expect(tab.getByText('The hub has not answered.')).toBeVisible();
  await expect(tabsOf(tab)).toHaveCount(0);
  expect(await called(tab, world)).toEqual([null]);
});

test.describe('where the configuration lets nobody', () => {
  test.use({ hub: usualHub });

  test('a hub has nothing of it', async ({ world, context }) => {
    await serveInspectors(world);
    const tab = await inspecting(context, world.url(portal, '/page'));
    await expect(tab.getByText('The hub has not answered.')).toBeVisible();
    const frame = hubFrame(tab, world.hub.url);
    expect(await frame.evaluate(() => 'lockstepInspect' in window || document.getElementById('inspect'))).toBeNull();
  });
});
