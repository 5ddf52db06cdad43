// A page without a section in the search's index is never found, and VitePress says nothing about it.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, pages } from './places.js';

const sectionIds = /\\?"(\/[\w/.-]*)(?:#[^"\\]*)?\\?"/g;

/** Throws if the search of the built site cannot find a page. */
export function checkSearch(folder: string): void {
  const indexes = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /@localSearchIndex[^/]*\.js$/.test(path),
  );
  if (indexes.length === 0) throw new Error(`${folder} has no index for the search.`);
  const missing = notIn(indexes.map((path) => readFileSync(join(folder, path), 'utf8')).join('\n'), pages);
  if (missing.length > 0) throw new Error(`The search finds nothing of these pages: ${missing.join(', ')}.`);
}

/** Of these pages, those that an index has no section of. */
export function notIn(index: string, those: readonly string[]): readonly string[] {
  const found = new Set([...index.matchAll(sectionIds)].map(([, path = '']) => path.replace(/\.html$/, '')));
  return those.filter((page) => !found.has(addressOf(page)));
}
