// The example apps, each built by its framework's own tool from the packed package, in a real browser: two apps at two
// origins sign in and out together, over a reload, and no console complains, of hydration least of all.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from '../e2e/support/test.js';
import { install, pack, remove, run, startExample } from './example.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const names = readdirSync(join(root, 'examples/frameworks'));
/** These render on a server. */
const onServer = /^(next|nuxt|sveltekit|angular|vite-solid)$/;

/** What else the page shows when somebody is signed in: a micro-app with a copy of the client. */
const alsoShown: Readonly<Record<string, string>> = { 'module-federation': 'Remote: ada' };

let folder: string;
let tarball: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-pack-'));
  tarball = pack(folder);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The tab, and whatever its console has complained of. */
async function open(context: BrowserContext, url: string): Promise<{ tab: Page; complaints: string[] }> {
  const tab = await context.newPage();
  const complaints: string[] = [];
  tab.on('console', (message) => /error|warning/.test(message.type()) && complaints.push(message.text()));
  tab.on('pageerror', (error) => complaints.push(String(error)));
  await tab.goto(url);
  return { tab, complaints };
}

/** A tab behind another draws nothing, and so has nothing to click on. */
async function click(tab: Page, text: string): Promise<void> {
  await tab.bringToFront();
  await tab.getByText(text).click({ timeout: 20_000 });
}

for (const name of names) {
  test(name, async ({ context }) => {
    const { urls, close } = await startExample(name, tarball);
    try {
      if (onServer.test(name)) expect(await (await fetch(urls[0])).text()).toContain('One moment …');
      const first = await open(context, urls[0]);
      const second = await open(context, urls[1]);
      const tabs = [first.tab, second.tab];
      await click(first.tab, 'Sign in');
      for (const tab of tabs) await expect(tab.getByText('Signed in as ada')).toBeVisible();
      await second.tab.reload();
      await expect(second.tab.getByText('Signed in as ada')).toBeVisible();
      for (const tab of tabs) {
        await expect(tab.locator('body')).toContainText(alsoShown[name] ?? '');
        expect(await tab.locator('iframe').count()).toBe(1);
      }
      await click(second.tab, 'Sign out');
      for (const tab of tabs) await expect(tab.getByText('Sign in')).toBeVisible();
      expect([first.complaints, second.complaints]).toEqual([[], []]);
    } finally {
      await close();
    }
  });
}

test('testing: components in Vitest, with jsdom and with happy-dom, and in Jest', async () => {
  const folder = await install('testing', tarball);
  try {
    const { stdout, stderr } = await run('npm', ['test'], { cwd: folder });
    expect(stripVTControlCharacters(stdout).match(/Tests\s+2 passed/g)).toHaveLength(2);
    expect(stripVTControlCharacters(stderr)).toMatch(/Tests:\s+2 passed/);
  } finally {
    await remove(folder);
  }
});
