// Every transcript through the built WebAssembly, byte for byte what it is natively, with no JavaScript value left in
// C++ hands.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { replay } from './transcript.js';

const folder = new URL('../../transcripts/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));

test('there is a transcript for every rule this version keeps', () => {
  for (const rule of ['R1', 'R2', 'R3', 'R4', 'R5', 'R8', 'R9', 'R10', 'R11', 'R12', 'R13']) {
    expect(names.some((name) => name.startsWith(`${rule}-`))).toBe(true);
  }
});

test.each(names)('%s tells the same story through WebAssembly', async (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8');
  const { story, handles } = await replay(text);
  expect(story).toBe(text);
  expect(handles).toBe(0);
});
