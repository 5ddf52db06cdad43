// The inspector in a real browser, in two tabs of two origins, below a policy that allows one script and one frame.

import type { BrowserContext } from '@playwright/test';
import { openInspector, saveBy, serveInspectors } from './support/inspector.js';
import { billing, expect, portal, test, type World } from './support/test.js';

function policyOf(world: World): string {
  return [
    ...["default-src 'none'", "script-src 'self'", `frame-src ${world.hub.url}`, "base-uri 'none'"],
    ...["form-action 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"],
  ].join('; ');
}

const open = (context: BrowserContext, url: string) => openInspector(context, url, 'signed-out');

test('two tabs show what each did and what the other did, below a strict policy', async ({
  world,
  context,
}, testInfo) => {
  await serveInspectors(world, { 'content-security-policy': policyOf(world) });
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

  const path = await saveBy(second, 'Save', 'lockstep-report.json', testInfo.outputPath('saved'));
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
