// How long a change takes from the app that makes it to the apps in the other tabs, beside the raw storage event over the
// same way: page, frame, storage, frame, page. Batches of both alternate in the same tabs. A change that never reaches a
// tab is no slow figure but a failure.

import type { Chromium } from './chromium.js';
import { type Change, figuresOf, type Result, reportLatency } from './latency-report.js';
import { explainLost } from './lost-change.js';
import type { Kind, Moment } from './pages/latency-app.js';
import { appHosts, hubHost, rawHost } from './places.js';
import { type Measured, progress } from './report.js';
import type { Site } from './site.js';
import { openTab, type Tab } from './tab.js';
import { startTrace, type TraceEvent } from './trace.js';

export type Scenario = {
  readonly tabs: number;
  readonly visible: boolean;
  /**
   * How often new tabs are opened: where their processes come to lie moves the median by some hundredths, and so does
   * the machine's mood.
   */
  readonly rounds: number;
  /** Of each kind, in each round. */
  readonly batches: number;
};

const scenarios: readonly Scenario[] = [
  { tabs: 2, visible: true, rounds: 4, batches: 15 },
  { tabs: 2, visible: false, rounds: 4, batches: 15 },
  { tabs: 10, visible: false, rounds: 1, batches: 16 },
  { tabs: 50, visible: false, rounds: 1, batches: 10 },
];
const batchCount = 20;
/** A hub takes 20 messages a second from one app for long; what is measured is a hub that refuses nothing. */
const everyMs = 55;
const kinds = ['raw', 'lockstep'] as const;

/** One batch: who acted, and what the trace is to be asked. */
type Batch = { readonly kind: Kind; readonly writer: number; readonly first: number; readonly cpuSeconds: number };
type Seen = { readonly changes: readonly Change[]; readonly cpuSeconds: number };
/** What one opening of the tabs gave. */
type Round = Pick<Result, 'hidden' | 'renderers' | 'framesApart'> & Readonly<Record<Kind, Seen>>;

export async function measureLatency(browser: Chromium, site: Site, quick: boolean): Promise<Measured> {
  const results: Result[] = [];
  for (const scenario of scenarios) {
    const batches = quick ? Math.ceil(scenario.batches / 5) : scenario.batches;
    progress(
      `latency: ${scenario.tabs} tabs, ${scenario.rounds} × ${batches} batches of ${batchCount} changes each way`,
    );
    results.push(await runScenario(browser, site, { ...scenario, batches }));
  }
  return reportLatency(results);
}

async function runScenario(browser: Chromium, site: Site, scenario: Scenario): Promise<Result> {
  const rounds: Round[] = [];
  for (let i = 0; i < scenario.rounds; i++) rounds.push(await runRound(browser, site, scenario));
  const [first, ...others] = rounds;
  if (!first) throw new Error('A scenario has at least one round.');
  const { hidden, renderers, framesApart } = first;
  if (others.some((round) => round.hidden !== hidden)) throw new Error('Not as many tabs were hidden in every round.');
  const pooled = (kind: Kind) => {
    const seen = rounds.map((round) => round[kind]);
    return figuresOf(
      seen.flatMap(({ changes }) => changes),
      scenario.tabs - 1,
      seen.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    );
  };
  return { scenario, hidden, renderers, framesApart, raw: pooled('raw'), lockstep: pooled('lockstep') };
}

async function runRound(browser: Chromium, site: Site, scenario: Scenario): Promise<Round> {
  const hub = site.url(hubHost);
  const tabs: Tab[] = [];
  try {
    await openTabs(browser, site, scenario, tabs);
    const visible = await Promise.all(tabs.map((tab) => tab.evaluate(() => latencyPage.visible())));
    const { renderers, framesApart } = await processesOf(browser);
    // The first changes pay for what is compiled lazily; real tabs live long.
    await runBatch(browser, hub, tabs, { kind: 'raw', writer: 0, first: 0 });
    await runBatch(browser, hub, tabs, { kind: 'lockstep', writer: 0, first: 0 });

    const trace = await startTrace(browser, tabs[0] as Tab, ['blink.user_timing']);
    const batches: Batch[] = [];
    for (let i = 0; i < 2 * scenario.batches; i++) {
      // raw, lockstep, lockstep, raw, …: neither always comes first. Only a visible tab's timers keep the pace.
      const kind = kinds[((i + 1) >> 1) % 2] as Kind;
      const writer = scenario.visible ? (i >> 1) % tabs.length : 0;
      const batch = { kind, writer, first: (i + 1) * batchCount };
      batches.push({ ...batch, cpuSeconds: await runBatch(browser, hub, tabs, batch) });
    }
    const marks = marksOf(await trace.end());
    return {
      hidden: visible.filter((each) => !each).length,
      renderers,
      framesApart,
      raw: seenOf('raw', batches, marks, tabs.length),
      lockstep: seenOf('lockstep', batches, marks, tabs.length),
    };
  } finally {
    await Promise.all(tabs.map((tab) => tab.close()));
  }
}

