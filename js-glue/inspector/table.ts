// A table whose roles are written out, since a narrow panel lays the rows out as lines of text, which takes the roles
// of their own from them.

import { type Child, h } from './dom.js';

export function tableOf(
  columns: readonly string[],
  rows: readonly (readonly (readonly Child[])[])[],
  kind?: string,
): HTMLElement {
  const heads = columns.map((column) => h('th', { scope: 'col', role: 'columnheader' }, column));
  const body = rows.map((cells) =>
    h('tr', { role: 'row' }, ...cells.map((cell) => h('td', { role: 'cell' }, ...cell))),
  );
  return h(
    'table',
    { role: 'table', class: kind },
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ...heads)),
    h('tbody', { role: 'rowgroup' }, ...body),
  );
}
