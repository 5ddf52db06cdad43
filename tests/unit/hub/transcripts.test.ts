// Every transcript through the built WebAssembly and through its fallback, byte for byte what it is natively, with no
// JavaScript value left in C++ hands.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadFallback, loadHub } from './load.js';
import { replay } from './transcript.js';

const folder = new URL('../../transcripts/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));

test('there is a transcript for every rule this version keeps', () => {
  for (const rule of ['R1', 'R2', 'R3', 'R4', 'R5', 'R8', 'R9', 'R10', 'R11', 'R12', 'R13']) {
    expect(names.some((name) => name.startsWith(`${rule}-`))).toBe(true);
  }
});

test.each(names)('%s tells the same story through WebAssembly', (name) => isToldBy(loadHub, name));
test.each(names)('K4.5: %s tells the same story through the fallback', (name) => isToldBy(loadFallback, name));

async function isToldBy(load: typeof loadHub, name: string): Promise<void> {
  const text = readFileSync(new URL(name, folder), 'utf8');
  const { story, handles } = await replay(text, load);
  expect(story).toBe(text);
  expect(handles).toBe(0);
}
