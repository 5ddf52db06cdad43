// Micro-frontends: single-spa mounts two apps in one document. One takes the client from the page's import map, the
// other brings a copy of its own in its bundle. Module Federation is among the examples: npm run test:frameworks.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from '@playwright/test';
import { bundle } from './support/bundle.js';
import { billing, expect, portal, test, type World } from './support/test.js';

const singleSpa = join(dirname(createRequire(import.meta.url).resolve('single-spa')), '../esm/single-spa.min.js');
const shell = `
import { registerApplication, start } from 'single-spa';
registerApplication('menu', () => import('@acme/menu'), () => true);
registerApplication('orders', () => import('@acme/orders'), ({ hash }) => hash === '#orders');
start();
`;
const imports = {
  lockstep: '/lockstep.js',
  'single-spa': '/single-spa.js',
  '@acme/menu': '/menu.js',
  '@acme/orders': '/orders.js',
};

async function serve(world: World): Promise<void> {
  const entry = (name: string) => fileURLToPath(new URL(`micro-frontends/${name}.ts`, import.meta.url));
  const scripts = {
    '/single-spa.js': await readFile(singleSpa, 'utf8'),
    '/menu.js': await bundle({ entryPoints: [entry('menu')], external: ['lockstep'] }),
    '/orders.js': await bundle({ entryPoints: [entry('orders')] }),
  };
  for (const [path, body] of Object.entries(scripts))
    world.serve('*', path, { body, headers: { 'content-type': 'text/javascript' } });
  world.serve(
    '*',
    '/shell',
    `<!doctype html><html lang="en" data-hub="${world.hub.url}"><meta charset="utf-8"><title>Acme</title>
<script type="importmap">${JSON.stringify({ imports })}</script>
<body><script type="module">${shell}</script></body></html>`,
  );
}

async function open(context: BrowserContext, url: string): Promise<Page> {
  const tab = await context.newPage();
  await tab.goto(url);
  return tab;
}

/** A tab behind another draws nothing, and so has nothing to click on. */
async function click(tab: Page, name: string): Promise<void> {
  await tab.bringToFront();
  await tab.getByRole('button', { name }).click();
}

test('K5.11: two micro-apps with two copies of the client share one frame, and either may go', async ({
  world,
  context,
}) => {
  await serve(world);
  const first = await open(context, world.url(portal, '/shell#orders'));
  const second = await open(context, world.url(billing, '/shell#orders'));
  const frames = (tab: Page) => tab.locator('iframe').count();
  await click(first, 'orders in');
  for (const tab of [first, second]) {
    await expect(tab.getByText('menu: ada')).toBeVisible();
    await expect(tab.getByText('orders: ada')).toBeVisible();
    expect(await frames(tab)).toBe(1);
  }
  // The app that has opened the frame first may be the one that goes.
  await first.evaluate(() => {
    location.hash = '';
  });
  await expect(first.getByText('orders: ada')).toBeHidden();
  expect(await frames(first)).toBe(1);
  await click(second, 'menu out');
  await expect(first.getByText('menu: signed-out')).toBeVisible();
  await expect(second.getByText('orders: signed-out')).toBeVisible();
});
