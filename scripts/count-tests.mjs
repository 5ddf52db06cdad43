// Adds up the runners' JUnit reports and prints one closing line. A report that is missing or counts no test is a
// failure: a suite that did not run must not look green.
import { readFileSync } from 'node:fs';

let passed = 0;
let failed = 0;
let skipped = 0;
for (const path of process.argv.slice(2)) {
  const report = readFileSync(path, 'utf8');
  const count = { tests: 0, failures: 0, errors: 0, skipped: 0, disabled: 0 };
  // Nested suites repeat their parents' numbers: only the outermost element counts, or else its direct suites.
  const root = /<testsuites\b[^>]*\btests="/.test(report) ? 'testsuites' : 'testsuite';
  for (const [, attributes] of report.matchAll(new RegExp(`<${root}\\b([^>]*)>`, 'g'))) {
    for (const name of Object.keys(count))
      count[name] += Number(new RegExp(`\\b${name}="(\\d+)"`).exec(attributes)?.[1] ?? 0);
  }
  if (count.tests === 0) throw new Error(`${path} counts no test`);
  const bad = count.failures + count.errors;
  const left = count.skipped + count.disabled;
  passed += count.tests - bad - left;
  failed += bad;
  skipped += left;
}
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
if (failed > 0) process.exit(1);
