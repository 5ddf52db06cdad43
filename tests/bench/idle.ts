// What a hub does while nothing happens: one minute of a signed-in session with no deadline near, watched from outside.
// The apps are on another site than the hub, so that hubs have a process to themselves and whatever runs in it is
// theirs. A change is watched first, by the same trace: a watch that sees nothing then would prove nothing later.

import type { Chromium } from './chromium.js';
import { crossSiteHosts, hubHost } from './places.js';
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
  const hub = site.url(hubHost);
  const tabs = [];
  for (const host of crossSiteHosts.slice(0, 2)) {
    const tab = await openTab(browser, site.url(host, '/blank'), 'own-window');
    const scope = await tab.evaluate((url) => blankPage.lockstep(url), hub);
    if (scope !== 'partitioned') throw new Error(`The hub says "${scope}" under another site.`);
    tabs.push(tab);
  }
  const [writer, reader] = tabs;
  const frame = await frameTarget(browser, hub);
  if (!writer || !reader) throw new Error('There are no tabs.');
  try {
    const process = await processOf(browser, reader, frame);
    const control = await watch(browser, reader, process, async () => {
      const told = reader.evaluate((subject) => blankPage.told(subject), 'u-1');
      await writer.evaluate((subject) => blankPage.login(subject), 'u-1');
      await told;
    });
    if (sum(control) === 0) throw new Error("The trace does not show the hub's work on a change.");
    progress(`idle: watching for ${watchMs / 1000} s`);
    const idle = await watch(browser, reader, process, () => new Promise((resolve) => setTimeout(resolve, watchMs)));
    return report(idle, control, watchMs);
  } finally {
    for (const tab of tabs) await tab.close();
  }
}

type Counts = Readonly<Record<string, number>>;

async function processOf(browser: Chromium, tab: Target, frame: Target): Promise<number> {
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

function report(idle: Counts, control: Counts, watchMs: number): Measured {
  const seconds = watchMs / 1000;
  return {
    tables: [
      {
        title: '',
        head: ['In the process of two hubs', ...scriptEvents],
        rows: [
          [`while idle, ${seconds} s`, ...scriptEvents.map((name) => String(idle[name]))],
          ['while one user logs in', ...scriptEvents.map((name) => String(control[name]))],
        ],
        notes: ['Signed in, idle end in 15 minutes, expiry in an hour.'],
      },
    ],
    bars: [atMost(`idle, ${seconds} s: script tasks and timers`, sum(idle), 0, '', 0)],
    results: { seconds, idle, control },
  };
}
