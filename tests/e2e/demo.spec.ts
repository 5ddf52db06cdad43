// The demo as a user sees it: a real OpenID provider, three apps on three origins, a real login library in each. What
// one does in one tab is seen in two tabs of every app, and whoever waits for a login comes back.

import type { Page } from '@playwright/test';
import { appNames, originOf } from '../../examples/places.js';
import {
  arrivals,
  asked,
  click,
  countIn,
  entries,
  everySignedIn,
  everySignedOut,
  expect,
  openSixTabs,
  signIn,
  test,
} from './support/demo.js';

test('a login in one app and a logout in another show in six tabs; one tab ends it at the provider, once', async ({
  demo,
  context,
}) => {
  const tabs = await openSixTabs(context, demo);
  const [inPortal, inBilling] = tabs;
  const others = (acting: Page) => tabs.filter((page) => page !== acting);

  await signIn(inPortal, 'ada', 'analytical');
  await everySignedIn(tabs, 'Ada Lovelace');
  for (const page of tabs) await expect(page.getByTestId('scope')).toHaveAttribute('data-value', 'shared');
  for (const page of others(inPortal)) await expect(arrivals(page, 'login')).toHaveCount(1);

  await click(inBilling, 'sign-out');
  await everySignedOut(tabs, 'logout');
  for (const page of tabs)
    await expect(page.getByTestId('reason')).toHaveAttribute('data-ended-by', originOf('billing', demo.port));
  for (const page of others(inBilling)) await expect(arrivals(page, 'logout')).toHaveCount(1);
  await expect(entries(inBilling, 'duty', /ended it at the provider/)).toHaveCount(1);
  await expect(inBilling).toHaveURL(demo.urls.billing);

  // The provider has ended its session, too: nobody gets in without a password.
  await signIn(inBilling, 'grace', 'compiler');
  await everySignedIn(tabs, 'Grace Hopper');
  expect(asked(demo, 'end')).toMatchObject([{ by: 'billing', found: true }]);
  expect(await countIn(tabs, 'duty', /ended it at the provider/)).toBe(1);
});

test('another user takes over in one tab, and every tab shows that one', async ({ demo, context }) => {
  const tabs = await openSixTabs(context, demo);
  const [inPortal, , inReports] = tabs;
  await signIn(inPortal, 'ada', 'analytical');
  await everySignedIn(tabs, 'Ada Lovelace');
  await inReports.bringToFront();
  // Then the provider knows the app as one of the session, and may inform it when the session is replaced.
  await expect(inReports.getByTestId('tokens')).toHaveAttribute('data-value', 'in memory');
  await click(inReports, 'switch-user');
  await inReports.getByTestId('demo-user-grace').click();
  await everySignedIn(tabs, 'Grace Hopper');
  await click(inReports, 'check');
  await expect(entries(inReports, 'act', /the session lives/)).toHaveCount(1);
  await everySignedIn(tabs, 'Grace Hopper');
});

test('tabs that wait at the login page come back to their very address when one signs in', async ({
  demo,
  context,
}) => {
  const places = appNames.map((name) => `${demo.urls[name]}orders/7?from=mail&to=%2F#line-3`);
  const waiting: Page[] = [];
  for (const place of places) {
    const page = await context.newPage();
    await page.goto(place);
    await click(page, 'go-to-login');
    await expect(page).toHaveURL(`${demo.urls.portal}login?return=${encodeURIComponent(place)}`);
    await expect(page.getByTestId('reason')).toHaveAttribute('data-reason', 'never');
    waiting.push(page);
  }
  const elsewhere = await context.newPage();
  const there = `${demo.urls.reports}years/2026?by=month`;
  await elsewhere.goto(there);
  await signIn(elsewhere, 'alan', 'enigma');
  await everySignedIn([...waiting, elsewhere], 'Alan Turing');
  for (const [index, page] of waiting.entries()) await expect(page).toHaveURL(places[index] ?? '');
  await expect(elsewhere).toHaveURL(there);

  // So does the one in which the user signs in at the login page itself.
  await click(elsewhere, 'sign-out');
  await everySignedOut(waiting, 'logout');
  for (const page of waiting) {
    await click(page, 'go-to-login');
    await expect(page.getByTestId('reason')).toHaveAttribute('data-reason', 'logout');
  }
  await signIn(waiting[1] as Page, 'grace', 'compiler');
  await everySignedIn(waiting, 'Grace Hopper');
  for (const [index, page] of waiting.entries()) await expect(page).toHaveURL(places[index] ?? '');
});

test('the login page sends nobody to an address that is not ours', async ({ demo, context }) => {
  const page = await context.newPage();
  await page.goto(demo.urls.billing);
  await signIn(page, 'ada', 'analytical');
  await everySignedIn([page], 'Ada Lovelace');
  for (const foreign of ['http://evil.localhost/', `${demo.urls.login}`, 'javascript:alert(1)', '//evil.localhost/']) {
    await page.goto(`${demo.urls.portal}login?return=${encodeURIComponent(foreign)}`);
    await expect(page).toHaveURL(demo.urls.portal);
  }
});

test.describe('with an idle time of sixteen seconds', () => {
  // Ten seconds to say so in, and six for six tabs to be without a warning.
  test.use({ lifetimes: { times: { idleTimeoutSeconds: 16, idleWarningSeconds: 10 } } });

  test('every tab warns and counts down, stays when one says so, and is signed out when none does', async ({
    demo,
    context,
  }) => {
    const tabs = await openSixTabs(context, demo);
    await signIn(tabs[0], 'ada', 'analytical');
    await everySignedIn(tabs, 'Ada Lovelace');
    for (const page of tabs) await expect(page.getByTestId('idle-warning')).toHaveCount(1);
    await expect(tabs[0].getByTestId('idle-countdown')).toHaveText(/^0:\d\d$/);
    await click(tabs[0], 'stay');
    for (const page of tabs) await expect(page.getByTestId('idle-warning')).toHaveCount(0);
    await everySignedIn(tabs, 'Ada Lovelace');

    await everySignedOut(tabs, 'idle');
    await expect.poll(() => asked(demo, 'end')).toMatchObject([{ found: true }]);
    await signIn(tabs[0], 'ada', 'analytical');
    await everySignedIn(tabs, 'Ada Lovelace');
  });
});
