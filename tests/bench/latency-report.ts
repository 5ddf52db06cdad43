// The figures of change latency and how they are shown. A change that a tab received only together with the next one is
// counted as superseded, never dropped in silence.

import type { Scenario } from './latency.js';
import { atMost, type Bar, type Measured, ms } from './report.js';
import { type Summary, summary } from './stats.js';

export type Change = {
  readonly isLogout: boolean;
  /** Until each tab that received it, in ms. */
  readonly delivered: readonly number[];
  readonly resolved: readonly number[];
};
export type Figures = {
  readonly all: Summary;
  readonly logins: Summary;
  readonly logouts: Summary;
  /** Of each change: until the last tab. */
  readonly slowest: Summary;
  /** Until the app's own promise resolved. */
  readonly resolved: { readonly login: Summary; readonly logout: Summary };
  readonly superseded: number;
  readonly cpuMsPerDelivery: number;
};
export type Result = {
  readonly scenario: Scenario;
  readonly hidden: number;
  readonly renderers: number;
  readonly framesApart: number;
  readonly raw: Figures;
  readonly lockstep: Figures;
};

export function figuresOf(changes: readonly Change[], tabsReached: number, cpuSeconds: number): Figures {
  const logouts = changes.filter(({ isLogout }) => isLogout);
  const logins = changes.filter(({ isLogout }) => !isLogout);
  const delivered = (some: readonly Change[]) => some.flatMap((change) => change.delivered);
  const resolved = (some: readonly Change[]) => summary(some.flatMap((change) => change.resolved));
  return {
    all: summary(delivered(changes)),
    logins: summary(delivered(logins)),
    logouts: summary(delivered(logouts)),
    slowest: summary(
      changes.filter((change) => change.delivered.length).map((change) => Math.max(...change.delivered)),
    ),
    resolved: { login: resolved(logins), logout: resolved(logouts) },
    superseded: changes.length * tabsReached - delivered(changes).length,
    cpuMsPerDelivery: (cpuSeconds * 1000) / (changes.length * tabsReached),
  };
}

export function reportLatency(results: readonly Result[]): Measured {
  const rows = results.flatMap((result) =>
    (['raw', 'lockstep'] as const).map((kind) => {
      const { all, logins, logouts, slowest, superseded, cpuMsPerDelivery } = result[kind];
      const name = `${nameOf(result.scenario)}: ${kind === 'raw' ? 'raw storage event' : 'Lockstep'}`;
      const figures = [all.p50, all.p99, logins.p50, logouts.p50, slowest.p50, slowest.p99, cpuMsPerDelivery];
      return [name, String(all.count), String(superseded), ...figures.map(ms)];
    }),
  );
  const notes = results.map(
    ({ scenario, hidden, renderers, framesApart, lockstep: { resolved } }) =>
      `${nameOf(scenario)}: ${hidden} tabs really hidden; ${renderers} renderers, ${framesApart} of ` +
      `${2 * scenario.tabs} frames outside their tab's process; ` +
      `login() resolves after ${ms(resolved.login.p50)}, logout() after ${ms(resolved.logout.p50)}`,
  );
  notes.push(
    "superseded: the tab received it only together with the next change. CPU: the whole browser's, per delivery.",
  );
  const head = [
    'Change latency, ms',
    'delivered',
    'superseded',
    'p50',
    'p99',
    'login',
    'logout',
    'last tab',
    'p99',
    'CPU',
  ];
  return { tables: [{ title: '', head, rows, notes }], bars: results.flatMap(barsOf), results };
}

function nameOf({ tabs, visible }: Scenario): string {
  return `${tabs} tabs, ${visible ? 'all visible' : 'others hidden'}`;
}

function barsOf({ scenario, raw, lockstep }: Result): readonly Bar[] {
  const name = `change, ${nameOf(scenario)}`;
  if (scenario.tabs === 2) {
    return [
      atMost(`${name}: p50`, lockstep.all.p50 / raw.all.p50, 1.6, '× raw'),
      atMost(`${name}: p99`, lockstep.all.p99 / raw.all.p99, 1.6, '× raw'),
    ];
  }
  if (scenario.tabs < 50) return [];
  return [
    atMost(`${name}: p99`, lockstep.all.p99 / raw.all.p99, 2, '× raw'),
    atMost(`${name}: tabs not reached`, lockstep.superseded, 0, '', 0),
  ];
}
