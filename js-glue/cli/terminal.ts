// All that the command line writes goes through here. A text may come from a server, from a file, or be the name of
// somebody's folder: none of it may move the cursor of a terminal, set its title, or turn the order of its letters.

type Painted = (text: string) => string;
export type Paint = { readonly bold: Painted; readonly dim: Painted; readonly red: Painted; readonly yellow: Painted };
type Terminal = { readonly isTTY?: boolean };
type Stream = Terminal & { readonly write: (text: string) => unknown };

/** No colour where nobody would see it, or where it is not wanted (https://no-color.org). */
export function paintFor(stream: Terminal, env: Readonly<Record<string, string | undefined>>): Paint {
  const coloured = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
  const wrap = (on: number, off: number) => (text: string) => (coloured ? `\x1b[${on}m${text}\x1b[${off}m` : text);
  return { bold: wrap(1, 22), dim: wrap(2, 22), red: wrap(31, 39), yellow: wrap(33, 39) };
}

/** One line of plain text, whatever it was: a control character or a mark of direction is shown as its number. */
export function escaped(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}

/** Writes lines. On a terminal the colours of `paintFor` remain, so what is quoted beside them is escaped before. */
export function print(stream: Stream, text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const kept = stream.isTTY ? /(\n|\x1b\[(?:1|2|22|31|33|39)m)/ : /(\n)/;
  // Of a list that is split at groups, every second part is what a group has found.
  const parts = text.split(kept).map((part, index) => (index % 2 === 0 ? escaped(part) : part));
  stream.write(parts.join(''));
}

/** Says why a command ends. Returns its exit code. */
export function fail(text: string): number {
  print(process.stderr, `${text}\n`);
  return 1;
}
