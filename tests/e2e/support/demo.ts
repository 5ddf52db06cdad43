// The demo as `npm start` runs it, on a free port, and what its tests do in its tabs: sign in, press, read the list of
// events. The provider counts who asked it.

import type { BrowserContext, Page } from '@playwright/test';
import { type Demo, type DemoOptions, startDemo } from '../../../examples/demo.js';
import { appNames } from '../../../examples/places.js';
import { test as base, expect } from './test.js';

type Lifetimes = Omit<DemoOptions, 'port' | 'root'>;

export const test = base.extend<{ readonly lifetimes: Lifetimes; readonly demo: Demo }>({
  lifetimes: [{}, { option: true }],
  demo: async ({ lifetimes }, use) => {
    const demo = await startDemo({ port: 0, ...lifetimes });
    await use(demo);
    await demo.close();
  },
});

export type SixTabs = readonly [Page, Page, Page, Page, Page, Page];

export async function openSixTabs(context: BrowserContext, demo: Demo): Promise<SixTabs> {
  const tabs: Page[] = [];
  for (const name of [...appNames, ...appNames]) {
    const page = await context.newPage();
    await page.goto(demo.urls[name]);
    await expect(page.getByTestId('reason')).toHaveAttribute('data-reason', 'never');
    tabs.push(page);
  }
  return tabs as unknown as SixTabs;
}

export async function click(page: Page, testId: string): Promise<void> {
  await page.bringToFront();
  await page.getByTestId(testId).click();
}

// Fails where the provider lets somebody in without a password.
export async function signIn(page: Page, user: string, password: string): Promise<void> {
  await click(page, 'sign-in');
  await page.getByTestId('username').fill(user);
  await page.getByTestId('password').fill(password);
  await page.getByTestId('login-submit').click();
}

export const entries = (page: Page, kind: string, text = /./) =>
  page.locator(`[data-testid="timeline-entry"][data-kind="${kind}"]`, { hasText: text });
export const arrivals = (page: Page, kind: string) =>
  page.locator(`[data-testid="timeline-entry"][data-kind="${kind}"][data-after-ms]`);

export const asked = (demo: Demo, what: 'check' | 'end' | 'revoke' | 'everywhere') =>
  demo.asked().filter((each) => each.what === what);

export async function everySignedIn(tabs: readonly Page[], name: string): Promise<void> {
  for (const page of tabs) await expect(page.getByTestId('user')).toHaveText(name);
}

export async function everySignedOut(tabs: readonly Page[], reason: string): Promise<void> {
  for (const page of tabs) await expect(page.getByTestId('reason')).toHaveAttribute('data-reason', reason);
}

/** How many entries like this all tabs show together. */
export async function countIn(tabs: readonly Page[], kind: string, text: RegExp): Promise<number> {
  let sum = 0;
  for (const page of tabs) sum += await entries(page, kind, text).count();
  return sum;
}

export { expect };
