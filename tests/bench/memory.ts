// What a hub holds: the module's memory, and the script heap of its process, beside a bare frame's. The apps are on
// another site, so that the hub's heap is its own. Garbage is collected first; what remains is what a tab pays.

import type { Chromium } from './chromium.js';
import { moduleMemoryBytes } from './fake-page.js';
import { crossSiteHosts, hubHost, loadings } from './places.js';
import { type Measured, progress } from './report.js';
import type { Site } from './site.js';
import { frameTarget, openTab, type Target } from './tab.js';

export async function measureMemory(browser: Chromium, site: Site): Promise<Measured> {
  progress('memory: one hub, one bare frame');
  const [host = ''] = crossSiteHosts;
  const tab = await openTab(browser, site.url(host, '/blank'));
  const bareUrl = site.url(hubHost, loadings.bare);
  await tab.evaluate((url) => blankPage.bare(url), bareUrl);
  const bare = await heapOf(await frameTarget(browser, bareUrl));
  await tab.close();

  const page = await openTab(browser, site.url(host, '/blank'));
  const hubUrl = site.url(hubHost);
  await page.evaluate((url) => blankPage.lockstep(url), hubUrl);
  await page.evaluate((subject) => blankPage.login(subject), 'u-1');
  const hub = await heapOf(await frameTarget(browser, hubUrl));
  await page.close();
  const module = await moduleMemoryBytes();

  const kB = (bytes: number) => (bytes / 1000).toFixed(0);
  return {
    tables: [
      {
        title: '',
        head: ['Memory, kB', 'module', 'script heap'],
        rows: [
          ['bare frame', '0', kB(bare)],
          ['Lockstep hub, signed in', kB(module), kB(hub)],
        ],
        notes: [
          'The module reserves its memory and never grows; the operating system gives only the pages that ' +
            'were touched.',
        ],
      },
    ],
    bars: [],
    results: { moduleBytes: module, heapBytes: { bare, hub } },
  };
}

async function heapOf(frame: Target): Promise<number> {
  await frame.send('HeapProfiler.enable');
  await frame.send('HeapProfiler.collectGarbage');
  const { usedSize } = await frame.send('Runtime.getHeapUsage');
  return Number(usedSize);
}
