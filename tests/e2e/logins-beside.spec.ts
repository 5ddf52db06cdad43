// Logins that join a session, and flows that run beside another login or beside what the user does.

import {
  beginSilentSignIn,
  comeBack,
  goToProvider,
  sendForm,
  signInAtEveryLogin,
  silentOutcomes,
} from './support/logins.js';
import { expect, finishLogin, login, logout, openTabs, portal, seen, test, twoApps } from './support/test.js';

test('K2.1: what the user does elsewhere in the page does not move the flow that beginLogin began', async ({
  world,
  context,
}) => {
  const tabs = await openTabs(context, twoApps(world), 1);
  expect(await login(tabs[0], { subject: 'ada', sessionId: 'portal-bff' })).toBe('done');
  await seen(tabs, { status: 'signed-in' });
  const finish = await beginSilentSignIn(tabs[1], world, { subject: 'ada', sessionId: 'billing-bff' }, 'by beginLogin');
  expect(await logout(tabs[0])).toBe('done');
  await seen(tabs, { status: 'signed-out', reason: 'logout' });
  await tabs[1].bringToFront();
  await tabs[1].locator('#last').click();
  expect(await finish()).toBe('session-ended');
});

test('K2.3: silent sign-ins that are not announced join after an earlier logout, too', async ({ world, context }) => {
  const tabs = await openTabs(context, twoApps(world), 1);
  for (const [index, tab] of tabs.entries()) await signInAtEveryLogin(tab, world, `bff-${index}`, 'not at all');
  for (const times of [1, 2]) {
    expect(await sendForm(tabs[0], { subject: 'ada', sessionId: 'portal-bff' })).toBe('done');
    for (const tab of tabs) await expect.poll(() => silentOutcomes(tab)).toEqual(Array(times).fill('done'));
    expect(await logout(tabs[0])).toBe('done');
    await seen(tabs, { status: 'signed-out', reason: 'logout' });
  }
});

test('K1.7: a tab that was open at an earlier logout renews the session that came after it', async ({
  world,
  context,
}) => {
  const tabs = await openTabs(context, twoApps(world), 1);
  expect(await login(tabs[0], { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await seen(tabs, { status: 'signed-in' });
  expect(await logout(tabs[0])).toBe('done');
  await seen(tabs, { status: 'signed-out', reason: 'logout' });
  const ada = { subject: 'ada', sessionId: 'sid-2' };
  expect(await sendForm(tabs[0], { ...ada, expiresAt: Date.now() + 60_000 })).toBe('done');
  await seen(tabs, { status: 'signed-in', ...ada });
  const expiresAt = Date.now() + 120_000;
  expect(await finishLogin(tabs[1], { ...ada, expiresAt })).toBe('done');
  await seen(tabs, { status: 'signed-in', ...ada, expiresAt });
});

test('K2.5: a flow that begins while a login is under way outlives the redirect', async ({ world, context }) => {
  const tabs = await openTabs(context, twoApps(world), 1);
  await tabs[0].evaluate(() => session.on('login', () => session.beginLogin()));
  expect(await finishLogin(tabs[0], { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await seen(tabs, { status: 'signed-in' });
  await goToProvider(tabs[0], world);
  expect(await logout(tabs[1])).toBe('done');
  await comeBack(tabs[0], world, portal);
  expect(await finishLogin(tabs[0], { subject: 'ada', sessionId: 'sid-1' })).toBe('session-ended');
});
