// How long a change takes from the app that makes it to the apps in the other tabs, beside the raw storage event over the same
// way: page → frame → storage → frame → page. Batches of both alternate in the same tabs. A change that a tab is not told of
// is no slow figure but a failure.

import type { Chromium } from './chromium.js';
import type { Act, Kind, Moment } from './pages/latency_app.js';
import { appHosts, hubHost, rawHost } from './places.js';
import { atMost, type Measured, ms, progress } from './report.js';
import type { Site } from './site.js';
import { type Summary, summary } from './stats.js';
import { openTab, type Tab } from './tab.js';

type Scenario = { readonly tabs: number; readonly visible: boolean; readonly batches: number };

const scenarios: readonly Scenario[] = [
  { tabs: 2, visible: true, batches: 30 },
  { tabs: 2, visible: false, batches: 30 },
  { tabs: 10, visible: false, batches: 16 },
  { tabs: 50, visible: false, batches: 10 },
];
const batchCount = 20;
/** A hub takes 20 messages a second from one app, and a session that is not limited is what is measured. */
const everyMs = 55;
const kinds = ['raw', 'lockstep'] as const;

type Sample = {
  /** Of every delivery, in ms. */
  readonly deliveries: number[];
  /** Of every change: the tab that was told last. */
  readonly slowest: number[];
  /** Until the app's own promise resolved. */
  readonly resolved: { readonly login: number[]; readonly logout: number[] };
  /** A tab had been told of a later change already when it would have been told of this one. */
  superseded: number;
  changes: number;
  cpuSeconds: number;
};
type Figures = {
  readonly deliveries: Summary;
  readonly slowest: Summary;
  readonly superseded: number;
  readonly cpuMsPerDelivery: number;
};

export async function measureLatency(browser: Chromium, site: Site, quick: boolean): Promise<Measured> {
  const results = [];
  for (const scenario of scenarios) {
    const batches = quick ? Math.ceil(scenario.batches / 5) : scenario.batches;
    progress(`latency: ${nameOf(scenario)}, ${batches} batches of ${batchCount} changes each way`);
    results.push({ scenario, ...(await runScenario(browser, site, scenario, batches)) });
  }
  return report(results);
}

async function runScenario(browser: Chromium, site: Site, { tabs: count, visible }: Scenario, batches: number) {
  const tabs: Tab[] = [];
  try {
    const frames = { hub: site.url(hubHost), raw: site.url(rawHost) };
    for (let i = 0; i < count; i++) {
      const url = site.url(appHosts[i % appHosts.length] ?? '', '/latency');
      const tab = await openTab(browser, url, visible ? 'own-window' : i === 0 ? 'foreground' : 'background');
      tabs.push(tab);
      const scope = await tab.evaluate((settings) => latencyPage.open(settings), frames);
      if (scope !== 'shared') throw new Error(`The hub says "${scope}" where the tabs share one storage.`);
    }
    const seen = await Promise.all(tabs.map((tab) => tab.evaluate(() => latencyPage.visible())));
    const isolated = await Promise.all(tabs.map((tab) => tab.evaluate(() => latencyPage.isolated())));
    const samples = { raw: emptySample(), lockstep: emptySample() };
    // The first changes pay for what is compiled lazily; real tabs live long.
    await runBatch(browser, tabs, 0, 'raw', -2 * batchCount, emptySample());
    await runBatch(browser, tabs, 0, 'lockstep', 1_000_000, emptySample());
    for (let batch = 0; batch < batches; batch++) {
      const order = batch % 2 ? kinds : kinds.toReversed();
      // Only a visible tab's timers keep the pace.
      const writer = visible ? batch % count : 0;
      for (const kind of order) await runBatch(browser, tabs, writer, kind, batch * batchCount, samples[kind]);
    }
    const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
    return {
      hiddenTabs: seen.filter((each) => !each).length,
      clockMicroseconds: isolated.every(Boolean) ? 5 : 100,
      renderers: (processInfo as { type: string }[]).filter(({ type }) => type === 'renderer').length,
      raw: figures(samples.raw, count),
      lockstep: figures(samples.lockstep, count),
      resolved: { login: summary(samples.lockstep.resolved.login), logout: summary(samples.lockstep.resolved.logout) },
    };
  } finally {
    await Promise.all(tabs.map((tab) => tab.close()));
  }
}

