// The check that SECURITY.md's proofs ran must itself be able to fail: here are the reports of runs in which one cited
// test is missing, skipped or broken.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const script = fileURLToPath(new URL('../../../scripts/check-proofs.mjs', import.meta.url));
const run = promisify(execFile);

const document = `Claims [1][2][3][4].

## Proofs

1. \`door.spec.ts\` "an opaque origin is nobody"
2. \`../../unit/client/size.test.ts\` "at most \${limit} bytes & no more"
3. \`../../native/core/app_test.cpp\` "an origin is allowed exactly, or by one label"
4. \`../../engines/forgery.spec.ts\` "a forged login is believed by nobody"
`;

const passing = {
  native: '<testcase name="an origin is allowed exactly, or by one label" status="run"/>',
  unit: [
    '<testcase classname="tests/unit/client/size.test.ts"',
    ' name="sizes &gt; at most 4500 bytes &amp; no more" time="1">\n</testcase>',
  ].join(''),
  e2e: '<testcase name="an opaque origin is nobody" classname="attack/door.spec.ts"></testcase>',
  engines: [
    '<testcase name="a forged login is believed by nobody" classname="forgery.spec.ts"></testcase>',
    '<testcase name="a forged login is believed by nobody" classname="forgery.spec.ts"></testcase>',
  ].join('\n'),
};
type Reports = typeof passing;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-proofs-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function check(reports: Partial<Reports>, text = document): Promise<{ code: number; said: string }> {
  const results = await mkdtemp(join(folder, 'results-'));
  await writeFile(join(results, 'SECURITY.md'), text);
  for (const [name, cases] of Object.entries(reports)) {
    await writeFile(join(results, `${name}.xml`), `<testsuites><testsuite>${cases}</testsuite></testsuites>`);
  }
  try {
    const { stdout } = await run(process.execPath, [script, join(results, 'SECURITY.md'), results]);
    return { code: 0, said: stdout };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, said: stderr };
  }
}

test('a run in which every cited test passed is accepted', async () => {
  const { code, said } = await check(passing);
  expect(said).toContain('4 of the 4 tests');
  expect(code).toBe(0);
});

describe('a run is refused', () => {
  const inDoor = (body: string) =>
    `<testcase name="an opaque origin is nobody" classname="attack/door.spec.ts">${body}</testcase>`;
  const rows: readonly (readonly [string, Partial<Reports>, string])[] = [
    ['a test failed', { e2e: inDoor('<failure message="no">\n</failure>') }, 'proof 1 failed'],
    ['a test was skipped', { e2e: inDoor('<skipped></skipped>') }, 'proof 1 was skipped'],
    ['a test is gone', { e2e: '' }, 'proof 1 did not run'],
    ['a test only quotes the title', { e2e: inDoor('').replace('name="', 'name="not ') }, 'proof 1 did not run'],
    ['a test of another file has the title', { e2e: inDoor('').replace('door', 'wall') }, 'proof 1 did not run'],
    ['one engine of two failed', { engines: passing.engines.replace('</', '<failure/></') }, 'proof 4 failed'],
    ['ctest did not run a test', { native: passing.native.replace('"run"', '"notrun"') }, 'proof 3 was skipped'],
    ['ctest saw a test fail', { native: passing.native.replace('"run"', '"fail"') }, 'proof 3 failed'],
  ];
  test.each(rows)('in which %s', async (_, changed, said) => {
    const outcome = await check({ ...passing, ...changed });
    expect(outcome.said).toContain(said);
    expect(outcome.code).toBe(1);
  });

  test('in which a whole suite left no report', async () => {
    const { unit: _, ...others } = passing;
    const outcome = await check(others);
    expect(outcome.said).toContain('proof 2 did not run');
    expect(outcome.code).toBe(1);
  });
});

test.each([
  ['lists no proof', document.replace('## Proofs', '## Tests')],
  ['has a line in its list that cites no test', document.replace('1. `door', '1. door')],
])('a document is refused that %s', async (_, text) => {
  expect((await check(passing, text)).code).not.toBe(0);
});
