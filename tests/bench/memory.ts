// What a hub holds: the module's memory, and the script heap of its process, beside a bare frame's. The apps are on another site, so
// that the hub's heap is its own. Garbage is collected first; what remains is what a tab pays.

import type { Chromium } from './chromium.js';
import { crossSiteHosts, hubHost, loadings } from './places.js';
import { type Measured, progress } from './report.js';
import type { Site } from './site.js';
import { frameTarget, openTab, type Target } from './tab.js';

type Memory = { readonly heap: number; readonly wasm: number };

export async function measureMemory(browser: Chromium, site: Site): Promise<Measured> {
  progress('memory: one hub, one bare frame');
  const [host = ''] = crossSiteHosts;
  const tab = await openTab(browser, site.url(host, '/blank'));
  const bareUrl = site.url(hubHost, loadings.bare);
  await tab.evaluate((url) => blankPage.bare(url), bareUrl);
  const bare = await memoryOf(await frameTarget(browser, bareUrl));
  await tab.close();

  const page = await openTab(browser, site.url(host, '/blank'));
  const hubUrl = site.url(hubHost);
  await page.evaluate((url) => blankPage.lockstep(url), hubUrl);
  await page.evaluate((subject) => blankPage.login(subject), 'u-1');
  const hub = await memoryOf(await frameTarget(browser, hubUrl));
  await page.close();
  if (hub.wasm === 0) throw new Error("The hub's module has no memory that the debugger sees.");

  const kB = (bytes: number) => (bytes / 1000).toFixed(0);
  return {
    tables: [
      {
        title: '',
        head: ['Memory, kB', 'module', 'script heap'],
        rows: [
          ['bare frame', kB(bare.wasm), kB(bare.heap)],
          ['Lockstep hub, signed in', kB(hub.wasm), kB(hub.heap)],
        ],
        notes: ['The module reserves its memory; the operating system gives only the pages that were touched.'],
      },
    ],
    bars: [],
    results: { bare, hub },
  };
}

async function memoryOf(frame: Target): Promise<Memory> {
  await frame.send('HeapProfiler.enable');
  await frame.send('HeapProfiler.collectGarbage');
  const { usedSize } = await frame.send('Runtime.getHeapUsage');
  const { result: prototype } = await frame.send('Runtime.evaluate', { expression: 'WebAssembly.Memory.prototype' });
  const { objectId: prototypeObjectId } = prototype as { objectId: string };
  const { objects } = await frame.send('Runtime.queryObjects', { prototypeObjectId });
  const { objectId } = objects as { objectId: string };
  const functionDeclaration = 'function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0); }';
  const { result } = await frame.send('Runtime.callFunctionOn', { objectId, functionDeclaration, returnByValue: true });
  return { heap: Number(usedSize), wasm: (result as { value: number }).value };
}
