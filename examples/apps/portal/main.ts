// The portal: tiles that lead to what an employee needs.

import { startApp } from '../shared/app.js';
import { h, svg } from '../shared/dom.js';

type Tile = { readonly title: string; readonly note: string; readonly path: string };

const tiles: readonly Tile[] = [
  { title: 'Time off', note: '12 days left', path: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4' },
  { title: 'Travel', note: 'Oslo, Friday', path: 'M3 13l18-8-6 16-3-7z' },
  {
    title: 'Team',
    note: '7 people',
    path: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 20c0-4 3-6 6-6s6 2 6 6M16 5a3 3 0 0 1 0 6M17 14c3 0 5 2 5 6',
  },
  { title: 'Mail', note: '3 unread', path: 'M3 6h18v12H3zM3 7l9 6 9-6' },
  { title: 'Documents', note: '2 to sign', path: 'M6 3h9l4 4v14H6zM14 3v5h5M9 13h6M9 17h6' },
  {
    title: 'Help desk',
    note: 'No queue',
    path: 'M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18zM9.5 9.5c0-3 5-3 5 0 0 2-2.500 2-2.500 4M12 17h0',
  },
];

const tile = ({ title, note, path }: Tile): HTMLElement =>
  h(
    'li',
    { class: 'tile' },
    svg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, svg('path', { d: path })),
    h('strong', {}, title),
    h('span', { class: 'muted' }, note),
  );

startApp('portal', h('div', {}, h('h2', {}, 'Your day'), h('ul', { class: 'tiles' }, ...tiles.map(tile))));
