// The code that a document shows.

import { readFileSync } from 'node:fs';

const root = new URL('../../../', import.meta.url);

export const textOf = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** Of this language, in order. */
export const blocks = (path: string, language: string): readonly string[] =>
  [...textOf(path).matchAll(/^```(\w+)\n(.*?)^```/gms)].flatMap(([, tag, text]) =>
    tag === language && text ? [text] : [],
  );
