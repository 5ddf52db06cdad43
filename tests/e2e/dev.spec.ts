// The hub for development in a real browser: one command, and apps on whatever ports are in lockstep.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from '@playwright/test';
import { listen } from './support/listen.js';
import { expect, test } from './support/test.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const client = readFileSync(`${root}dist/lockstep.iife.js`, 'utf8');

/** An app of a developer: the one line, and no word of its port anywhere. */
async function serveApp(hub: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const { port, stop } = await listen((request, response) => {
    const isScript = request.url === '/lockstep.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(
      isScript
        ? client
        : `<!doctype html><title>app</title><script src="/lockstep.js"></script>
<script>window.session = lockstep.connect({ hub: '${hub}' });</script>`,
    );
  });
  return { url: `http://localhost:${port}/`, stop };
}

function startHub(...args: readonly string[]): { child: ChildProcess; url: Promise<string> } {
  const child = spawn(process.execPath, [`${root}dist/cli/main.js`, 'dev', '--port', '0', ...args], { cwd: root });
  const url = new Promise<string>((resolve) => {
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
      const [, address] = /runs at (http\S+)/.exec(said) ?? [];
      if (address) resolve(address);
    });
  });
  return { child, url };
}

const shows = (page: Page) =>
  page.evaluate(() => {
    const { status, subject, scope } = window.session.getSnapshot();
    return [status, subject, scope];
  });

/** A tab of this app, whose session nobody has begun. */
async function openApp(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await expect.poll(() => shows(page)).toEqual(['signed-out', undefined, 'shared']);
  return page;
}

test('K7.6: apps on two ports are in lockstep by one command and one line each', async ({ context }) => {
  const { child, url } = startHub();
  const hub = await url;
  const apps = [await serveApp(hub), await serveApp(hub)];
  try {
    const pages: Page[] = [];
    for (const app of apps) pages.push(await openApp(context, app.url));
    const [first, second] = pages as [Page, Page];
    await first.evaluate(() => {
      window.session.beginLogin();
      return window.session.login({ subject: 'ada' });
    });
    for (const page of pages) await expect.poll(() => shows(page)).toEqual(['signed-in', 'ada', 'shared']);
    await second.evaluate(() => window.session.logout());
    for (const page of pages) await expect.poll(() => shows(page)).toEqual(['signed-out', undefined, 'shared']);
  } finally {
    child.kill('SIGINT');
    for (const app of apps) await app.stop();
  }
});

test('K7.6: the login page of --as signs in for every app, at once or where an app leads to it', async ({
  context,
}) => {
  const { child, url } = startHub('--as', 'Ada <3');
  const hub = await url;
  const app = await serveApp(hub);
  try {
    const page = await openApp(context, app.url);
    const login = await context.newPage();
    await login.goto(`${hub}sign-in`);
    await expect(login.getByRole('status')).toHaveText('Ada <3 is signed in, in every app of this hub.');
    await expect.poll(() => shows(page)).toEqual(['signed-in', 'Ada <3', 'shared']);
    await login.getByRole('button', { name: 'Sign out' }).click();
    await expect.poll(() => shows(page)).toEqual(['signed-out', undefined, 'shared']);
    // Whoever has signed out stays so until somebody presses the button.
    await login.goto(`${hub}sign-in?return=${encodeURIComponent(app.url)}`);
    await expect(login.getByRole('status')).toHaveText('Nobody is signed in.');
    await login.getByRole('button', { name: 'Sign in as Ada <3' }).click();
    await login.waitForURL(app.url);
    for (const tab of [page, login]) await expect.poll(() => shows(tab)).toEqual(['signed-in', 'Ada <3', 'shared']);
  } finally {
    child.kill('SIGINT');
    await app.stop();
  }
});

test('the page /inspect shows the tabs of all apps, and what each was sent', async ({ context }) => {
  const { child, url } = startHub();
  const hub = await url;
  const apps = [await serveApp(hub), await serveApp(hub)];
  try {
    const pages: Page[] = [];
    for (const app of apps) pages.push(await openApp(context, app.url));
    const inspector = await context.newPage();
    await inspector.goto(`${hub}inspect`);
    const tabs = inspector.getByRole('region', { name: 'Tabs', exact: true }).locator('tbody').getByRole('row');
    await expect(tabs).toHaveCount(3);
    await pages[0]?.evaluate(() => window.session.login({ subject: 'ada' }));
    await expect(tabs.filter({ hasText: 'ada' })).toHaveCount(3);
    const events = inspector
      .getByRole('region', { name: 'Timeline across tabs' })
      .getByRole('row', { name: 'event login' });
    await expect(events).toHaveCount(3);
  } finally {
    child.kill('SIGINT');
    for (const app of apps) await app.stop();
  }
});
