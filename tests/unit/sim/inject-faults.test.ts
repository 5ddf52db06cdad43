// The tool that puts faults into copies of the hub's sources for the simulator.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const tool = fileURLToPath(new URL('../../sim/inject-faults.mjs', import.meta.url));
let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lockstep-faults-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Runs the tool with these fault files over these sources. */
function inject(faults: Readonly<Record<string, string>>, sources: Readonly<Record<string, string>>) {
  rmSync(join(root, 'faults'), { recursive: true, force: true });
  mkdirSync(join(root, 'faults'));
  for (const [name, text] of Object.entries(faults)) write(`faults/${name}.fault`, `# R1\nseeds_max = 20\n${text}`);
  for (const [path, text] of Object.entries(sources)) write(path, text);
  const run = spawnSync(
    process.execPath,
    [tool, root, join(root, 'faults'), join(root, 'out'), ...Object.keys(sources)],
    { encoding: 'utf8' },
  );
  return { status: run.status, errors: run.stderr };
}

const out = (path: string) => readFileSync(join(root, 'out', path), 'utf8');
const has = (fault: string) => `lockstep::sim::has_fault(lockstep::sim::Fault::${fault})`;

const fenced = ' if (\n- $duty.$epoch != $own.$epoch\n+ false\n )\n';

test('an expression becomes a choice, in its place', () => {
  expect(inject({ unfenced: fenced }, { 'a.cpp': 'if (duty.epoch != own.epoch) return;\n' }).status).toBe(0);
  expect(out('a.cpp')).toBe(
    `#include "faults.hpp"\n#line 1 "a.cpp"\nif ((${has('unfenced')} ? (false) : (duty.epoch != own.epoch))) return;\n`,
  );
});

test('statements become branches, also where one is only added or only left out', () => {
  const faults = { added: '+ early();\n $write($record);\n', left_out: '- $publish();\n+\n }\n' };
  expect(inject(faults, { 'a.cpp': 'void f() {\n  write(record);\n  publish();\n}\n' }).status).toBe(0);
  const text = out('a.cpp').replace(/\s+/g, ' ');
  expect(text).toContain(`if (${has('added')}) { early(); } else { } write(record);`.replace(/\s+/g, ' '));
  expect(text).toContain(`if (${has('left_out')}) { } else { publish(); } }`.replace(/\s+/g, ' '));
});

test.each([
  ['a rename', 'if (claim.stamp != mine.stamp) return;'],
  ['a longer path', 'if (state.record->duty.epoch != state.own->epoch) return;'],
  ['another layout', 'if (duty . epoch\n      != own\n      .epoch)\n  return;'],
  ['a comment', 'if (duty.epoch /* != */ != own.epoch)  // own.epoch is the claim\n  return;'],
])('%s in the source leaves the match', (_, text) => {
  expect(inject({ unfenced: fenced }, { 'a.cpp': text })).toEqual({ status: 0, errors: '' });
  expect(out('a.cpp')).toContain(has('unfenced'));
});

test('a fault follows its code to another file, and the file that it left has none', () => {
  const code = 'if (duty.epoch != own.epoch) return;\n';
  inject({ unfenced: fenced }, { 'a.cpp': code, 'b.cpp': '' });
  expect(inject({ unfenced: fenced }, { 'a.cpp': '', 'b.cpp': code }).status).toBe(0);
  expect(out('a.cpp')).not.toContain('has_fault');
  expect(out('b.cpp')).toContain(has('unfenced'));
});

test('a name with two meanings does not match', () => {
  const { status, errors } = inject({ unfenced: fenced }, { 'a.cpp': 'if (duty.epoch != own.revision) return;\n' });
  expect(status).toBe(1);
  expect(errors).toContain('unfenced: its correct code must match exactly one place, and matches 0');
});

test('two matches are an error that says where', () => {
  const code = 'if (duty.epoch != own.epoch) return;\n';
  const { status, errors } = inject({ unfenced: fenced }, { 'a.cpp': code, 'b.cpp': `\n\n${code}` });
  expect(status).toBe(1);
  expect(errors).toContain('matches 2: a.cpp:1 b.cpp:3');
});

test('matches that overlap are two as well', () => {
  const { status, errors } = inject({ unended: ' $a();\n- $b();\n+\n' }, { 'a.cpp': 'one();\ntwo();\nthree();\n' });
  expect(status).toBe(1);
  expect(errors).toContain('matches 2: a.cpp:1 a.cpp:2');
});

test('every fault without a match is named at once', () => {
  const { errors } = inject({ unfenced: fenced, other: '- $f(7);\n+\n' }, { 'a.cpp': '' });
  expect(errors).toContain('unfenced:');
  expect(errors).toContain('other:');
});

test('two faults at one place, and one inside another, are one chain of choices', () => {
  const faults = {
    always: ' if (\n- !$is_known($record)\n+ true\n )\n',
    never: ' if (\n- !$is_known($record)\n+ false\n )\n',
    whole: '- if (!$is_known($record)) return;\n+\n',
  };
  expect(inject(faults, { 'a.cpp': 'if (!is_known(record)) return;\n' }).status).toBe(0);
  expect(out('a.cpp')).toContain(
    `if (${has('whole')}) {  } else { if ((${has('always')} ? (true) : ` +
      `((${has('never')} ? (false) : (!is_known(record)))))) return; }`,
  );
});

test('faults that overlap in part are an error', () => {
  const faults = { left: '- $a || $b\n+ false\n || $c\n', right: ' $a ||\n- $b || $c\n+ false\n' };
  const { status, errors } = inject(faults, { 'a.cpp': 'return one || two || three;\n' });
  expect(status).toBe(1);
  expect(errors).toContain('overlaps another fault');
});

test('a fault that could never show is an error', () => {
  const code = { 'a.cpp': 'if (duty.epoch != own.epoch) return;\n' };
  expect(inject({ unfenced: fenced.replace('+ false', '+') }, code).errors).toContain('cannot become nothing');
  expect(inject({ unfenced: fenced.replace('false', '$other') }, code).errors).toContain('$other stands for nothing');
});
