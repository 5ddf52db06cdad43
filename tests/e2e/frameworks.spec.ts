// The bindings for Angular, Solid, Preact and Lit in a real browser: two apps at two origins, in lockstep. Those of
// Preact and Lit are rendered on a server first. React's have a test of their own, react.spec.ts.

import { fileURLToPath } from 'node:url';
import { render as renderLit } from '@lit-labs/ssr';
import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
import type { BrowserContext, Page as Tab } from '@playwright/test';
import { html } from 'lit';
import { connect } from 'lockstep';
import { createElement } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { definePage } from './frameworks/lit-page.js';
import { Page as PreactPage } from './frameworks/preact-page.js';
import { bundle } from './support/bundle.js';
import { billing, expect, login, openApp, portal, reports, test, type World } from './support/test.js';

const onServer = () => connect({ hub: 'https://hub.acme.com/' });

const apps: Readonly<Record<string, () => Promise<string>>> = {
  angular: async () => '',
  solid: async () => '',
  preact: async () => renderToString(createElement(PreactPage, { session: onServer() })),
  lit: async () => {
    definePage(onServer());
    return collectResult(renderLit(html`<acme-page></acme-page>`));
  },
};

async function serve(world: World, framework: string): Promise<void> {
  const script = await bundle({
    entryPoints: [fileURLToPath(new URL(`frameworks/${framework}.ts`, import.meta.url))],
    conditions: ['browser'],
  });
  const body = (await apps[framework]?.()) ?? '';
  world.serve('*', '/favicon.ico', '');
  world.serve('*', '/page.js', { body: script, headers: { 'content-type': 'text/javascript' } });
  world.serve(
    '*',
    '/page',
    `<!doctype html><html lang="en" data-hub="${world.hub.url}"><meta charset="utf-8"><title>Acme</title>
<script type="module" src="/page.js"></script><body>${body}</body></html>`,
  );
}

/** The tab, and whatever its console has complained of. */
async function open(context: BrowserContext, url: string): Promise<{ tab: Tab; complaints: string[] }> {
  const tab = await context.newPage();
  const complaints: string[] = [];
  tab.on('console', (message) => /error|warning/.test(message.type()) && complaints.push(message.text()));
  tab.on('pageerror', (error) => complaints.push(String(error)));
  await tab.goto(url);
  return { tab, complaints };
}

/** A tab behind another draws nothing, and so has nothing to click on. */
async function click(tab: Tab, text: string): Promise<void> {
  await tab.bringToFront();
  await tab.getByText(text).click();
}

for (const framework of Object.keys(apps)) {
  test(`${framework}: two apps sign in and out together, over a reload`, async ({ world, context }) => {
    await serve(world, framework);
    const first = await open(context, world.url(portal, '/page'));
    const second = await open(context, world.url(billing, '/page'));
    const tabs = [first.tab, second.tab];
    await click(first.tab, 'Sign in');
    for (const tab of tabs) await expect(tab.getByText('Signed in as ada')).toBeVisible();
    await second.tab.reload();
    for (const tab of tabs) await expect(tab.getByText('Signed in as ada')).toBeVisible();
    for (const tab of tabs) expect(await tab.locator('iframe').count()).toBe(1);
    await click(second.tab, 'Sign out');
    for (const tab of tabs) await expect(tab.getByText('Sign in')).toBeVisible();
    await expect(first.tab.getByRole('status')).toHaveText('logout');
    await expect(second.tab.getByRole('status')).toHaveText('my logout');
    expect([first.complaints, second.complaints]).toEqual([[], []]);
  });
}

test("K5.12: a change wakes Angular's zone once, and what the user does in the page wakes it not at all", async ({
  world,
  context,
}) => {
  await serve(world, 'angular');
  const { tab } = await open(context, world.url(portal, '/page'));
  const woken = () => tab.evaluate(() => document.documentElement.dataset.woken);
  await expect(tab.getByText('Sign in')).toBeVisible();
  await expect.poll(woken).toMatch(/\d/);
  const before = Number(await woken());
  await tab.bringToFront();
  for (let turn = 0; turn < 20; turn++) await tab.mouse.wheel(0, 40);
  await tab.keyboard.press('a');
  const other = await openApp(context, world.url(reports));
  await login(other, { subject: 'ada' });
  await expect(tab.getByText('Signed in as ada')).toBeVisible();
  expect(Number(await woken()) - before).toBe(1);
});
