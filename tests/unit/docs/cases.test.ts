// The table of cases is made from the results of the tests, and says so where it is not current.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
// @ts-expect-error: it has no types
import { sentences } from '../../../scripts/case-sentences.mjs';
import { files, textOf } from '../repository/tree.js';

const script = fileURLToPath(new URL('../../../scripts/cases.mjs', import.meta.url));
const begin = '<!-- made by scripts/cases.mjs, from what the tests have shown -->';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-cases-'));
  mkdirSync(join(folder, 'docs'));
  mkdirSync(join(folder, 'build/results'), { recursive: true });
  writeFileSync(join(folder, 'docs/cases.md'), `Cases\n\n${begin}\n\n<!-- end -->\n`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const testcase = (name: string, body = '') => `<testcase name="${name}" classname="a.spec.ts">${body}</testcase>`;

function report(name: string, suites: Readonly<Record<string, string>>): void {
  const text = Object.entries(suites).map(([host, tests]) => `<testsuite hostname="${host}">${tests}</testsuite>`);
  writeFileSync(join(folder, `build/results/${name}.xml`), `<testsuites tests="1">${text.join('')}</testsuites>`);
}

function run(...parameters: readonly string[]) {
  const { status, stderr } = spawnSync('node', [script, ...parameters], { cwd: folder, encoding: 'utf8' });
  const rows = readFileSync(join(folder, 'docs/cases.md'), 'utf8').match(/^\| K.*$/gm) ?? [];
  return { status, stderr, rows: rows.map((row) => row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''))) };
}

test('each case has a row, and each engine what its tests have shown', () => {
  report('unit', { here: testcase('folder &gt; K3.1: a') });
  report('e2e', { '': testcase('K3.1, K3.10: b') + testcase('no case') });
  report('engines', { firefox: testcase('K3.1: c') + testcase('K3.1: d', '<failure/>'), webkit: testcase('K3.2: e') });
  const { stderr } = run();
  expect(stderr).toContain('does not say what is right: K3.10');
  report('e2e', { '': testcase('K3.1, K3.2: b') });
  expect(run()).toMatchObject({
    status: 0,
    rows: [
      ['K3.1', sentences['K3.1'], 'yes', 'yes', 'no', '–'],
      ['K3.2', sentences['K3.2'], '–', 'yes', '–', 'yes'],
    ],
  });
});

test('a table that is not current is a fault, and is left as it is', () => {
  report('e2e', { '': testcase('K3.1: a') });
  run();
  expect(run('--check').status).toBe(0);
  report('e2e', { '': testcase('K3.1: a', '<failure/>') });
  expect(run('--check')).toMatchObject({ status: 1, rows: [['K3.1', sentences['K3.1'], '–', 'yes', '–', '–']] });
});

test('every case that a test names has a sentence', () => {
  const tests = files.filter(
    (path) => /^tests\/.*(\.spec|\.test|_test)\.(ts|cpp)$/.test(path) && !path.endsWith('cases.test.ts'),
  );
  const named = new Set(tests.flatMap((path) => textOf(path).match(/\bK\d+\.\d+\b/g) ?? []));
  expect(named.size).toBeGreaterThan(20);
  expect([...named].filter((name) => !(name in sentences))).toEqual([]);
});