async function runBatch(
  browser: Chromium,
  tabs: readonly Tab[],
  writer: number,
  kind: Kind,
  first: number,
  sample: Sample,
): Promise<void> {
  const others = tabs.filter((_, i) => i !== writer);
  const cpuBefore = await cpuSeconds(browser);
  const acts = await tabs[writer]?.evaluate((batch) => latencyPage.act(batch), {
    kind,
    first,
    count: batchCount,
    everyMs,
  });
  if (!acts) throw new Error('No tab makes the changes.');
  const last = first + batchCount - 1;
  const told = await Promise.all(others.map((tab) => tab.evaluate((n) => latencyPage.told(n), last)));
  sample.cpuSeconds += (await cpuSeconds(browser)) - cpuBefore;
  for (const act of acts) collect(sample, act, told);
}

function collect(sample: Sample, act: Act, told: readonly (readonly Moment[])[]): void {
  const took = told.flatMap((moments) => {
    const times = moments.filter(({ n }) => n === act.n).map(({ at }) => at - act.at);
    if (times.length > 1) throw new Error(`Change ${act.n} was told ${times.length} times to one tab.`);
    return times;
  });
  sample.changes += 1;
  sample.superseded += told.length - took.length;
  sample.deliveries.push(...took);
  if (took.length) sample.slowest.push(Math.max(...took));
  sample.resolved[act.n % 2 ? 'logout' : 'login'].push(act.resolvedAt - act.at);
}

async function cpuSeconds(browser: Chromium): Promise<number> {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  return (processInfo as { cpuTime: number }[]).reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

function emptySample(): Sample {
  return {
    deliveries: [],
    slowest: [],
    resolved: { login: [], logout: [] },
    superseded: 0,
    changes: 0,
    cpuSeconds: 0,
  };
}

function figures({ deliveries, slowest, superseded, changes, cpuSeconds: cpu }: Sample, tabs: number): Figures {
  return {
    deliveries: summary(deliveries),
    slowest: summary(slowest),
    superseded,
    cpuMsPerDelivery: (cpu * 1000) / (changes * (tabs - 1)),
  };
}

type Result = { readonly scenario: Scenario } & Awaited<ReturnType<typeof runScenario>>;

function nameOf({ tabs, visible }: Scenario): string {
  return `${tabs} tabs, ${visible ? 'all visible' : 'told tabs hidden'}`;
}

function report(results: readonly Result[]): Measured {
  const rows = results.flatMap((result) =>
    kinds.map((kind) => {
      const { deliveries, slowest, superseded, cpuMsPerDelivery } = result[kind];
      return [
        `${nameOf(result.scenario)}: ${kind}`,
        String(deliveries.count),
        String(superseded),
        ms(deliveries.p50),
        ms(deliveries.p99),
        ms(slowest.p50),
        ms(slowest.p99),
        ms(cpuMsPerDelivery),
      ];
    }),
  );
  const notes = results.map(
    ({ scenario, hiddenTabs, clockMicroseconds, renderers, raw, resolved }) =>
      `${nameOf(scenario)}: ${hiddenTabs} tabs really hidden, ${renderers} renderers, clock ${clockMicroseconds} µs, fastest raw ${ms(raw.deliveries.min)}; ` +
      `login() resolved after p50 ${ms(resolved.login.p50)}, logout() ${ms(resolved.logout.p50)}`,
  );
  notes.push('superseded: a tab heard of the next change before it looked; CPU: of the whole browser, per delivery');
  const head = ['Change latency, ms', 'told', 'superseded', 'p50', 'p99', 'slowest p50', 'slowest p99', 'CPU'];
  return {
    tables: [{ title: '', head, rows, notes }],
    bars: results.flatMap(barsOf),
    results,
  };
}

function barsOf({ scenario, raw, lockstep }: Result) {
  const name = `change, ${nameOf(scenario)}`;
  const ratio = (pick: (figures: Figures) => number) => pick(lockstep) / pick(raw);
  if (scenario.tabs === 2) {
    return [
      atMost(
        `${name}: p50`,
        ratio((each) => each.deliveries.p50),
        1.25,
        '× raw',
      ),
      atMost(`${name}: p99`, lockstep.deliveries.p99, 5, 'ms'),
    ];
  }
  if (scenario.tabs < 50) return [];
  return [
    atMost(
      `${name}: p99`,
      ratio((each) => each.deliveries.p99),
      1.5,
      '× raw',
    ),
  ];
}

