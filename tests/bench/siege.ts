// What an honest tab waits while an app on the allow-list lays siege to the hub, against the same tab alone. The hubs
// of all tabs share one process, so that somebody waits cannot be ruled out; how long is what the bounds are for.

import type { Chromium } from './chromium.js';
import { appHosts, hubHost } from './places.js';
import { atMost, type Measured, ms, progress } from './report.js';
import type { Site } from './site.js';
import { type Summary, summary } from './stats.js';
import { openTab, type Tab } from './tab.js';

const roundsFull = 100;
const roundsQuick = 10;
/** The honest app is a slow one: it stays far below what it may ask. */
const pauseMs = 100;
const timesMax = 10;
const alone = 'alone';

export async function measureSiege(browser: Chromium, site: Site, quick: boolean): Promise<Measured> {
  const rounds = quick ? roundsQuick : roundsFull;
  const hub = site.url(hubHost);
  const [honestHost = '', , siegeHost = ''] = appHosts;
  const honest = await openTab(browser, site.url(honestHost, '/blank'), 'own-window');
  const results: Record<string, Summary> = {};
  try {
    await honest.evaluate((url) => blankPage.lockstep(url), hub);
    results[alone] = await waits(honest, rounds);
    for (const kind of await kindsOf(browser, site.url(siegeHost, '/siege'))) {
      progress(`siege: ${kind}, ${rounds} logins of another tab`);
      const attacker = await openTab(browser, site.url(siegeHost, '/siege'), 'own-window');
      await attacker.evaluate((how) => siegePage.besiege(how), { kind, hub });
      results[kind] = await waits(honest, rounds);
      await attacker.close();
    }
  } finally {
    await honest.close();
  }
  return report(results, rounds);
}

async function kindsOf(browser: Chromium, url: string): Promise<readonly string[]> {
  const tab = await openTab(browser, url);
  const kinds = await tab.evaluate(() => siegePage.kinds());
  await tab.close();
  return kinds;
}

/** From the call of `login` until its promise resolves: read, written, announced. */
async function waits(honest: Tab, rounds: number): Promise<Summary> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    samples.push(await honest.evaluate((subject) => blankPage.loginMs(subject), `honest-${round}`));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return summary(samples);
}

function report(results: Readonly<Record<string, Summary>>, rounds: number): Measured {
  const base = results[alone]?.p99 ?? Number.NaN;
  return {
    tables: [
      {
        title: 'What a login of an honest tab waits under siege, ms',
        head: ['', 'p50', 'p99', 'longest', 'p99 × alone'],
        rows: Object.entries(results).map(([kind, { p50, p99, max }]) => [
          kind,
          ...[ms(p50), ms(p99), ms(max), (p99 / base).toFixed(1)],
        ]),
        notes: [`${rounds} logins each, ten a second at most, each of another user.`],
      },
    ],
    bars: Object.entries(results)
      .filter(([kind]) => kind !== alone)
      .map(([kind, { p99 }]) => atMost(`siege, ${kind}: p99`, p99 / base, timesMax, '× alone', 1)),
    results,
  };
}