async function openTabs(browser: Chromium, site: Site, { tabs: count, visible }: Scenario, tabs: Tab[]): Promise<void> {
  const frames = { hub: site.url(hubHost), raw: site.url(rawHost) };
  for (let index = 0; index < count; index++) {
    const url = site.url(appHosts[index % appHosts.length] ?? '', '/latency');
    const tab = await openTab(browser, url, visible ? 'own-window' : index === 0 ? 'foreground' : 'background');
    tabs.push(tab);
    const scope = await tab.evaluate((settings) => latencyPage.open(settings), { index, ...frames });
    if (scope !== 'shared') throw new Error(`The hub says "${scope}" where the tabs share one storage.`);
  }
}

/** Returns the processor time of the whole browser, in seconds. */
async function runBatch(
  browser: Chromium,
  hub: string,
  tabs: readonly Tab[],
  { kind, writer, first }: Omit<Batch, 'cpuSeconds'>,
): Promise<number> {
  const cpuBefore = (await processesOf(browser)).cpuSeconds;
  const acting = { kind, first, count: batchCount, everyMs };
  await tabs[writer]?.evaluate((batch) => latencyPage.act(batch), acting);
  const others = tabs.filter((_, i) => i !== writer);
  const last = first + batchCount - 1;
  const delivered = await Promise.all(others.map((tab) => tab.evaluate((n) => latencyPage.delivered(n), last)));
  const missed = others.filter((_, i) => delivered[i] === undefined).map((tab) => tabs.indexOf(tab));
  if (missed.length > 0) await explainLost(browser, hub, tabs, { kind, n: last, writer, tabs: missed });
  const twice = delivered.flatMap((each) => each ?? []).find(([, count]) => count > 1);
  if (twice) throw new Error(`Change ${twice[0]} was delivered ${twice[1]} times to one tab.`);
  return (await processesOf(browser)).cpuSeconds - cpuBefore;
}

async function processesOf(browser: Chromium) {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  const processes = processInfo as readonly { type: string; cpuTime: number }[];
  const { targetInfos } = await browser.send('Target.getTargets', { filter: [{ type: 'iframe' }] });
  return {
    cpuSeconds: processes.reduce((sum, { cpuTime }) => sum + cpuTime, 0),
    renderers: processes.filter(({ type }) => type === 'renderer').length,
    /** Frames that do not live in the process of their tab. */
    framesApart: (targetInfos as readonly unknown[]).length,
  };
}

type Marks = ReadonlyMap<string, number>;

/** `moment/tab/n` to microseconds. */
function marksOf(events: readonly TraceEvent[]): Marks {
  const prefix = 'lockstep-bench/';
  return new Map(
    events.filter(({ name }) => name.startsWith(prefix)).map(({ name, ts }) => [name.slice(prefix.length), ts]),
  );
}

function seenOf(kind: Kind, all: readonly Batch[], marks: Marks, tabs: number): Seen {
  const batches = all.filter((batch) => batch.kind === kind);
  const changes = batches.flatMap(({ writer, first }) =>
    Array.from({ length: batchCount }, (_, i) => {
      const n = first + i;
      const start = marks.get(`act/${writer}/${n}`);
      if (start === undefined) throw new Error(`The trace does not show change ${n}.`);
      const msUntil = (moment: Moment, tab: number) => {
        const end = marks.get(`${moment}/${tab}/${n}`);
        return end === undefined ? [] : [(end - start) / 1000];
      };
      const others = Array.from({ length: tabs }, (_, tab) => tab).filter((tab) => tab !== writer);
      return {
        isLogout: n % 2 === 1,
        delivered: others.flatMap((tab) => msUntil('delivered', tab)),
        resolved: msUntil('resolved', writer),
      };
    }),
  );
  return { changes, cpuSeconds: batches.reduce((sum, batch) => sum + batch.cpuSeconds, 0) };
}
