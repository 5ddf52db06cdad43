// How long an app waits from the frame's insertion until it knows the session: Lockstep beside a bare frame and a plain
// JavaScript hub under penpal. Every figure comes from a new tab; the three take turns, so that noise hits them alike.

import type { Chromium } from './chromium.js';
import { appHosts, hubHost, type Loading, loadingNames, loadings } from './places.js';
import { atMost, type Bar, type Measured, ms, progress } from './report.js';
import type { Site } from './site.js';
import { type Summary, summary } from './stats.js';
import { openTab } from './tab.js';

type Scenario = { readonly signedIn: boolean; readonly delayMs: number; readonly cache: 'warm' | 'cold' };
type Result = { readonly scenario: Scenario; readonly ways: Readonly<Record<Loading, Summary>> };

const ways = Object.keys(loadings) as Loading[];
const scenarios: readonly Scenario[] = [false, true].flatMap((signedIn) =>
  [0, 40].flatMap((delayMs) => (['warm', 'cold'] as const).map((cache) => ({ signedIn, delayMs, cache }))),
);
const roundsFull = 30;
const roundsQuick = 5;

export async function measureConnect(browser: Chromium, site: Site, quick: boolean): Promise<Measured> {
  const rounds = quick ? roundsQuick : roundsFull;
  const results: Result[] = [];
  for (const scenario of scenarios) {
    progress(`connect: ${nameOf(scenario)}, ${rounds} rounds`);
    results.push({ scenario, ways: await runScenario(browser, site, scenario, rounds) });
  }
  site.delay(0);
  return report(results, rounds);
}

async function runScenario(browser: Chromium, site: Site, scenario: Scenario, rounds: number) {
  site.delay(0);
  await prepare(browser, site, scenario.signedIn);
  site.delay(scenario.delayMs);
  const samples = Object.fromEntries(ways.map((way) => [way, [] as number[]])) as Record<Loading, number[]>;
  // Fills the cache, and warms up what every way shares.
  for (const way of ways) await connectOnce(browser, site, scenario, way, 'filling');
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < ways.length; i++) {
      const way = ways[(round + i) % ways.length] as Loading;
      samples[way].push(await connectOnce(browser, site, scenario, way, scenario.cache));
    }
  }
  return Object.fromEntries(ways.map((way) => [way, summary(samples[way])])) as Record<Loading, Summary>;
}

async function prepare(browser: Chromium, site: Site, signedIn: boolean): Promise<void> {
  const tab = await openTab(browser, site.url(appHosts[0] ?? '', '/connect'));
  await tab.evaluate((how) => connectPage.prepare(how), { hub: site.url(hubHost), signedIn });
  await tab.close();
}

async function connectOnce(
  browser: Chromium,
  site: Site,
  { signedIn }: Scenario,
  way: Loading,
  cache: 'filling' | 'warm' | 'cold',
): Promise<number> {
  const tab = await openTab(browser, site.url(appHosts[0] ?? '', '/connect'));
  try {
    if (cache === 'cold') await tab.send('Network.clearBrowserCache');
    const requestsBefore = site.frameRequests();
    const hub = site.url(hubHost, loadings[way]);
    const { ms: took, status } = await (way === 'bare'
      ? tab.evaluate((url) => connectPage.bare(url), hub)
      : way === 'penpal'
        ? tab.evaluate((url) => connectPage.penpal(url), hub)
        : tab.evaluate((url) => connectPage.lockstep(url), hub));

    const expected = way === 'bare' ? 'none' : signedIn ? 'signed-in' : 'signed-out';
    if (status !== expected) throw new Error(`${loadingNames[way]} says "${status}" where "${expected}" is true.`);
    const requests = site.frameRequests() - requestsBefore;
    if (cache === 'warm' && requests > 0)
      throw new Error(`${loadingNames[way]} asked the server ${requests} times, warm.`);
    if (cache === 'cold' && requests === 0) throw new Error(`${loadingNames[way]} came from the cache, cold.`);
    return took;
  } finally {
    await tab.close();
  }
}

function nameOf({ signedIn, delayMs, cache }: Scenario): string {
  return `${signedIn ? 'signed in' : 'signed out'}, ${cache}, ${delayMs} ms`;
}

function report(results: readonly Result[], rounds: number): Measured {
  return {
    tables: [
      {
        title: '',
        head: ['Connect, ms: median (p90)', ...results.map(({ scenario }) => nameOf(scenario))],
        rows: ways.map((way) => [
          loadingNames[way],
          ...results.map((result) => `${ms(result.ways[way].p50)} (${ms(result.ways[way].p90)})`),
        ]),
        notes: [
          `${rounds} rounds each. From the frame's insertion to the answer, in a new tab; "40 ms": what ` +
            'the server waits before each answer.',
          'warm: from the cache, no request (checked); cold: cache cleared.',
        ],
      },
    ],
    bars: results.map(barOf),
    results,
  };
}

function barOf({ scenario, ways: { hub, penpal } }: Result): Bar {
  const limit = scenario.cache === 'warm' ? 1.35 : scenario.delayMs === 0 ? 1.6 : 1.5;
  return atMost(`connect, ${nameOf(scenario)}`, hub.p50 / penpal.p50, limit, '× penpal');
}
