// Makes docs/images/tabs.svg and its dark twin: four real tabs of the demo, while one person signs in and out, and
// another signs in. Each step is a screenshot of every tab, and its caption has the milliseconds that the tabs
// measured. An SVG plays in an <img>, needs no script, and shows one step to whoever wants reduced motion.
// Run it with `node examples/run.mjs scripts/screenshots/animation.ts` after a build.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import type { Demo } from '../../examples/demo.js';
import { type AppName, hostOf } from '../../examples/places.js';
import { type Scheme, schemes } from './browser.js';
import { arrived, haveTokens, signIn, withDemo } from './demo-tabs.js';

const names = { light: 'tabs.svg', dark: 'tabs-dark.svg' } as const;
const apps: readonly AppName[] = ['portal', 'billing', 'reports', 'portal'];
const bytesMax = 500_000;
const secondsPerStep = 3;

// In CSS pixels of the picture.
const tab = { width: 484, height: 268 };
const bar = 30;
const gap = 16;
const caption = 44;
const size = { width: 2 * tab.width + 3 * gap, height: 2 * (tab.height + bar) + 3 * gap + caption };

/** `actor`: the tab in which the user acted. `shots`: a WebP image for each tab, as a data URL. */
type Step = { readonly text: string; readonly actor?: number; readonly shots: readonly string[] };

async function liveThroughIt(browser: Browser, { urls }: Demo, colorScheme: Scheme): Promise<readonly Step[]> {
  const context = await browser.newContext({ viewport: tab, deviceScaleFactor: 1.25, colorScheme });
  const pages = await openTabs(context, urls);
  const [portal, billing, reports] = pages as [Page, Page, Page];
  const steps: Step[] = [];
  const take = async (text: string, actor?: Page) => {
    const shots: string[] = [];
    for (const page of pages) shots.push(await webpOf(page));
    steps.push({ text, shots, ...(actor && { actor: pages.indexOf(actor) }) });
  };

  await take('Four tabs of three apps, on three origins. Nobody is signed in.');
  await signIn(portal, 'ada', 'analytical');
  const ada = await arrived(pages, 'login', 1);
  await haveTokens(pages);
  await take(`Ada signs in at portal. The last tab shows it after ${ada} ms.`, portal);
  await billing.getByTestId('sign-out').click();
  const out = await arrived(pages, 'logout', 1);
  await billing.waitForURL(urls.billing); // Back from the provider, which has ended its session too.
  await take(`She signs out at billing. The last tab shows it after ${out} ms.`, billing);
  await signIn(reports, 'grace', 'compiler');
  const grace = await arrived(pages, 'login', 2);
  await haveTokens(pages);
  await take(`Grace signs in at reports. The last tab shows it after ${grace} ms.`, reports);
  await context.close();
  return steps;
}

async function openTabs(context: BrowserContext, urls: Demo['urls']): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (const app of apps) {
    const page = await context.newPage();
    await page.goto(urls[app]);
    await page.getByTestId('sign-in').waitFor();
    pages.push(page);
  }
  return pages;
}

async function webpOf(page: Page): Promise<string> {
  await page.bringToFront();
  await page.evaluate(() => scrollTo(0, 0));
  const png = `data:image/png;base64,${(await page.screenshot({ animations: 'disabled' })).toString('base64')}`;
  return page.evaluate(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    canvas.getContext('2d')?.drawImage(image, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
    return new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result));
      reader.readAsDataURL(blob);
    });
  }, png);
}

const colors = {
  light: { page: '#dfe3ea', bar: '#fff', ink: '#475467', line: '#cfd5de', mark: '#4f46e5' },
  dark: { page: '#05070a', bar: '#22262e', ink: '#c3cad5', line: '#343a45', mark: '#8b83ff' },
} as const;

function svgOf(steps: readonly Step[], scheme: Scheme): string {
  const { page, ink } = colors[scheme];
  const share = 100 / steps.length;
  const delays = steps.map((_, index) => `.s${index} { animation-delay: ${index * secondsPerStep}s }`).join(' ');
  const box = `viewBox="0 0 ${size.width} ${size.height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box} font-family="system-ui, sans-serif">
<title>Four tabs of three apps: a login, a logout and another login in one tab reach all of them.</title>
<style>
  .step { visibility: hidden; animation: show ${steps.length * secondsPerStep}s step-end infinite }
  ${delays}
  @keyframes show { 0% { visibility: visible } ${share}% { visibility: hidden } }
  @media (prefers-reduced-motion: reduce) {
    .step { animation: none }
    .s${steps.length - 1} { visibility: visible }
  }
</style>
<rect width="100%" height="100%" rx="10" fill="${page}"/>
${apps.map((app, index) => windowOf(app, index, scheme)).join('\n')}
${steps.map((step, index) => stepOf(step, index, scheme)).join('\n')}
<rect width="100%" height="100%" rx="10" fill="none" stroke="${ink}" stroke-opacity=".15"/>
</svg>
`;
}

const cornerOf = (index: number) => ({
  x: gap + (index % 2) * (tab.width + gap),
  y: gap + Math.floor(index / 2) * (tab.height + bar + gap),
});

function windowOf(app: AppName, index: number, scheme: Scheme): string {
  const { x, y } = cornerOf(index);
  const { bar: fill, ink, line } = colors[scheme];
  const dots = [0, 1, 2].map((dot) => `<circle cx="${x + 16 + dot * 14}" cy="${y + bar / 2}" r="4" fill="${line}"/>`);
  return `<rect x="${x}" y="${y}" width="${tab.width}" height="${bar}" fill="${fill}"/>${dots.join('')}
<text x="${x + 66}" y="${y + 20}" font-size="13" fill="${ink}">${hostOf(app)}</text>`;
}

function stepOf({ text, actor, shots }: Step, index: number, scheme: Scheme): string {
  const { ink, mark } = colors[scheme];
  const images = shots.map((shot, at) => {
    const { x, y } = cornerOf(at);
    return `<image x="${x}" y="${y + bar}" width="${tab.width}" height="${tab.height}" href="${shot}"/>`;
  });
  const { x, y } = cornerOf(actor ?? 0);
  const box = `x="${x}" y="${y}" width="${tab.width}" height="${tab.height + bar}"`;
  const frame = actor === undefined ? '' : `<rect ${box} fill="none" stroke="${mark}" stroke-width="3"/>`;
  const place = `x="${size.width / 2}" y="${size.height - 22}"`;
  return `<g class="step s${index}">${images.join('\n')}${frame}
<text ${place} font-size="18" text-anchor="middle" fill="${ink}">${text}</text></g>`;
}

await withDemo(async (browser, demo) => {
  for (const scheme of schemes) {
    const path = join(process.cwd(), 'docs/images', names[scheme]);
    const svg = svgOf(await liveThroughIt(browser, demo, scheme), scheme);
    await writeFile(path, svg);
    console.log(`${path}: ${Math.round(svg.length / 1_000)} kB`);
    if (svg.length > bytesMax) throw new Error(`The picture is larger than ${bytesMax / 1_000} kB.`);
  }
});
