// The two timelines as tables, the newest entry first: of this tab, and across tabs.

import { rowsOf } from './across.js';
import { h } from './dom.js';
import { tableOf } from './table.js';
import type { Tab } from './tabs.js';
import type { Members, TimelineEntry } from './timeline.js';
import { timeOf } from './words.js';

const rowsMax = 300;

/** `dropped`: how many older entries are gone. */
export function timelineView(entries: readonly TimelineEntry[], dropped = 0): HTMLElement {
  const rows = [...entries]
    .reverse()
    .map(({ at, kind, name, cause, ms, members }) => [
      ...[[timeOf(at)], [h('span', { class: 'kind' }, kind), ` ${name}`], [cause]],
      ...[[durationOf(ms)], [detailsOf(members)]],
    ]);
  if (rows.length === 0) return nothing();
  const gone = dropped > 0 && h('p', {}, `${dropped} older entries are gone.`);
  return h('div', {}, tableOf(['Time', 'What', 'Cause', 'After', 'Details'], rows), gone);
}

export function acrossView(tabs: readonly Tab[]): HTMLElement {
  const all = rowsOf(tabs);
  const rows = all
    .slice(-rowsMax)
    .reverse()
    .map(({ at, tab, kind, what, ms, details }) => [
      ...[[timeOf(at)], [h('span', { class: 'kind' }, kind), ` ${what}`], [`${tab.name} ${tab.origin}`]],
      ...[[durationOf(ms)], [details]],
    ]);
  if (rows.length === 0) return nothing();
  const more = all.length - rows.length;
  const gone = more > 0 && h('p', {}, `${more} older entries are not shown, and are in the transcript.`);
  return h('div', {}, tableOf(['Time', 'What', 'Tab', 'After', 'Details'], rows), gone);
}

const nothing = (): HTMLElement => h('p', {}, 'Nothing recorded yet.');

/** With its unit: a narrow panel has no heads. */
const durationOf = (ms: number | undefined): string => (ms === undefined ? '' : `${ms} ms`);

function detailsOf(members: Members): string {
  return Object.entries(members)
    .map(([name, value]) => `${name}: ${textOf(name, value)}`)
    .join(', ');
}

function textOf(name: string, value: unknown): string {
  if (value === null) return 'gone';
  if (typeof value === 'number' && /At$/.test(name)) return timeOf(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
