// Reads the text of the configuration: JSON with comments and trailing commas, every value with its place. Decides
// what is not JSON and which key is there twice; knows nothing of what the keys mean. Must never throw on any text.

import { type Node, type ParseError, parseTree, printParseErrorCode, stripComments } from 'jsonc-parser';

/** Something wrong (or doubtful) at one place of the text. Line and column count from 1. */
export type Finding = {
  readonly line: number;
  readonly column: number;
  readonly sentence: string;
  readonly suggestion?: string;
};

/** The way to a value: member names and array indices, as a JSON Pointer has them. */
export type Path = readonly string[];

export type Source = {
  readonly root: Node | undefined;
  readonly value: unknown;
  readonly faults: readonly Finding[];
  /** A finding at the place of a value, or of the nearest enclosing value that exists. */
  readonly at: (path: Path, sentence: string, suggestion?: string) => Finding;
  /** A finding at the key of a member. */
  readonly atKey: (path: Path, sentence: string, suggestion?: string) => Finding;
};

// Twice the apps that the schema allows, and twice what all of them hold. Each fault is searched for in what is there,
// so that without a bound a text of a megabyte would take minutes.
const membersMax = 2_048;
const nodesMax = 16_384;

const syntaxSentences: Readonly<Record<string, string>> = {
  InvalidSymbol: 'is not JSON: this word is none of true, false, null, and text needs double quotes',
  InvalidNumberFormat: 'is not JSON: this is no number',
  PropertyNameExpected: 'is not JSON: a key in double quotes is expected here',
  ValueExpected: 'is not JSON: a value is expected here',
  ColonExpected: 'is not JSON: a colon is expected here',
  CommaExpected: 'is not JSON: a comma is expected here',
  CloseBraceExpected: 'is not JSON: a closing brace } is expected here',
  CloseBracketExpected: 'is not JSON: a closing bracket ] is expected here',
  EndOfFileExpected: 'is not JSON: something follows the end of the configuration',
  InvalidCommentToken: 'is not JSON: a comment begins with // or /*',
  UnexpectedEndOfComment: 'is not JSON: this comment is never closed',
  UnexpectedEndOfString: 'is not JSON: this text is never closed with a double quote',
  UnexpectedEndOfNumber: 'is not JSON: this number is cut short',
  InvalidUnicode: 'is not JSON: \\u needs four hexadecimal digits',
  InvalidEscapeCharacter: 'is not JSON: this escape does not exist',
  InvalidCharacter: 'is not JSON: a control character must be escaped',
};

export function readSource(raw: string): Source {
  try {
    return parseSource(raw.replace(/^\uFEFF/, ''));
  } catch (cause) {
    // The parser recurses, so brackets without end overflow the stack.
    if (!(cause instanceof RangeError)) throw cause;
    return unreadable({ line: 1, column: 1, sentence: 'is nested too deeply to be a configuration' });
  }
}

function unreadable(fault: Finding): Source {
  return { root: undefined, value: undefined, faults: [fault], at: () => fault, atKey: () => fault };
}

function parseSource(text: string): Source {
  const place = placer(text);
  const finding = (offset: number, sentence: string, suggestion?: string): Finding =>
    suggestion === undefined ? { ...place(offset), sentence } : { ...place(offset), sentence, suggestion };

  if (stripComments(text).trim() === '') {
    return unreadable(finding(0, 'is empty', 'run "npx lockstep init --force" for a start'));
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const faults = errors.map((error) =>
    finding(error.offset, syntaxSentences[printParseErrorCode(error.error)] ?? 'is not JSON'),
  );
  const full = root && overfull(root);
  if (full !== undefined)
    return unreadable(finding(full.offset, 'has more members than a configuration can have', 'write *. for one label'));
  if (root !== undefined) faults.push(...repeatedKeys(root, finding));

  return {
    root,
    value: root === undefined ? undefined : toValue(root),
    faults,
    at: (path, sentence, suggestion) => finding(find(root, path)?.offset ?? 0, sentence, suggestion),
    atKey: (path, sentence, suggestion) => {
      const node = find(root, path);
      const member = node?.parent?.type === 'property' ? node.parent : node;
      return finding(member?.offset ?? 0, sentence, suggestion);
    },
  };
}

function placer(text: string): (offset: number) => { readonly line: number; readonly column: number } {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return (offset) => {
    // The last line that begins at or before it.
    let line = 0;
    for (let step = 2 ** Math.floor(Math.log2(starts.length)); step >= 1; step /= 2)
      if ((starts[line + step] ?? Number.POSITIVE_INFINITY) <= offset) line += step;
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

/** A list or an object with more members than any can have, or all where they are too many together. */
function overfull(root: Node): Node | undefined {
  const rest = [root];
  let count = 0;
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    const { children = [] } = node;
    count += 1;
    if (children.length > membersMax) return node;
    if (count > nodesMax) return root;
    rest.push(...children);
  }
  return undefined;
}

function repeatedKeys(node: Node, finding: (offset: number, sentence: string) => Finding): Finding[] {
  const faults: Finding[] = [];
  const seen = new Set<string>();
  for (const child of node.children ?? []) {
    const key = node.type === 'object' ? child.children?.[0] : undefined;
    if (key !== undefined) {
      if (seen.has(key.value)) faults.push(finding(key.offset, `has the key ${JSON.stringify(key.value)} twice`));
      seen.add(key.value);
    }
    faults.push(...repeatedKeys(child, finding));
  }
  return faults;
}

// Object.fromEntries defines members, so that a key `__proto__` becomes a member to be refused, not a prototype.
function toValue(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(toValue);
  if (node.type !== 'object') return node.value;
  const members = (node.children ?? []).flatMap(({ children }) =>
    children?.[0] && children[1] ? [[children[0].value, toValue(children[1])] as const] : [],
  );
  return Object.fromEntries(members);
}

function find(root: Node | undefined, path: Path): Node | undefined {
  let node = root;
  for (const step of path) {
    const children: readonly Node[] = node?.children ?? [];
    const next: Node | undefined =
      node?.type === 'array'
        ? children[Number(step)]
        : children.find((member) => member.children?.[0]?.value === step)?.children?.[1];
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

/** A member of what was read; undefined where it has none of that name. */
export function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
