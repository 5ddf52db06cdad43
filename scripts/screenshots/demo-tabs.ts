// The demo in real tabs, for whoever takes pictures of it.

import type { Browser, Page } from '@playwright/test';
import { type Demo, startDemo } from '../../examples/demo.js';
import { withBrowser } from './browser.js';

/** Runs the demo and a browser for as long as `use` needs them. */
export async function withDemo(use: (browser: Browser, demo: Demo) => Promise<void>): Promise<void> {
  const demo = await startDemo({ port: 0 });
  try {
    await withBrowser((browser) => use(browser, demo));
  } finally {
    await demo.close();
  }
}

export async function signIn(page: Page, user: string, password: string): Promise<void> {
  await page.getByTestId('sign-in').click();
  await page.getByTestId('username').fill(user);
  await page.getByTestId('password').fill(password);
  await page.getByTestId('login-submit').click();
}

/** Every tab has noted so many arrivals of this kind. Resolves with the milliseconds that the last one took. */
export async function arrived(pages: readonly Page[], kind: 'login' | 'logout', times: number): Promise<number> {
  const entry = `[data-testid="timeline-entry"][data-kind="${kind}"][data-after-ms]`;
  const after: number[] = [];
  for (const page of pages) {
    await page
      .locator(entry)
      .nth(times - 1)
      .waitFor();
    // The latest is the first.
    after.push(Number(await page.locator(entry).first().getAttribute('data-after-ms')));
  }
  return Math.max(...after);
}

/** Every tab has got tokens of its own. */
export async function haveTokens(pages: readonly Page[]): Promise<void> {
  for (const page of pages) await page.locator('[data-testid="tokens"][data-value="in memory"]').waitFor();
}
