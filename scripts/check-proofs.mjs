// A claim of SECURITY.md holds while its test passes, not while some file contains the test's title: every proof that
// the document lists must be among the tests that this run's JUnit reports show as passed, in the file that it names.
//
//   node scripts/check-proofs.mjs SECURITY.md build/results
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { reports, testsOf } from './junit.mjs';

const [document = '', results = ''] = process.argv.slice(2);
/** The paths of the list start here, as SECURITY.md says. */
const proofsFolder = 'tests/e2e/attack';

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

const ran = reports.flatMap((report) => testsOf(results, report));
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
