// JSON in which one thing is not as it should be: what the property tests give to those who read JSON from strangers.

import fc from 'fast-check';

/** What breaks those who do not expect it. */
const nasty: readonly unknown[] = [
  null,
  false,
  true,
  0,
  -1,
  1e300,
  '',
  'change',
  'error',
  'connecting',
  '__proto__',
  '\x1b[2J\x07',
  '\u009b31m\u202e\r\n',
  '\ud800',
  [],
  [null],
  {},
  { toString: 1 },
  { length: -1 },
  JSON.parse('{"__proto__":{"polluted":1}}'),
];

/** One of these values, with one thing in it replaced by anything, or taken away. */
export function alteredFrom(values: readonly unknown[]): fc.Arbitrary<unknown> {
  const by = fc.option(fc.oneof(fc.constantFrom(...nasty), fc.jsonValue({ maxDepth: 3 })), { nil: undefined });
  return fc
    .constantFrom(...values)
    .chain((value) => fc.tuple(fc.constant(value), fc.constantFrom(...pathsOf(value)), by))
    .map(([value, path, instead]) => replaced(value, path, instead));
}

/** All that it holds, as the ways to it. */
function pathsOf(node: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof node !== 'object' || node === null) return [path];
  return [path, ...Object.entries(node).flatMap(([name, member]) => pathsOf(member, [...path, name]))];
}

function replaced(node: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by;
  const copy = (Array.isArray(node) ? [...node] : { ...(node as object) }) as Record<string, unknown>;
  copy[name] = replaced(copy[name], rest, by);
  return copy;
}
