// Pages with an inspector, which is opened and used by keyboard, and the files that it saves.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { bundle } from './bundle.js';
import type { World } from './world.js';

/** Serves inspector/app.ts as /page at every host, with these headers besides its type. */
export async function serveInspectors(world: World, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const script = await bundle({ entryPoints: [fileURLToPath(new URL('../inspector/app.ts', import.meta.url))] });
  world.serve('*', '/favicon.ico', '');
  world.serve('*', '/page.js', { body: script, headers: { 'content-type': 'text/javascript' } });
  world.serve('*', '/page', {
    body: `<!doctype html><html lang="en" data-hub="${world.hub.url}"><meta charset="utf-8"><title>Acme</title>
<meta name="viewport" content="width=device-width"><body><script type="module" src="/page.js"></script>`,
    headers: { 'content-type': 'text/html', ...headers },
  });
}

/** Opens the panel by keyboard, as it is to be reached, once the page shows this status. */
export async function openInspector(context: BrowserContext, url: string, status: string | RegExp): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(url);
  await expect(tab.getByRole('status')).toHaveText(status);
  await tab.keyboard.press('Tab');
  await tab.keyboard.press('Enter');
  await expect(tab.getByRole('region', { name: 'Lockstep inspector' })).toBeVisible();
  return tab;
}

/** The rows of an inspector's table of all tabs. */
export function tabsOf(inspector: Page | Locator): Locator {
  return inspector.getByRole('region', { name: 'Tabs', exact: true }).locator('tbody').getByRole('row');
}

export function across(inspector: Page | Locator, name: string): Locator {
  return inspector.getByRole('region', { name: 'Timeline across tabs' }).getByRole('row', { name });
}

/** A transcript through the native core: its exit status and its words. */
export function replayed(path: string): readonly unknown[] {
  const replay = fileURLToPath(new URL('../../../build/native/tests/native/replay', import.meta.url));
  const { status, stdout, stderr } = spawnSync(replay, [path], { encoding: 'utf8' });
  return [status, stdout, stderr];
}

/** This browser has none of Playwright's defaults, and so no download events: the file is waited for. */
export async function saveBy(tab: Page, button: string, name: string, folder: string): Promise<string> {
  const devtools = await tab.context().newCDPSession(tab);
  await devtools.send('Page.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  await tab.getByRole('button', { name: button, exact: true }).click();
  const path = join(folder, name);
  await expect.poll(() => existsSync(path)).toBe(true);
  return path;
}
