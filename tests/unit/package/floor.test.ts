// The oldest browsers that README names run what is built: every name in the built files that a browser has to know is
// looked up in MDN's table of who has it since when. A name that several interfaces have counts from the first of them,
// so that this finds what is new by its name, and no more. What those browsers then do is tests/e2e/floor.spec.ts.

import { readFileSync } from 'node:fs';
import bcd from '@mdn/browser-compat-data' with { type: 'json' };
import type { CompatStatement, Identifier } from '@mdn/browser-compat-data';
import { parse } from 'acorn';
import { describe, expect, test } from 'vitest';
import { readHub } from '../../../js-glue/cli/html.js';
import manifest from '../../../package.json' with { type: 'json' };

type Node = { readonly type: string; readonly [member: string]: unknown };
const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** `Chrome and Edge 100, Firefox 102 and Safari 16` */
const floor = Object.fromEntries(
  ['Chrome', 'Firefox', 'Safari'].map((name) => {
    const [, version = ''] = new RegExp(`${name}(?: and Edge)? (\\d+(?:\\.\\d+)?)`).exec(sentence()) ?? [];
    return [name.toLowerCase() as 'chrome' | 'firefox' | 'safari', Number(version)];
  }),
);

function sentence(): string {
  return /^- \*\*Browsers\.\*\*.*$/m.exec(read('README.md'))?.[0] ?? '';
}

/** Asked for before it is used, or of no harm where it is missing. */
const excused: Readonly<Record<string, string>> = {
  InternalError: "of Emscripten's embind",
  ancestorOrigins: 'read where it is there',
  adoptedStyleSheets: 'asked for; an element does the same',
  ariaHidden: 'the frame is `visibility: hidden` as well',
  changed: 'of cookieStore',
  check: 'of the session',
  cookieStore: 'asked for',
  createContext: 'of React',
  createObjectURL: 'of URL, which the table names otherwise',
  deleted: 'of cookieStore',
  fallback: "of the page's own data",
  fromHex: 'asked for; a loop does the same',
  hasStorageAccess: 'asked for',
  isActive: 'of userActivation',
  moveBefore: 'asked for',
  prerendering: 'where it is missing no page is prerendered',
  replaceSync: 'asked for; an element does the same',
  requestStorageAccess: 'asked for',
  revokeObjectURL: 'as createObjectURL',
  run: "of Emscripten's runtime",
  setStatus: "of Emscripten's runtime",
  switchMap: 'of RxJS',
  token: 'in an answer of better-auth',
  userActivation: 'asked for',
};

/** In which version each browser had a thing of this name first. */
function firstVersions(): ReadonlyMap<string, readonly number[]> {
  const first = new Map<string, readonly number[]>();
  const visit = (parent: Identifier) => {
    for (const [name, value] of Object.entries(parent)) {
      if (name === '__compat') continue;
      const child = value as Identifier;
      const versions = child.__compat && Object.keys(floor).map((browser) => since(child.__compat, browser));
      if (versions) first.set(name, first.get(name)?.map((each, at) => Math.min(each, versions[at] ?? 0)) ?? versions);
      visit(child);
    }
  };
  visit(bcd.api);
  visit(bcd.javascript.builtins as Identifier);
  return first;
}

function since(compat: CompatStatement | undefined, browser: string): number {
  const versions = [compat?.support[browser as 'chrome'] ?? []].flat().map((support) => {
    const isWhole = !support.flags && !support.prefix && !support.alternative_name && !support.partial_implementation;
    const { version_added: added } = support;
    return isWhole && typeof added === 'string' ? Number.parseFloat(added.replace('≤', '')) : Number.POSITIVE_INFINITY;
  });
  return Math.min(...versions.map((each) => (Number.isNaN(each) ? Number.POSITIVE_INFINITY : each)));
}

/** What a script names and does not itself define. */
function foreignNames(script: string): ReadonlySet<string> {
  const used = new Set<string>();
  const own = new Set<string>();
  const bind = (pattern: unknown) => {
    const { type, name, properties, elements, left, argument, value } = Object(pattern);
    if (type === 'Identifier') own.add(name);
    for (const each of [...(properties ?? []), ...(elements ?? []), left, argument, value]) if (each) bind(each);
  };
  const visit = (node: Node, parent?: Node) => {
    const { type, key, property, computed } = node as Node & { key?: Node; property?: Node };
    if (type === 'MemberExpression' && !computed) used.add(String(property?.name));
    else if (type === 'Property' && parent?.type === 'ObjectPattern') used.add(String(key?.name));
    else if (/^(Property|MethodDefinition|PropertyDefinition)$/.test(type) && !computed) own.add(String(key?.name));
    else if (type === 'Identifier' && parent?.key !== node) used.add(String(node.name));
    if (/Function|Declarat|CatchClause/.test(type))
      for (const each of [node.id, node.params, node.param].flat()) bind(each);
    for (const child of Object.values(node).flat()) if (Object(child).type) visit(child as Node, node);
  };
  visit(parse(script, { ecmaVersion: 2022, sourceType: 'module' }) as unknown as Node);
  return new Set([...used].filter((name) => !own.has(name)));
}

/** Of all that browsers import beside the client: `adapters/firebase`, `react/index`. */
const parts = Object.values(manifest.exports).flatMap((path) =>
  typeof path === 'string' ? [] : (/^\.\/dist\/(?!client\/|server\/)(.+)\.js$/.exec(path.default)?.[1] ?? []),
);
const scripts: Readonly<Record<string, string>> = {
  hub: readHub(read('dist/hub/hub.html'))?.script ?? '',
  'what asks the provider': read('dist/hub/hub-ask.js'),
  ...Object.fromEntries(
    ['index', 'diagnose', 'framing', 'later'].map((name) => [name, read(`dist/client/${name}.js`)]),
  ),
  ...Object.fromEntries(parts.map((name) => [name, read(`dist/${name}.js`)])),
};

describe('K4.4: the floor that README states', () => {
  test('is a version of each browser', () => {
    expect(Object.values(floor).every((version) => version > 10)).toBe(true);
    expect(sentence()).toContain('`hub-failed`');
  });

  const first = firstVersions();
  test.each(Object.entries(scripts))('%s names nothing that is newer', (_, script) => {
    const foreign = [...foreignNames(script)].filter((name) => first.has(name) && !(name in excused));
    expect(foreign.length).toBeGreaterThan(3);
    const newer = foreign.filter((name) =>
      Object.values(floor).some((version, at) => (first.get(name)?.[at] ?? 0) > version),
    );
    expect(newer).toEqual([]);
  });

  test('nothing is excused that no script names', () => {
    const named = new Set(Object.values(scripts).flatMap((script) => [...foreignNames(script)]));
    // Each Emscripten has names of its own.
    const ours = Object.entries(excused).filter(([, reason]) => !reason.includes('Emscripten'));
    expect(ours.filter(([name]) => !named.has(name))).toEqual([]);
  });

  test('the hub is understood by browsers older than that, so that it can say what fails', () => {
    expect(() => parse(scripts.hub ?? '', { ecmaVersion: 2020 })).not.toThrow();
  });
});
