// The binding for React in a real browser: two apps at two origins, rendered on a server, in lockstep.

import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page as Tab } from '@playwright/test';
import { connect } from 'lockstep';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { Page } from './react/page.js';
import { bundle } from './support/bundle.js';
import { billing, expect, portal, test, usualHub, type World } from './support/test.js';

let script: string;
test.beforeAll(async () => {
  script = await bundle({
    entryPoints: [fileURLToPath(new URL('react/app.ts', import.meta.url))],
    define: { 'process.env.NODE_ENV': '"development"' },
  });
});

/** The tab, and whatever its console has complained of. */
async function open(context: BrowserContext, world: World, host: string): Promise<{ tab: Tab; complaints: string[] }> {
  world.serve(host, '/favicon.ico', '');
  world.serve(host, '/react.js', { body: script, headers: { 'content-type': 'text/javascript' } });
  const html = renderToString(createElement(Page, { session: connect({ hub: world.hub.url }) }));
  expect(html).toContain('One moment …');
  world.serve(
    host,
    '/react',
    `<!doctype html><html lang="en" data-hub="${world.hub.url}"><meta charset="utf-8"><title>Acme</title>
<body><div id="root">${html}</div><script type="module" src="/react.js"></script></body></html>`,
  );
  const tab = await context.newPage();
  const complaints: string[] = [];
  tab.on('console', (message) => /error|warning/.test(message.type()) && complaints.push(message.text()));
  tab.on('pageerror', (error) => complaints.push(String(error)));
  await tab.goto(world.url(host, '/react'));
  return { tab, complaints };
}

/** A tab behind another draws nothing, and so has nothing to click on. */
async function click(tab: Tab, text: string | RegExp): Promise<void> {
  await tab.bringToFront();
  await tab.getByText(text).click();
}

test('two apps sign in and out together, over Back and reload, and React complains of nothing', async ({
  world,
  context,
}) => {
  const first = await open(context, world, portal);
  const second = await open(context, world, billing);
  const tabs = [first.tab, second.tab];
  await click(first.tab, 'Sign in');
  for (const tab of tabs) await expect(tab.getByText('Signed in as ada')).toBeVisible();
  await expect(first.tab.getByRole('status')).toHaveText('my login');
  await expect(second.tab.getByRole('status')).toHaveText('login');
  // One frame, though StrictMode mounts everything twice.
  for (const tab of tabs) expect(await tab.locator('iframe').count()).toBe(1);
  await second.tab.reload();
  await expect(second.tab.getByText('Signed in as ada')).toBeVisible();
  await second.tab.goto(world.url(billing, '/plain'));
  await click(first.tab, 'Sign out');
  // Out of the back/forward cache there is no load to wait for.
  await second.tab.goBack({ waitUntil: 'commit' });
  for (const tab of tabs) await expect(tab.getByText('Sign in')).toBeVisible();
  await expect(first.tab.getByRole('status')).toHaveText('my login my logout');
  expect([first.complaints, second.complaints]).toEqual([[], []]);
});

test.describe('with idle time', () => {
  // The user has ten seconds to press a button.
  test.use({ hub: { ...usualHub, session: { idleTimeoutSeconds: 12, idleWarningSeconds: 10 } } });

  test('every app counts down, one stays for all, and all end', async ({ world, context }) => {
    const { tab: first } = await open(context, world, portal);
    const { tab: second } = await open(context, world, billing);
    await click(first, 'Sign in');
    const warning = /Stay \(\d+ s left\)/;
    await expect(first.getByText(warning)).toBeVisible();
    await click(second, warning);
    for (const tab of [first, second]) await expect(tab.getByText(warning)).toBeHidden();
    for (const tab of [first, second]) await expect(tab.getByText('Sign in')).toBeVisible();
    await expect(second.getByRole('status')).toHaveText('login idle');
  });
});
