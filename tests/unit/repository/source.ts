// Splits a source into what is code and what is prose (comments and texts), and both into plain words. It is no parser:
// it knows comments and quotes of C++, TypeScript, JavaScript, shell and CMake, which is enough to look for words.

type Kind = 'code' | 'prose';
export type Piece = { readonly kind: Kind; readonly text: string; readonly line: number };

const slashes = /\/\/.*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
const hashes = /(?<![^\s])#.*|"(?:\\.|[^"\\])*"/g;
const marks = /<!--[\s\S]*?-->/g;

function proseOf(path: string): RegExp {
  if (/\.(sh|cmake|txt)$/.test(path)) return hashes;
  return path.endsWith('.html') ? marks : slashes;
}

/** One after the other, as they stand in the source. */
export function piecesOf(path: string, source: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let line = 1;
  let end = 0;
  const push = (kind: Kind, text: string) => {
    pieces.push({ kind, text, line });
    line += text.split('\n').length - 1;
  };
  for (const { 0: text, index } of source.matchAll(proseOf(path))) {
    push('code', source.slice(end, index));
    push('prose', text);
    end = index + text.length;
  }
  push('code', source.slice(end));
  return pieces;
}

/**
 * `keptEnd`, `kept_end`, `KEPT_END` and `kept-end` are the words `kept end`; a comment's signs at a line's begin are
 * none.
 */
export function wordsOf(text: string): string {
  return text
    .replace(/\n\s*(\/\/+|\*|#)/g, '\n')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase();
}

export type Sentence = { readonly kind: Kind; readonly words: string; readonly lineAt: (offset: number) => number };

/** Comments of several lines are read as one text, so that a phrase is found over the end of a line. */
export function sentencesOf(path: string, source: string): readonly Sentence[] {
  const joined: { kind: Kind; text: string; line: number }[] = [];
  let between = '';
  for (const { kind, text, line } of piecesOf(path, source)) {
    const last = joined.at(-1);
    const isComment = kind === 'prose' && /^(\/\/|#)/.test(text);
    if (isComment && last?.kind === 'prose' && /^\n[ \t]*$/.test(between)) last.text += between + text;
    else joined.push({ kind, text, line });
    if (kind === 'code' && /^\s*$/.test(text)) between = text;
    else between = '';
    // White space between two comments is no code.
    if (kind === 'code' && /^\s*$/.test(text) && last?.kind === 'prose') joined.pop();
  }
  return joined.map(({ kind, text, line }) => {
    const words = wordsOf(text);
    return { kind, words, lineAt: (offset) => line + words.slice(0, offset).split('\n').length - 1 };
  });
}
