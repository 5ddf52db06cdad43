// Where a source says a banned word, or gives an empty name.

import { piecesOf, sentencesOf, wordsOf } from './source.js';
import { type Exception, emptyNames, exceptions, words } from './words.js';

/** `text`: the line, or the name, that an exception may excuse. */
export type Offence = { readonly text: string; readonly message: string };

export const excuses = ({ path, text }: Exception, where: string, offence: Offence): boolean =>
  path.test(where) && text.test(offence.text);

export const unexcused = (path: string, offences: readonly Offence[]): readonly string[] =>
  offences
    .filter((offence) => !exceptions.some((exception) => excuses(exception, path, offence)))
    .map(({ message }) => message);

export function bannedWords(path: string, source: string): readonly Offence[] {
  const lines = source.split('\n');
  return sentencesOf(path, source).flatMap(({ kind, words: text, lineAt }) =>
    words
      .filter(({ where, paths }) => (where === 'everywhere' || kind === 'code') && (paths?.test(path) ?? true))
      .flatMap(({ banned, say }) =>
        [...text.matchAll(new RegExp(banned.source.replaceAll(' ', '\\s+'), 'g'))].map(({ 0: word, index }) => {
          const line = lineAt(index);
          const message = `${path}:${line}: “${word.replace(/\s+/g, ' ')}”; say: ${say}`;
          return { text: lines[line - 1] ?? '', message };
        }),
      ),
  );
}

const declaration = 'const|let|var|function|class|interface|enum|struct|namespace';
const declared = new RegExp(`\\b(?:(?:${declaration})\\s+(?:class\\s+)?([\\w$]+)|type\\s+(\\w+)\\s*[=<])`, 'g');

export function namesThatSayNothing(path: string, source: string): readonly Offence[] {
  const code = piecesOf(path, source).filter(({ kind }) => kind === 'code');
  const names = code.flatMap(({ text }) => [...text.matchAll(declared)].map(([, name, type]) => name ?? type ?? ''));
  const file = path.slice(path.lastIndexOf('/') + 1);
  return [...names, file]
    .filter((name) => emptyNames.test(wordsOf(name)))
    .map((name) => ({ text: name, message: `${path}: ${name}` }));
}
