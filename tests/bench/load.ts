// How much later an app's `load` event comes when the app connects as soon as its script runs. Both kinds of page are
// opened by turns, each in a new tab and without a cache, and the hub's server answers at once, over a line of 40 ms,
// or a second late.

import type { Chromium } from './chromium.js';
import { appHosts, hubHost } from './places.js';
import { atMost, type Measured, ms, progress } from './report.js';
import type { Site } from './site.js';
import { type Summary, summary } from './stats.js';
import { openTab } from './tab.js';

type Result = { readonly delayMs: number; readonly without: Summary; readonly with: Summary };

const delaysMs = [0, 40, 1_000];
const roundsFull = 30;
const roundsQuick = 5;
const laterMsMax = 20;

export async function measureLoad(browser: Chromium, site: Site, quick: boolean): Promise<Measured> {
  const rounds = quick ? roundsQuick : roundsFull;
  const results: Result[] = [];
  for (const delayMs of delaysMs) {
    progress(`load: the hub answers after ${delayMs} ms, ${rounds} rounds`);
    site.delay(delayMs);
    const samples: { readonly without: number[]; readonly with: number[] } = { without: [], with: [] };
    for (let round = 0; round < rounds; round++) {
      samples.without.push(await loadOnce(browser, site, ''));
      samples.with.push(await loadOnce(browser, site, `?hub=${encodeURIComponent(site.url(hubHost))}`));
    }
    results.push({ delayMs, without: summary(samples.without), with: summary(samples.with) });
  }
  site.delay(0);
  return report(results, rounds);
}

async function loadOnce(browser: Chromium, site: Site, query: string): Promise<number> {
  const blank = await openTab(browser, 'about:blank');
  await blank.send('Network.clearBrowserCache');
  await blank.close();
  const tab = await openTab(browser, site.url(appHosts[0] ?? '', `/load${query}`));
  try {
    return await tab.evaluate(() => loadPage.loadedMs());
  } finally {
    await tab.close();
  }
}

function report(results: readonly Result[], rounds: number): Measured {
  const cell = ({ p50, p90 }: Summary) => `${ms(p50)} (${ms(p90)})`;
  return {
    tables: [
      {
        title: '',
        head: ["The app's load event, ms: median (p90)", ...results.map(({ delayMs }) => `hub after ${delayMs} ms`)],
        rows: [
          ['without Lockstep', ...results.map(({ without }) => cell(without))],
          ['with Lockstep', ...results.map((result) => cell(result.with))],
        ],
        notes: [`${rounds} rounds each, not cached. From the start of the navigation.`],
      },
    ],
    bars: results.map((result) =>
      atMost(
        `load event, hub after ${result.delayMs} ms: later by`,
        result.with.p50 - result.without.p50,
        laterMsMax,
        'ms',
      ),
    ),
    results,
  };
}
