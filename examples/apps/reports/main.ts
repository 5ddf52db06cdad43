// Reports: one small chart, drawn as plain SVG.

import { startApp } from '../shared/app.js';
import { h, svg } from '../shared/dom.js';

const months = ['Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov'] as const;
const revenue = [42, 51, 47, 63, 71, 86] as const;
const [width, height, top, base] = [520, 170, 16, 146];
const tallest = Math.max(...revenue);
const step = width / revenue.length;
const heightOf = (value: number): number => ((base - top) * value) / tallest;

function bar(value: number, index: number): SVGElement {
  const x = index * step + step * 0.2;
  return svg(
    'g',
    {},
    svg('rect', {
      class: 'column-bar',
      x,
      y: base - heightOf(value),
      width: step * 0.6,
      height: heightOf(value),
      rx: 5,
    }),
    svg('text', { x: x + step * 0.3, y: base - heightOf(value) - 5, class: 'figure' }, String(value)),
    svg('text', { x: x + step * 0.3, y: height - 6 }, months[index] ?? ''),
  );
}

const chart = svg(
  'svg',
  { class: 'chart', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': 'Revenue by month' },
  ...revenue.map(bar),
  svg('line', { x1: 0, x2: width, y1: base, y2: base }),
);

startApp('reports', h('div', {}, h('h2', {}, 'Revenue, thousand euro'), chart));
