// What a hub does while nothing happens: one minute of a signed-in session with no deadline near, watched from outside.
// The apps are on another site than the hub, so that hubs have a process to themselves and whatever runs in it is
// theirs. A change is watched first, by the same trace: a watch that sees nothing then would prove nothing later.

import type { Chromium } from './chromium.js';
import { crossSiteHosts, hubHost, inspectedHubHost } from './places.js';
import { atMost, type Measured, progress } from './report.js';
import type { Site } from './site.js';
import { frameTarget, openTab, type Target } from './tab.js';
import { startTrace, type TraceEvent } from './trace.js';

/** Everything by which script starts to run, and everything about timers. */
const scriptEvents = [
  'EvaluateScript',
  'FunctionCall',
  'EventDispatch',
  'TimerFire',
  'TimerInstall',
  'FireAnimationFrame',
  'FireIdleCallback',
  'RunMicrotasks',
];
const categories = ['devtools.timeline', 'blink.user_timing'];
const hereMark = 'lockstep-bench/hub-process';
const minuteMs = 60_000;
const quickMs = 5_000;

export async function measureIdle(browser: Chromium, site: Site, quick: boolean): Promise<Measured> {
  const watchMs = quick ? quickMs : minuteMs;
  const alone = await watchHubs(browser, site, hubHost, '/blank', watchMs);
  const inspected = await watchHubs(browser, site, inspectedHubHost, '/inspected', watchMs);
  return report(alone, inspected, watchMs);
}

/** Two hubs in one process: while nothing happens, and while one user logs in. */
type Watched = { readonly idle: Counts; readonly control: Counts };

async function watchHubs(
  browser: Chromium,
  site: Site,
  host: string,
  page: '/blank' | '/inspected',
  watchMs: number,
): Promise<Watched> {
  const hub = site.url(host);
  const tabs = [];
  for (const appHost of crossSiteHosts.slice(0, 2)) {
    const tab = await openTab(browser, site.url(appHost, page), 'own-window');
    const scope = await tab.evaluate((url) => blankPage.lockstep(url), hub);
    if (scope !== 'partitioned') throw new Error(`The hub says "${scope}" under another site.`);
    if (page === '/inspected') await tab.evaluate(() => inspectedPage.mount());
    tabs.push(tab);
  }
  const [writer, reader] = tabs;
  const frame = await frameTarget(browser, hub);
  if (!writer || !reader) throw new Error('There are no tabs.');
  try {
    const pid = await pidOf(browser, reader, frame);
    const control = await watch(browser, reader, pid, async () => {
      const received = reader.evaluate((subject) => blankPage.received(subject), 'u-1');
      await writer.evaluate((subject) => blankPage.login(subject), 'u-1');
      await received;
    });
    if (sum(control) === 0) throw new Error("The trace does not show the hub's work on a change.");
    progress(`idle: watching ${new URL(hub).hostname} for ${watchMs / 1000} s`);
    const idle = await watch(browser, reader, pid, () => new Promise((resolve) => setTimeout(resolve, watchMs)));
    return { idle, control };
  } finally {
    for (const tab of tabs) await tab.close();
  }
}

type Counts = Readonly<Record<string, number>>;

async function pidOf(browser: Chromium, tab: Target, frame: Target): Promise<number> {
  const trace = await startTrace(browser, tab, categories);
  await frame.evaluate((name) => void performance.mark(name), hereMark);
  const events = await trace.end();
  const pid = events.find(({ name }) => name === hereMark)?.pid;
  if (pid === undefined) throw new Error("The trace does not show the hub's process.");
  return pid;
}

async function watch(browser: Chromium, tab: Target, pid: number, during: () => Promise<void>): Promise<Counts> {
  const trace = await startTrace(browser, tab, categories);
  await during();
  const events = (await trace.end()).filter((event: TraceEvent) => event.pid === pid && event.ph !== 'M');
  return Object.fromEntries(scriptEvents.map((name) => [name, events.filter((event) => event.name === name).length]));
}

function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function report(alone: Watched, inspected: Watched, watchMs: number): Measured {
  const seconds = watchMs / 1000;
  const row = (name: string, counts: Counts) => [name, ...scriptEvents.map((event) => String(counts[event]))];
  const nothing = (what: string, { idle }: Watched) =>
    atMost(`idle, ${seconds} s${what}: script tasks and timers`, sum(idle), 0, '', 0);
  return {
    tables: [
      {
        title: '',
        head: ['In the process of two hubs', ...scriptEvents],
        rows: [
          row(`while idle, ${seconds} s`, alone.idle),
          row('while one user logs in', alone.control),
          row(`while idle, ${seconds} s, the inspectors of both pages closed`, inspected.idle),
          row('while one user logs in, the same', inspected.control),
        ],
        notes: ['Signed in, idle end in 15 minutes, expiry in an hour.'],
      },
    ],
    bars: [nothing('', alone), nothing(', inspectors closed', inspected)],
    results: { seconds, alone, inspected },
  };
}
