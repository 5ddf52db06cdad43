// Makes the tables of what works where from what the suite of engines has shown (build/results/engines.json): the one
// of README.md, for who chooses, and the long one of docs/engines.md. With --check it writes nothing and fails where a
// table says something else. Run it with `node examples/run.mjs scripts/matrix.ts` after `npm run test:engines`.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineName } from '../tests/engines/support/engine.js';
import type { Results } from '../tests/engines/support/reporter.js';
import { topologyNames } from '../tests/engines/support/topologies.js';

const engines: Readonly<Record<EngineName, string>> = {
  chromium: 'Chromium',
  firefox: 'Firefox',
  webkit: 'WebKitGTK',
};
const names = Object.keys(engines) as readonly EngineName[];

const cells = (row: readonly string[]) => `| ${row.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [cells(head), cells(head.map(() => '---')), ...rows.map(cells)].join('\n');

/** What each engine has shown for a row; a dash where its test did not pass. */
function shown({ rows }: Results, item: string, topology: string): readonly string[] {
  return names.map(
    (name) => rows.find((row) => row.engine === name && row.item === item && row.topology === topology)?.result ?? '–',
  );
}

/** In the order of the topologies, each once. */
const topologiesOf = (rows: Results['rows']) =>
  topologyNames.filter((name) => rows.some(({ topology }) => topology === name));

/** Topologies by engines: what the user gets, in the words of the snapshot. */
function whatWorksWhere(results: Results): string {
  const topologies = topologiesOf(results.rows.filter(({ item }) => item === 'reach'));
  const inCode = (result: string) => result.replace(/^\w+/, '`$&`').replace(/upgrade: (\w+)/, 'upgrade `$1`');
  return table(
    ['', ...names.map((name) => engines[name])],
    topologies.map((topology) => [topology, ...shown(results, 'reach', topology).map(inCode)]),
  );
}

/** Everything else, a table for each topology. */
function everyItem(results: Results): string {
  const others = results.rows.filter(({ item }) => item !== 'reach');
  return topologiesOf(others)
    .map((topology) => {
      const items = [...new Set(others.filter((row) => row.topology === topology).map(({ item }) => item))];
      const head = ['', ...names.map((name) => engines[name])];
      const rows = items.map((item) => [item, ...shown(results, item, topology)]);
      return `### ${topology[0]?.toUpperCase()}${topology.slice(1)}\n\n${table(head, rows)}`;
    })
    .join('\n\n');
}

const tables: readonly { readonly path: string; readonly of: (results: Results) => string }[] = [
  { path: 'README.md', of: whatWorksWhere },
  { path: 'docs/engines.md', of: everyItem },
];

const begin = '<!-- made by scripts/matrix.ts, from what the tests have shown -->';
const end = '<!-- end -->';

function main(check: boolean): void {
  const root = process.cwd();
  const results: Results = JSON.parse(readFileSync(join(root, 'build/results/engines.json'), 'utf8'));
  const missing = names.filter((name) => !results.whole.includes(name));
  if (missing.length > 0)
    console.log(`Not every test of ${missing.join(', ')} has run and passed: the tables have gaps.`);
  for (const { path, of } of tables) {
    const text = readFileSync(join(root, path), 'utf8');
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${path} has no place for the table: ${begin} … ${end}`);
    const next = `${text.slice(0, from)}${begin}\n\n${of(results)}\n\n${text.slice(to)}`;
    if (next === text) continue;
    if (!check) {
      writeFileSync(join(root, path), next);
      console.log(`${path} is written.`);
      continue;
    }
    console.error(
      `${path} does not say what the tests have shown. ` +
        `See with: node examples/run.mjs scripts/matrix.ts && git diff ${path}`,
    );
    process.exitCode = 1;
  }
}

main(process.argv.includes('--check'));
