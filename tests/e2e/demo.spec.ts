// The demo as `npm start` runs it: a real OpenID provider, three apps on three origins, a real login library in each. What a user
// does in one tab is seen in two tabs of every app.

import type { Page } from '@playwright/test';
import { type Demo, startDemo } from '../../examples/demo.js';
import { appNames, originOf } from '../../examples/places.js';
import { test as base, expect } from './support/test.js';

const test = base.extend<{ readonly demo: Demo }>({
  // Playwright reads from the empty pattern that this fixture needs no other.
  demo: async ({}, use) => {
    const demo = await startDemo({ port: 0 });
    await use(demo);
    await demo.close();
  },
});

async function signIn(page: Page, user: string, password: string): Promise<void> {
  await page.bringToFront();
  await page.getByTestId('sign-in').click();
  await page.getByTestId('username').fill(user);
  await page.getByTestId('password').fill(password);
  await page.getByTestId('login-submit').click();
}

const told = (page: Page, kind: string) =>
  page.locator(`[data-testid="timeline-entry"][data-kind="${kind}"][data-after-ms]`);

test('a login in one app and a logout in another show in six tabs, with why and by whom', async ({ demo, context }) => {
  const tabs: Page[] = [];
  for (const name of appNames) {
    for (let count = 0; count < 2; count++) {
      const page = await context.newPage();
      await page.goto(demo.urls[name]);
      await expect(page.getByTestId('reason')).toHaveAttribute('data-reason', 'never');
      tabs.push(page);
    }
  }
  const [inPortal, , inBilling] = tabs as [Page, Page, Page];
  const others = (acting: Page) => tabs.filter((page) => page !== acting);

  await signIn(inPortal, 'ada', 'analytical');
  for (const page of tabs) {
    await expect(page.getByTestId('user')).toHaveText('Ada Lovelace');
    await expect(page.getByTestId('scope')).toHaveAttribute('data-value', 'shared');
  }
  for (const page of others(inPortal)) await expect(told(page, 'login')).toHaveCount(1);

  await inBilling.bringToFront();
  // The tab gets tokens of its own when somebody looks at it; with them the provider knows whose session to end.
  await expect(inBilling.getByTestId('tokens')).toHaveAttribute('data-value', 'in memory');
  await inBilling.getByTestId('sign-out').click();
  for (const page of tabs) {
    await expect(page.getByTestId('reason')).toHaveAttribute('data-reason', 'logout');
    await expect(page.getByTestId('reason')).toHaveAttribute('data-ended-by', originOf('billing', demo.port));
  }
  for (const page of others(inBilling)) await expect(told(page, 'logout')).toHaveCount(1);

  // The provider has ended its session, too: nobody gets in without a password.
  await expect(inBilling).toHaveURL(demo.urls.billing);
  await signIn(inBilling, 'grace', 'compiler');
  for (const page of tabs) await expect(page.getByTestId('user')).toHaveText('Grace Hopper');
});
