// Makes docs/images/demo.png and its dark twin: the demo runs, three real tabs live through two logins, a logout and a
// check, and their screenshots are set side by side. Nothing in the picture is drawn by hand.
// Run it with `node examples/run.mjs scripts/screenshots/picture.ts` after a build.

import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import type { Demo } from '../../examples/demo.js';
import { appNames, hostOf } from '../../examples/places.js';
import { type Scheme, schemes } from './browser.js';
import { arrived, haveTokens, signIn, withDemo } from './demo-tabs.js';

const names = { light: 'demo.png', dark: 'demo-dark.png' } as const;

const tab = { width: 484, height: 862 };
const bytesMax = 400_000;

type Shot = { readonly address: string; readonly png: Buffer };

async function liveThroughIt(browser: Browser, { urls }: Demo, colorScheme: Scheme): Promise<readonly Shot[]> {
  const context = await browser.newContext({ viewport: tab, deviceScaleFactor: 1.25, colorScheme });
  const pages: Page[] = [];
  for (const app of appNames) {
    const page = await context.newPage();
    await page.goto(urls[app]);
    await page.getByTestId('sign-in').waitFor();
    pages.push(page);
  }
  const [portal, billing, reports] = pages as [Page, Page, Page];
  await signIn(portal, 'ada', 'analytical');
  await arrived(pages, 'login', 1);
  await haveTokens(pages);
  await billing.getByTestId('sign-out').click();
  await arrived(pages, 'logout', 1);
  await billing.waitForURL(urls.billing); // Back from the provider, which has ended its session too.
  await signIn(reports, 'grace', 'compiler');
  await arrived(pages, 'login', 2);
  await haveTokens(pages);

  await reports.getByTestId('check').click();
  await reports.locator('[data-testid="timeline-entry"][data-kind="act"]', { hasText: 'You asked' }).waitFor();

  const shots: Shot[] = [];
  for (const [index, app] of appNames.entries()) {
    const page = pages[index] as Page;
    await page.bringToFront();
    shots.push({ address: hostOf(app), png: await page.screenshot() });
  }
  await context.close();
  return shots;
}

const frame = ({ address, png }: Shot): string => `
  <figure>
    <figcaption><i></i><i></i><i></i><span>${address}</span></figcaption>
    <img src="data:image/png;base64,${png.toString('base64')}" width="${tab.width}" height="${tab.height}">
  </figure>`;

const style = (scheme: Scheme): string => {
  const [page, bar, ink, line] =
    scheme === 'light' ? ['#dfe3ea', '#fff', '#667085', '#cfd5de'] : ['#05070a', '#22262e', '#98a2b3', '#343a45'];
  return `
    body { margin: 0; padding: 28px; display: inline-flex; gap: 22px; background: ${page}; }
    body { font: 13px system-ui, sans-serif; }
    figure { margin: 0; overflow: hidden; border: 1px solid ${line}; border-radius: 12px; }
    figcaption { display: flex; align-items: center; gap: 7px; padding: 9px 14px; background: ${bar}; color: ${ink}; }
    figcaption { border-bottom: 1px solid ${line}; }
    figcaption i { width: 10px; height: 10px; border-radius: 50%; background: ${line}; }
    figcaption span { margin-left: 10px; }
    img { display: block; }`;
};

async function compose(browser: Browser, shots: readonly Shot[], scheme: Scheme, path: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1_600, height: 940 }, deviceScaleFactor: 1.25 });
  await page.setContent(`<style>${style(scheme)}</style>${shots.map(frame).join('')}`);
  await page.locator('body').screenshot({ path });
  await page.close();
  const { size } = await stat(path);
  console.log(`${path}: ${Math.round(size / 1_000)} kB`);
  if (size > bytesMax) throw new Error(`The picture is larger than ${bytesMax / 1_000} kB.`);
}

const folder = join(process.cwd(), 'docs/images');
await mkdir(folder, { recursive: true });
await withDemo(async (browser, demo) => {
  for (const scheme of schemes) {
    const shots = await liveThroughIt(browser, demo, scheme);
    await compose(browser, shots, scheme, join(folder, names[scheme]));
  }
});
