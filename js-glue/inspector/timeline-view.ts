// The timeline as a table, the newest entry first. Its roles are written out, since a narrow panel lays the rows out as
// lines of text, which takes the roles of their own from them.

import { h } from './dom.js';
import type { Entry, Members } from './timeline.js';
import { timeOf } from './words.js';

const columns = ['Time', 'What', 'Cause', 'ms', 'Details'];
/** Members that are times. */
const times = ['expiresAt', 'idleAt', 'signedInAt'];

/** `dropped`: how many older entries are gone. */
export function timelineView(entries: readonly Entry[], dropped = 0): HTMLElement {
  const head = h(
    'tr',
    { role: 'row' },
    ...columns.map((column) => h('th', { scope: 'col', role: 'columnheader' }, column)),
  );
  const rows = [...entries].reverse().map(rowOf);
  return h(
    'div',
    {},
    h('table', { role: 'table' }, h('thead', { role: 'rowgroup' }, head), h('tbody', { role: 'rowgroup' }, ...rows)),
    dropped > 0 && h('p', {}, `${dropped} older entries are gone.`),
  );
}

function rowOf({ at, kind, name, cause, ms, members }: Entry): HTMLElement {
  const what = [h('span', { class: 'kind' }, kind), ` ${name}`];
  const cells = [[timeOf(at)], what, [cause], [ms === undefined ? '' : String(ms)], [detailsOf(members)]];
  return h('tr', { role: 'row' }, ...cells.map((cell) => h('td', { role: 'cell' }, ...cell)));
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
