// The timeline as a table, the newest entry first.

import { h } from './dom.js';
import type { Entry, Members } from './timeline.js';
import { timeOf } from './words.js';

const columns = ['Time', 'What', 'Cause', 'ms', 'Details'];
/** Members that are times. */
const times = ['expiresAt', 'idleAt', 'signedInAt'];

/** `dropped`: how many older entries are gone. */
export function timelineView(entries: readonly Entry[], dropped = 0): HTMLElement {
  const head = h('tr', {}, ...columns.map((column) => h('th', { scope: 'col' }, column)));
  const rows = [...entries].reverse().map(rowOf);
  return h(
    'div',
    {},
    h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows)),
    dropped > 0 && h('p', {}, `${dropped} older entries are gone.`),
  );
}

function rowOf({ at, kind, name, cause, ms, members }: Entry): HTMLElement {
  return h(
    'tr',
    { 'data-entry': kind },
    h('td', {}, timeOf(at)),
    h('td', {}, h('span', { class: 'kind' }, kind), ` ${name}`),
    h('td', {}, cause),
    h('td', {}, ms === undefined ? '' : String(ms)),
    h('td', {}, detailsOf(members)),
  );
}

function detailsOf(members: Members): string {
  return Object.entries(members)
    .map(([name, value]) => `${name}: ${textOf(name, value)}`)
    .join(', ');
}

function textOf(name: string, value: unknown): string {
  if (value === null) return 'gone';
  if (typeof value === 'number' && times.includes(name)) return timeOf(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
