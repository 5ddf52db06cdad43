// Makes the table of docs/cases.md: each case from the field that a title of a test names (`K3.1: …`), what is right
// there, and in which engines tests have shown it. With --check it writes nothing, and fails where the table says
// something else. Run it after `npm test`: node scripts/cases.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { sentences } from './case-sentences.mjs';
import { reports, testsOf } from './junit.mjs';

const document = 'docs/cases.md';
const begin = '<!-- made by scripts/cases.mjs, from what the tests have shown -->';
const end = '<!-- end -->';

/** `unit`: natively or in Node, in no browser. The end-to-end tests run in Chromium. */
const engines = { unit: 'without a browser', chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKitGTK' };

function engineOf({ report, project }) {
  if (report === 'native' || report === 'unit') return 'unit';
  return report === 'e2e' ? 'chromium' : project;
}

/** A test of the documents names those of the tests that they cite: it shows nothing of a case. */
const isOfDocuments = ({ file }) => file?.startsWith('tests/unit/docs/');
const casesOf = (test) => (isOfDocuments(test) ? [] : [...new Set(test.name.match(/\bK\d+\.\d+\b/g) ?? [])]);
const inOrder = (one, other) => one.localeCompare(other, 'en', { numeric: true });

/** Every test has passed, or some have not; a dash where no test says so. */
function shown(tests, engine) {
  const there = tests.filter((test) => engineOf(test) === engine);
  if (there.length === 0) return '–';
  return there.every(({ outcome }) => outcome === 'passed') ? 'yes' : 'no';
}

function tableOf(tests) {
  const names = [...new Set(tests.flatMap(casesOf))].sort(inOrder);
  const unknown = names.filter((name) => !(name in sentences));
  if (unknown.length > 0) throw new Error(`scripts/case-sentences.mjs does not say what is right: ${unknown}`);
  const row = (cells) => `| ${cells.join(' | ')} |`;
  const head = ['case', 'what is right', ...Object.values(engines)];
  const rows = names.map((name) => {
    const ofCase = tests.filter((test) => casesOf(test).includes(name));
    return [name, sentences[name], ...Object.keys(engines).map((engine) => shown(ofCase, engine))];
  });
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

const text = readFileSync(document, 'utf8');
const [from, to] = [text.indexOf(begin), text.indexOf(end)];
if (from < 0 || to < from) throw new Error(`${document} has no place for the table: ${begin} … ${end}`);
const tests = reports.flatMap((report) => testsOf('build/results', report));
const next = `${text.slice(0, from)}${begin}\n\n${tableOf(tests)}\n\n${text.slice(to)}`;
if (next !== text && process.argv.includes('--check')) {
  console.error(`${document} does not say what the tests have shown. See with: node scripts/cases.mjs && git diff`);
  process.exitCode = 1;
} else if (next !== text) {
  writeFileSync(document, next);
  console.log(`${document} is written.`);
}
