// How often the provider is asked, and how soon an idle end reaches every tab. Sessions are short, so that periods can
// be counted; how many there are in an hour of usual ones is arithmetic, and so are the two habits it is compared with.

import type { Chromium } from './chromium.js';
import { openDutyTabs } from './duty-tabs.js';
import { checkedHubHost, idleHubHost } from './places.js';
import { atMost, type Measured, ms, progress } from './report.js';
import type { Site } from './site.js';
import { percentile } from './stats.js';
import type { Tab } from './tab.js';

const tabCounts = [1, 10, 50];
const idleTabs = 50;
/** With a check two seconds before expiry: one every four seconds. */
const lifetimeMs = 6_000;
const periods = 3;
/** Sessions of ten minutes, checked two minutes before expiry. */
const periodsPerHour = 60 / 8;
const pollsPerHour = 3_600 / 10;
const expiriesPerHour = 60 / 10;

export async function measureProvider(browser: Chromium, site: Site, quick: boolean): Promise<Measured> {
  const counts: { readonly tabs: number; readonly checks: number }[] = [];
  for (const tabs of quick ? tabCounts.slice(0, 2) : tabCounts) {
    progress(`provider: ${tabs} tabs, ${periods} periods`);
    counts.push({ tabs, checks: await countChecks(browser, site, tabs) });
  }
  progress(`provider: the idle end in ${idleTabs} tabs`);
  const receivedMs = await measureIdleEnd(browser, site, quick ? 10 : idleTabs);
  const perPeriod = counts.map(({ checks }) => checks / periods);
  return {
    tables: [
      {
        title: '',
        head: ['Calls to the provider in an hour', ...counts.map(({ tabs }) => `${tabs} tabs`)],
        rows: [
          ['each tab polls every 10 s', ...counts.map(({ tabs }) => String(tabs * pollsPerHour))],
          ['each tab checks at expiry', ...counts.map(({ tabs }) => String(tabs * expiriesPerHour))],
          ['Lockstep', ...perPeriod.map((calls) => (calls * periodsPerHour).toFixed(1))],
          ['… checks counted in a period', ...perPeriod.map((calls) => calls.toFixed(2))],
        ],
        notes: [
          `Counted over ${periods} periods of ${lifetimeMs / 1000} s sessions checked 2 s before expiry; ` +
            `an hour of 10-minute ones, checked 2 minutes before, has ${periodsPerHour} periods.`,
        ],
      },
      {
        title: '',
        head: ["From the idle deadline to the end's event, ms", 'tabs', 'p50', 'last'],
        rows: [
          [
            'all but the first hidden',
            String(receivedMs.length),
            ms(percentile(receivedMs, 0.5)),
            ms(Math.max(...receivedMs)),
          ],
        ],
        notes: ["By the pages' own clocks, which count whole milliseconds."],
      },
    ],
    bars: counts.map(({ tabs }, i) => atMost(`checks a period, ${tabs} tabs`, perPeriod[i] ?? 0, 1, '')),
    results: { counts, periods, idleEndMs: receivedMs },
  };
}

async function countChecks(browser: Chromium, site: Site, count: number): Promise<number> {
  const tabs = await openDutyTabs(browser, site, { hub: site.url(checkedHubHost), lifetimeMs }, count);
  try {
    const first = tabs[0] as Tab;
    const before = await sum(tabs);
    await first.evaluate((ms) => dutyPage.login(ms), lifetimeMs);
    let expiresAt = await first.evaluate(() => dutyPage.expiresAt());
    for (let renewals = 0; renewals < periods; ) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const now = await first.evaluate(() => dutyPage.expiresAt());
      if (now === undefined) throw new Error('The session ended instead of being renewed.');
      if (now !== expiresAt) renewals++;
      expiresAt = now;
    }
    // Who checks too often does so at once: all look at the same deadline.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return (await sum(tabs)) - before;
  } finally {
    await Promise.all(tabs.map((tab) => tab.close()));
  }
}

async function sum(tabs: readonly Tab[]): Promise<number> {
  const checks = await Promise.all(tabs.map((tab) => tab.evaluate(() => dutyPage.checks())));
  return checks.reduce((total, each) => total + each, 0);
}

async function measureIdleEnd(browser: Chromium, site: Site, count: number): Promise<readonly number[]> {
  const tabs = await openDutyTabs(browser, site, { hub: site.url(idleHubHost), lifetimeMs }, count);
  try {
    await tabs[0]?.evaluate((ms) => dutyPage.login(ms), 3_600_000);
    return await Promise.all(tabs.map((tab) => tab.evaluate(() => dutyPage.ended())));
  } finally {
    await Promise.all(tabs.map((tab) => tab.close()));
  }
}
