// The tests in the JUnit reports of a run: file, title, engine, and what became of each.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What each report writes before a test's file, to make it a path of the repository. ctest names no file. */
const folders = { native: undefined, unit: '', e2e: 'tests/e2e/', engines: 'tests/engines/', chaos: 'tests/chaos/' };
export const reports = Object.keys(folders);
const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = (text) =>
  text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (_, hex, decimal, name) =>
    name ? (entities[name] ?? '') : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  );

function attribute(tag, name) {
  return unescaped(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
}

/** Every test of one report, its title after the titles of its groups. Playwright's suites name their project. */
export function testsOf(results, report) {
  const path = join(results, `${report}.xml`);
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8').replace(/<!\[CDATA\[.*?\]\]>/gs, '');
  let project = '';
  return [...text.matchAll(/<testsuite\b([^>]*)>|<testcase\b([^>]*?)(?:\/>|>(.*?)<\/testcase>)/gs)].flatMap(
    ([, suite, tag, body = '']) => {
      if (suite !== undefined) {
        project = attribute(suite, 'hostname');
        return [];
      }
      const isSkipped = /<skipped\b/.test(body) || /\sstatus="(notrun|disabled)"/.test(tag);
      const isFailed = /<(failure|error)\b/.test(body) || /\sstatus="fail"/.test(tag);
      return [
        {
          report,
          project,
          file: report === 'native' ? undefined : `${folders[report]}${attribute(tag, 'classname')}`,
          name: attribute(tag, 'name'),
          outcome: isFailed ? 'failed' : isSkipped ? 'was skipped' : 'passed',
        },
      ];
    },
  );
}
