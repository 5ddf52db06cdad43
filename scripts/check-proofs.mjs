// A claim of SECURITY.md holds while its test passes, not while some file contains the test's title: every proof that
// the document lists must be among the tests that this run's JUnit reports show as passed, in the file that it names.
//
//   node scripts/check-proofs.mjs SECURITY.md build/results
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

const [document = '', results = ''] = process.argv.slice(2);
/** The paths of the list start here, as SECURITY.md says. */
const proofsFolder = 'tests/e2e/attack';
/** What each report writes before a test's file, to make it a path of the repository. ctest names no file. */
const reports = { native: undefined, unit: '', e2e: 'tests/e2e/', engines: 'tests/engines/' };
const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = (text) =>
  text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (_, hex, decimal, name) =>
    name ? (entities[name] ?? '') : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  );

function attribute(tag, name) {
  return unescaped(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
}

/** Every test of one report: its file, its title after the titles of its groups, and what became of it. */
function testsOf(report) {
  const path = join(results, `${report}.xml`);
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8').replace(/<!\[CDATA\[.*?\]\]>/gs, '');
  return [...text.matchAll(/<testcase\b([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)].map(([, tag, body = '']) => {
    const isSkipped = /<skipped\b/.test(body) || /\sstatus="(notrun|disabled)"/.test(tag);
    const isFailed = /<(failure|error)\b/.test(body) || /\sstatus="fail"/.test(tag);
    return {
      file: report === 'native' ? undefined : `${reports[report]}${attribute(tag, 'classname')}`,
      name: attribute(tag, 'name'),
      outcome: isFailed ? 'failed' : isSkipped ? 'was skipped' : 'passed',
    };
  });
}

function proofsOf(text) {
  const lines = (text.split('## Proofs')[1] ?? '').split('\n').filter((line) => /^\d+\./.test(line));
  return lines.map((line) => {
    const [, number, path, title] = /^(\d+)\. `(\S+)` "(.+)"$/.exec(line) ?? [];
    if (!title) throw new Error(`This is not a proof as the list writes them: ${line}`);
    return { number, file: posix.join(proofsFolder, path), title };
  });
}

/** The title as written in the test, whose placeholders (`%s`, `${limit}`) stand for the values of a table of cases. */
function patternOf(title) {
  const literal = title.split(/%s|\$\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^(?:.* [›>] )?${literal.join('.+')}$`, 's');
}

const ran = Object.keys(reports).flatMap(testsOf);
const proofs = proofsOf(readFileSync(document, 'utf8'));
if (proofs.length === 0) throw new Error(`${document} lists no proof.`);

const faults = proofs.flatMap(({ number, file, title }) => {
  const pattern = patternOf(title);
  const isNative = file.startsWith('tests/native/');
  const found = ran.filter((test) => test.file === (isNative ? undefined : file) && pattern.test(test.name));
  const outcome = found.length === 0 ? 'did not run' : found.find((test) => test.outcome !== 'passed')?.outcome;
  return outcome ? [`proof ${number} ${outcome}: ${file} "${title}"`] : [];
});
for (const fault of faults) console.error(fault);
console.log(
  `\n${proofs.length - faults.length} of the ${proofs.length} tests that ${document} cites passed in this run`,
);
if (faults.length > 0) process.exit(1);
