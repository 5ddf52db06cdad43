// SECURITY.md claims nothing that no test proves: every number in it leads to a test that exists under that very name.

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const document = readFileSync(new URL('../../../SECURITY.md', import.meta.url), 'utf8');
const [claims = '', proofs = ''] = document.split('## Proofs');
const attacks = new URL('../../e2e/attack/', import.meta.url);
const listed = [...proofs.matchAll(/^(\d+)\. `(\S+)` "(.+)"$/gm)].map(([, number, path = '', name = '']) => ({
  number: Number(number),
  path,
  name,
}));

test.each(listed)('proof $number is a test: $name', ({ path, name }) => {
  const file = new URL(path, attacks);
  expect(existsSync(file), path).toBe(true);
  expect(readFileSync(file, 'utf8')).toContain(name);
});

test('every claim names a proof, and every proof is named by a claim', () => {
  const cited = [...claims.matchAll(/\[(\d+)\](?!\()/g)].map(([, number]) => Number(number));
  expect(listed.map(({ number }) => number)).toEqual(listed.map((_, index) => index + 1));
  expect([...new Set(cited)].sort((a, b) => a - b)).toEqual(listed.map(({ number }) => number));
});
