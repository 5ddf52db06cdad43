// The inspector in a real browser, in two tabs of two origins, below a policy that allows one script and one frame.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from '@playwright/test';
import { bundle } from './support/bundle.js';
import { billing, expect, portal, test, type World } from './support/test.js';

async function serve(world: World): Promise<void> {
  const script = await bundle({ entryPoints: [fileURLToPath(new URL('inspector/app.ts', import.meta.url))] });
  const policy = [
    ...["default-src 'none'", "script-src 'self'", `frame-src ${world.hub.url}`, "base-uri 'none'"],
    ...["form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"],
  ];
  world.serve('*', '/favicon.ico', '');
  world.serve('*', '/page.js', { body: script, headers: { 'content-type': 'text/javascript' } });
  world.serve('*', '/page', {
    body: `<!doctype html><html lang="en" data-hub="${world.hub.url}"><meta charset="utf-8"><title>Acme</title>
<meta name="viewport" content="width=device-width"><body><script type="module" src="/page.js"></script>`,
    headers: { 'content-type': 'text/html', 'content-security-policy': policy.join('; ') },
  });
}

/** Opens the panel by keyboard, as it is to be reached. */
async function open(context: BrowserContext, url: string): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(url);
  await expect(tab.getByRole('status')).toHaveText('signed-out');
  await tab.keyboard.press('Tab');
  await tab.keyboard.press('Enter');
  await expect(tab.getByRole('region', { name: 'Lockstep inspector' })).toBeVisible();
  return tab;
}

/** This browser has none of Playwright's defaults, and so no download events: the file is waited for. */
async function save(tab: Page, folder: string): Promise<string> {
  const devtools = await tab.context().newCDPSession(tab);
  await devtools.send('Page.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  await tab.getByRole('button', { name: 'Save' }).click();
  const path = join(folder, 'lockstep-report.json');
  await expect.poll(() => existsSync(path)).toBe(true);
  return path;
}

test('two tabs show what each did and what the other did, below a strict policy', async ({
  world,
  context,
}, testInfo) => {
  await serve(world);
  const first = await open(context, world.url(portal, '/page'));
  const second = await open(context, world.url(billing, '/page'));

  await second.getByLabel('Subject', { exact: true }).fill('grace');
  await second.keyboard.press('Enter');
  await expect(second.getByText('login: done')).toBeVisible();
  const own = second.getByRole('row', { name: 'event login' });
  await expect(own).toContainText('this page');
  await expect(own.getByRole('cell').nth(3)).toHaveText(/^[1-9][\d.]* ms$|^0\.\d ms$/);

  await first.bringToFront();
  await expect(first.getByText('A user is signed in.')).toBeVisible();
  await expect(first.getByRole('row', { name: 'event login' })).toContainText('a login elsewhere');
  await first.getByRole('button', { name: 'Log out' }).click();
  await expect(first.getByText('logout: done')).toBeVisible();
  await second.bringToFront();
  await expect(second.getByText(`The user logged out, by the app at ${new URL(first.url()).origin}.`)).toBeVisible();

  const path = await save(second, testInfo.outputPath('saved'));
  await first.bringToFront();
  await first.getByLabel('Show a report').setInputFiles(path);
  await expect(first.getByRole('heading', { name: `Report of ${new URL(second.url()).origin}` })).toBeVisible();
  await expect(first.getByRole('article')).not.toContainText('grace');

  for (const tab of [first, second]) expect(await tab.evaluate(() => window.refusals)).toEqual([]);
  await first.keyboard.press('Escape');
  await expect(first.getByRole('button', { name: 'Lockstep' })).toBeFocused();
  await first.evaluate(() => window.unmount());
  await expect(first.locator('lockstep-inspector')).toHaveCount(0);
});
