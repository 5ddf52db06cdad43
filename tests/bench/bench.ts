// The benchmark: measures what README and ARCHITECTURE promise, prints every figure beside its bar, and writes all of
// it to build/bench/results.json. It never fails because something was slow, only because something was broken.

import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { outFolder } from './build.js';
import { type Chromium, startChromium } from './chromium.js';
import { measureConnect } from './connect.js';
import { measureIdle } from './idle.js';
import { measureLatency } from './latency.js';
import { measureLoad } from './load.js';
import { measureMemory } from './memory.js';
import { measureProvider } from './provider.js';
import { measurePush } from './push.js';
import { type Measured, printBars, printTable, progress } from './report.js';
import { measureSiege } from './siege.js';
import { type Site, startSite } from './site.js';
import { measureSizes } from './sizes.js';
import { measureSteps } from './steps.js';

const measurements: Readonly<Record<string, (browser: Chromium, site: Site, quick: boolean) => Promise<Measured>>> = {
  sizes: (_, site) => measureSizes(site),
  steps: (_browser, site, quick) => measureSteps(site, quick),
  memory: measureMemory,
  idle: measureIdle,
  provider: measureProvider,
  connect: measureConnect,
  load: measureLoad,
  siege: measureSiege,
  push: measurePush,
  latency: measureLatency,
};
const usage = `npm run bench -- [--quick] [--only ${Object.keys(measurements).join(',')}]`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
  });
  const names = values.only?.split(',') ?? Object.keys(measurements);
  const unknown = names.find((name) => !Object.hasOwn(measurements, name));
  if (unknown !== undefined) throw new Error(`There is no measurement "${unknown}". ${usage}`);

  const site = await startSite();
  const results: Record<string, unknown> = {};
  const done: Measured[] = [];
  try {
    for (const name of names) {
      // Each in a browser of its own: what one leaves behind does not slow the next.
      const browser = await startChromium();
      try {
        results.machine ??= await machine(browser, values.quick);
        const measured = await measurements[name]?.(browser, site, values.quick);
        if (!measured) continue;
        done.push(measured);
        results[name] = measured.results;
      } finally {
        await browser.close();
      }
    }
  } finally {
    await site.close();
  }
  for (const { tables } of done) for (const table of tables) printTable(table);
  const bars = done.flatMap((each) => each.bars);
  printBars(bars);
  await mkdir(outFolder, { recursive: true });
  const file = join(outFolder, 'results.json');
  await writeFile(file, `${JSON.stringify({ ...results, bars }, null, 2)}\n`);
  progress(`all figures are in ${file}`);
}

async function machine(browser: Chromium, quick: boolean) {
  const { product } = await browser.send('Browser.getVersion');
  const [cpu] = cpus();
  return {
    date: new Date().toISOString(),
    browser: product,
    node: process.version,
    cores: cpus().length,
    processor: cpu?.model,
    memoryBytes: totalmem(),
    loadAtStart: loadavg(),
    quick,
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
