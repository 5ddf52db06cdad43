// Makes docs/images/inspector.png and its dark twin: the page `/inspect` of `lockstep dev` beside tabs of two apps,
// while a session is brought to its expiry. With `--narrow FOLDER` it makes both as wide as a telephone, for a review.
// Run it with `node examples/run.mjs scripts/screenshots/inspector.ts` after a build.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { type Scheme, schemes, withBrowser } from './browser.js';

const bytesMax = 400_000;
const [flag, elsewhere] = process.argv.slice(2);
const isNarrow = flag === '--narrow' && elsewhere !== undefined;
const folder = isNarrow ? elsewhere : join(process.cwd(), 'docs/images');
const viewport = isNarrow ? { width: 390, height: 844 } : { width: 900, height: 900 };
const nameOf = (scheme: Scheme) => `inspector${isNarrow ? '-narrow' : ''}${scheme === 'dark' ? '-dark' : ''}.png`;

/** Resolves with its address. */
function startHub(config: string): { readonly child: ChildProcess; readonly url: Promise<string> } {
  const child = spawn(process.execPath, ['dist/cli/main.js', 'dev', '--port', '0', '--config', config]);
  const url = new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (part) => {
      text += part;
      const [, address] = /runs at (http\S+)/.exec(text) ?? [];
      if (address) resolve(address);
    });
    child.once('exit', () => reject(new Error('The hub for development has stopped.')));
  });
  return { child, url };
}

async function serveApp(title: string, hub: string): Promise<{ readonly url: string; readonly close: () => void }> {
  const client = await readFile('dist/lockstep.iife.js', 'utf8');
  const server = createServer(({ url }, response) => {
    response.setHeader('content-type', url === '/lockstep.js' ? 'text/javascript' : 'text/html');
    response.end(
      url === '/lockstep.js'
        ? client
        : `<!doctype html><title>${title}</title><script src="/lockstep.js"></script>
<script>window.session = lockstep.connect({ hub: '${hub}' })</script>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () => server.close(),
  };
}

const rows = (page: Page, text: string) =>
  page.getByRole('region', { name: 'Tabs', exact: true }).getByRole('row').filter({ hasText: text });

async function take(browser: Browser, colorScheme: Scheme, hub: string, apps: readonly string[]): Promise<void> {
  const context = await browser.newContext({ viewport, deviceScaleFactor: 1.25, colorScheme });
  for (const app of apps) await (await context.newPage()).goto(app);
  const page = await context.newPage();
  await page.goto(new URL('/inspect', hub).href);
  await rows(page, 'in step').nth(apps.length).waitFor();
  await page.getByRole('button', { name: 'Log in' }).click();
  await rows(page, 'ada').nth(apps.length).waitFor();
  await page.getByRole('button', { name: 'Expire now' }).click();
  await rows(page, 'signed-out').nth(apps.length).waitFor();
  await page.getByText('expire: done').waitFor();
  const path = join(folder, nameOf(colorScheme));
  await page.screenshot({ path, fullPage: true, animations: 'disabled' });
  await context.close();
  const { size } = await stat(path);
  console.log(`${path}: ${Math.round(size / 1_000)} kB`);
  if (size > bytesMax) throw new Error(`The picture is larger than ${bytesMax / 1_000} kB.`);
}

const config = join(process.cwd(), 'build/demo/inspector.config.json');
await writeFile(
  config,
  JSON.stringify({
    hub: 'https://hub.acme.com/',
    apps: { 'https://portal.acme.com': ['read'] },
    session: { idleTimeoutSeconds: 900, maxLifetimeSeconds: 43_200 },
  }),
);
const { child, url } = startHub(config);
const hub = await url;
const apps = [await serveApp('Portal', hub), await serveApp('Billing', hub)];
try {
  await withBrowser(async (browser) => {
    for (const scheme of schemes)
      await take(
        browser,
        scheme,
        hub,
        apps.map((app) => app.url),
      );
  });
} finally {
  child.kill('SIGINT');
  for (const { close } of apps) close();
}
