// The repository's own rules: what a reviewer would otherwise have to remember.

import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hubPathMax } from '../../../js-glue/cli/config.js';
import { errorCodes } from '../../../js-glue/client/errors.js';
import { eventTypes, loginOnly, memberKinds } from '../../../js-glue/inspector/members.js';
import { files, isCode, textOf } from './tree.js';

/** Files whose path matches and whose text does what is banned, with the line. */
function offenders(where: RegExp, banned: RegExp): readonly string[] {
  return files
    .filter((path) => where.test(path) && !path.startsWith('tests/unit/repository/'))
    .flatMap((path) =>
      textOf(path)
        .split('\n')
        .flatMap((line, index) => (banned.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 100)}`] : [])),
    );
}

const bans: readonly { readonly rule: string; readonly where: RegExp; readonly banned: RegExp }[] = [
  {
    rule: 'the core has no clock, randomness, I/O, exception or browser: pass it in as an event',
    where: /^wasm\/core\//,
    banned: /<(chrono|random|iostream|fstream|thread|mutex|ctime)>|emscripten|nlohmann|\bthrow\b|\btry\b/,
  },
  { rule: 'only the codec knows JSON', where: /^wasm\/(core|browser)\//, banned: /nlohmann/ },
  { rule: 'only wasm/browser knows Emscripten', where: /^wasm\/codec\//, banned: /#include <emscripten/ },
  {
    rule: 'nothing is posted to everybody (R11)',
    where: /^(bridge-html|js-glue\/client|wasm)\//,
    banned: /postMessage\([^)]*['"]\*['"]/,
  },
  {
    rule: 'the key is never deleted, the store never cleared (R10)',
    where: /^(bridge-html|wasm)\//,
    banned: /removeItem|localStorage\.clear|"clear"/,
  },
  {
    rule: 'no BroadcastChannel but of inspected hubs, no unload: the page stays in the back-forward cache (R10)',
    where: /^(bridge-html\/(?!inspect\/)|js-glue\/client\/)/,
    banned: /new BroadcastChannel|'unload'/,
  },
  {
    rule: 'no beforeunload but for duties: older browsers kept no page for Back that listens to it (R10)',
    where: /^(bridge-html\/(?!duty\.ts)|js-glue\/client\/(?!duties\.ts))/,
    banned: /'beforeunload'/,
  },
  {
    rule: 'the command line writes to the terminal through one door, which escapes: terminal.ts',
    where: /^js-glue\/cli\/(?!terminal\.ts)/,
    banned: /std(out|err)\.write|console\.\w/,
  },
  { rule: 'nothing is left for later', where: /\.(cpp|hpp|ts|mjs|js|html|sh)$/, banned: /\b(TODO|FIXME|XXX|HACK)\b/ },
  {
    rule: 'no test is switched off or singled out',
    where: /^tests\/.*\.ts$/,
    banned: /\b(test|it|describe)\.(only|skip|todo|fixme)\b/,
  },
  {
    rule: 'tests wait for states, never for milliseconds',
    where: /^tests\/(e2e|engines|unit)\/.*\.ts$/,
    banned: /waitForTimeout\(/,
  },
  { rule: 'the tree names no path of one machine', where: /./, banned: /(^|[\s"'`(=])\/(work|root|home)\// },
];

test.each(bans)('$rule', ({ where, banned }) => {
  expect(files.some((path) => where.test(path))).toBe(true);
  expect(offenders(where, banned)).toEqual([]);
});

describe('the core is a directed acyclic graph', () => {
  // A header and its source file are one part: what the one needs, the other may not depend on.
  const partOf = (path: string): string => path.replace(/^wasm\/core\//, '').replace(/\.[ch]pp$/, '');
  const sources = files.filter((path) => /^wasm\/core\/\w+\.[ch]pp$/.test(path));
  const needs = new Map<string, Set<string>>();
  for (const path of sources) {
    const part = partOf(path);
    const included = [...textOf(path).matchAll(/#include "wasm\/core\/(\w+)\.hpp"/g)].map(([, name]) => name ?? '');
    needs.set(part, new Set([...(needs.get(part) ?? []), ...included.filter((name) => name !== part)]));
  }

  /** The first way from a part back to itself, or nothing. */
  function cycleFrom(part: string, way: readonly string[]): readonly string[] | undefined {
    if (way.includes(part)) return [...way.slice(way.indexOf(part)), part];
    for (const next of needs.get(part) ?? []) {
      const cycle = cycleFrom(next, [...way, part]);
      if (cycle) return cycle;
    }
    return undefined;
  }

  test('no part includes itself, however far around', () => {
    expect(needs.size).toBeGreaterThan(20);
    expect([...needs.keys()].map((part) => cycleFrom(part, [])).filter((cycle) => cycle !== undefined)).toEqual([]);
  });

  test('a family of decisions knows neither the cycle nor the dispatch above it', () => {
    const families = [...needs.keys()].filter((part) => part.startsWith('decide_'));
    expect(families.length).toBeGreaterThan(5);
    const above = ['cycle', 'step', 'timer'];
    expect(families.filter((part) => above.some((name) => needs.get(part)?.has(name)))).toEqual([]);
  });
});

test('no line of code is longer than 120 columns', () => {
  const tooLong = files.filter(isCode).flatMap((path) =>
    textOf(path)
      .split('\n')
      .flatMap((line, index) => ([...line].length > 120 ? [`${path}:${index + 1}`] : [])),
  );
  expect(tooLong).toEqual([]);
});

test('files of TypeScript and JavaScript have names in kebab-case', () => {
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/;
  const scripts = files.filter((path) => /\.([cm]?ts|[cm]?js|html)$/.test(path) && !path.startsWith('wasm/'));
  expect(scripts.filter((path) => !kebab.test(posix.basename(path)))).toEqual([]);
});

describe('what a room may know', () => {
  const rooms = ['core', 'codec', 'hub', 'browser'];

  test.each(rooms)('wasm/%s includes itself and the rooms before it', (room) => {
    const known = rooms.slice(0, rooms.indexOf(room) + 1).map((name) => `wasm/${name}/`);
    const sources = files.filter((path) => path.startsWith(`wasm/${room}/`) && /\.[ch]pp$/.test(path));
    expect(sources.length).toBeGreaterThan(0);
    const includes = sources.flatMap((path) =>
      [...textOf(path).matchAll(/#include "([^"]*)"/g)].map(([, header = '']) => ({ path, header })),
    );
    expect(includes.filter(({ header }) => !known.some((folder) => header.startsWith(folder)))).toEqual([]);
  });

  const imported = /\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;
  test.each([
    ['js-glue/client/', /^js-glue\/client\//],
    ['bridge-html/', /^(bridge-html\/|#hub-module$)/],
  ])('%s imports itself alone', (folder, known) => {
    const sources = files.filter((path) => path.startsWith(folder) && path.endsWith('.ts'));
    expect(sources.length).toBeGreaterThan(0);
    const imports = sources.flatMap((path) =>
      [...textOf(path).matchAll(imported)].map(([, name = '']) => ({
        path,
        name: name.startsWith('.') ? posix.join(posix.dirname(path), name) : name,
      })),
    );
    expect(imports.filter(({ name }) => !known.test(name))).toEqual([]);
  });
});

describe('what to touch for a change', () => {
  const contributing = textOf('CONTRIBUTING.md');
  const from = contributing.indexOf('\n## What to touch\n');
  const section = contributing.slice(from, contributing.indexOf('\n## ', from + 1));
  const rows = section.split('\n').filter((line) => line.startsWith('| '));

  test('no row is longer than 400 characters, since nobody reads one: it becomes steps', () => {
    expect(rows.length).toBeGreaterThan(40);
    const tooLong = rows.filter((row) => [...row].length > 400);
    expect(tooLong.map((row) => `${[...row].length}: ${row.slice(0, 60)}`)).toEqual([]);
  });

  test('every row that names its steps has them, and all steps have a row', () => {
    const linked = rows.flatMap((row) => /\[the steps\]\(#([\w-]+)\)/.exec(row)?.[1] ?? []);
    const headings = [...section.matchAll(/^### (.*)$/gm)].map(([, text = '']) => text.toLowerCase());
    const anchors = headings.map((text) => text.replace(/[^\w -]/g, '').replaceAll(' ', '-'));
    expect(linked).toEqual(anchors);
  });
});

describe('one list, several places', () => {
  const protocol = textOf('PROTOCOL.md');
  const section = protocol.slice(protocol.indexOf('### Codes of refusal'), protocol.indexOf('## 4.'));
  const codes = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code ?? '');

  test("every code of the protocol is one of the client's", () => {
    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => !(errorCodes as readonly string[]).includes(code))).toEqual([]);
  });

  test("every code the core can give stands in the protocol, and the other way round, but for the bridge's own", () => {
    const ofBridge = ['wasm-refused', 'hub-failed'];
    const [, list = ''] = /enum class Code \{([^}]*)\}/.exec(textOf('wasm/core/code.hpp')) ?? [];
    const inCore = [...list.replace(/\/\/.*/g, '').matchAll(/\w+/g)].map(([name]) => name.replaceAll('_', '-'));
    expect(codes.filter((code) => !ofBridge.includes(code)).sort()).toEqual(inCore.sort());
  });

  const quoted = (text: string) => [...text.matchAll(/`([\w-]+)`/g)].map(([, name = '']) => name);

  test('README names every code', () => {
    const readme = textOf('README.md');
    const named = quoted(readme.slice(readme.indexOf('## The API'), readme.indexOf('## What works where')));
    expect(errorCodes.filter((code) => !named.includes(code))).toEqual([]);
  });

  test("the members of a snapshot are the client's, in the protocol and in README", () => {
    const [, order = ''] = /Members keep this order: ([^.]*)\./.exec(protocol) ?? [];
    const members = Object.keys(memberKinds).filter((name) => !(loginOnly as readonly string[]).includes(name));
    expect(quoted(order).sort()).toEqual([...members].sort());
    const [type = ''] = /^type Snapshot = \{.*?^\};/ms.exec(textOf('README.md')) ?? [];
    expect(members.filter((name) => !new RegExp(`\\b${name}\\??:`).test(type))).toEqual([]);
  });

  test('session events have the same types in the protocol, in README and in the page of the tests', () => {
    const [, events = ''] = /^`events` are session events: [^:]*:(.*?)\. `own`/ms.exec(protocol) ?? [];
    const ofHub = [...events.matchAll(/(?:^|;)\s+`([a-z-]+)`/g)].map(([, type]) => type);
    expect([...ofHub, 'error'].sort()).toEqual([...eventTypes].sort());
    const [, listed = ''] = /^\| `on\(type, listener\)` \| ([^.]*)\./m.exec(textOf('README.md')) ?? [];
    expect(quoted(listed).sort()).toEqual([...eventTypes].sort());
    const page = textOf('tests/e2e/support/pages/app.js');
    expect(eventTypes.filter((type) => !page.includes(`'${type}'`))).toEqual([]);
  });

  test("a cookie's phrases have the same numbers in C++ and in the protocol", () => {
    const between = (path: string, begin: RegExp, end: string) => {
      const text = textOf(path);
      const start = text.search(begin);
      return text.slice(start, text.indexOf(end, start));
    };
    const listed = between('wasm/codec/cookie_text.hpp', /cookie_phrases\{/, '};');
    const phrases = [...listed.matchAll(/R"\((.*?)\)"/g)].map(([, phrase]) => phrase);
    expect(phrases.length).toBeGreaterThan(10);
    const table = between('PROTOCOL.md', /^ {4}1 {2}\{"format/m, '```');
    const numbered = [...table.matchAll(/ (\d+) {2}(\S+)/g)].map(
      ([, place, phrase]) => [Number(place), phrase] as const,
    );
    expect(numbered.sort(([one], [other]) => one - other).map(([, phrase]) => phrase)).toEqual(phrases);
  });

  const rights = ['read', 'login', 'logout', 'activity'];
  test.each<readonly [string, RegExp]>([
    ['PROTOCOL.md', /`capabilities`: array of (.*?), `session`/],
    ['SECURITY.md', /its capabilities \((.*?)\)/],
    ['js-glue/cli/lockstep.schema.json', /"items": \{ "enum": \[(.*?)\]/],
    ['js-glue/cli/shape.ts', /capabilities: readonly Capability\[\] = \[(.*?)\]/],
    ['wasm/core/config.hpp', /enum class Capability[^{]*\{(.*?)\}/s],
    ['wasm/codec/names.hpp', /all_capabilities\[\] = \{(.*?)\}/s],
  ])('%s has every right of an app', (path, list) => {
    const [, found = ''] = list.exec(textOf(path)) ?? [];
    expect(found.match(/\b[a-z]+\b/g)).toEqual(rights);
  });

  const numberIn = (path: string, name: string) => {
    const [, digits = ''] = new RegExp(`\\b${name} =\\s+([\\d'_]+)`).exec(textOf(path)) ?? [];
    return Number(digits.replace(/['_]/g, '') || Number.NaN);
  };
  const bounds = 'wasm/core/limits.hpp';
  test.each<readonly [string, string, string]>([
    ['js-glue/client/limits.ts', 'messageUnitsMax', 'message_units_max'],
    ['js-glue/client/limits.ts', 'messageDepthMax', 'json_depth_max'],
    ['js-glue/client/limits.ts', 'subjectBytesMax', 'subject_bytes_max'],
    ['js-glue/client/duties.ts', 'claimsBytesMax', 'claims_bytes_max'],
    ['js-glue/client/duties.ts', 'epochMsMax', 'epoch_ms_max'],
    ['js-glue/adapters/duty-ms.ts', 'dutyMsMax', 'duty_ms_max'],
    ['js-glue/client/duties.ts', 'dutyMsMax', 'duty_ms_max'],
    ['bridge-html/duty.ts', 'dutyMsMax', 'duty_ms_max'],
    ['bridge-html/duty.ts', 'answerUnitsMax', 'message_units_max'],
    ['bridge-html/inspect/recorder.ts', 'unitsMax', 'message_units_max'],
    ['bridge-html/tombstone.ts', 'waitMsMax', 'tombstone_wait_ms_max'],
  ])("%s: %s is the core's %s", (path, name, ofCore) => {
    expect(numberIn(path, name)).toBeGreaterThan(0);
    expect(numberIn(path, name)).toBe(numberIn(bounds, ofCore));
  });

  const crowd = 'bridge-html/crowd.ts';
  test.each<readonly [string, RegExp, string, string]>([
    ['PROTOCOL.md', /more than (\d+) messages at once/, bounds, 'rate_burst'],
    ['SECURITY.md', /flood: (\d+) messages at once/, bounds, 'rate_burst'],
    ['PROTOCOL.md', /(\d+) requests wait/, bounds, 'rate_burst'],
    ['PROTOCOL.md', /After (\d+) refusals/, bounds, 'refused_max'],
    ['PROTOCOL.md', /(\d+) checks wait/, bounds, 'waiting_checks_max'],
    ['PROTOCOL.md', /An app has ([\d,]+) ms for its `outcome`/, bounds, 'duty_ms_max'],
    ['PROTOCOL.md', /A claim ends ([\d,]+) ms after/, bounds, 'claim_ms'],
    ['PROTOCOL.md', /takes up the check within ([\d,]+) ms/, bounds, 'check_claim_wait_ms'],
    ['PROTOCOL.md', /and after ([\d,]+) ms in any case/, bounds, 'check_wait_ms_max'],
    ['PROTOCOL.md', /the hub waits for it for ([\d,]+) ms/, bounds, 'expiry_wait_ms'],
    ['PROTOCOL.md', /more than (\d+) hubs run/, crowd, 'hubsMax'],
    ['PROTOCOL.md', /none less than a (\d+)th/, bounds, 'rate_parts_max'],
    ['SECURITY.md', /and in (\d+) at most/, crowd, 'hubsMax'],
  ])('%s: %s is what %s has as %s', (document, sentence, path, name) => {
    const [, digits = ''] = sentence.exec(textOf(document)) ?? [];
    expect(Number(digits.replace(',', ''))).toBeGreaterThan(0);
    expect(Number(digits.replace(',', ''))).toBe(numberIn(path, name));
  });

  test('README and ARCHITECTURE name every command', () => {
    const commands = [...textOf('js-glue/cli/main.ts').matchAll(/\.command\('(\w+)'\)/g)].map(([, name = '']) => name);
    expect(commands.length).toBeGreaterThan(3);
    const rooms = quoted(textOf('ARCHITECTURE.md').replaceAll('`lockstep ', '`'));
    expect(commands.filter((name) => !rooms.includes(name))).toEqual([]);
    expect(commands.filter((name) => !textOf('README.md').includes(`lockstep ${name}`))).toEqual([]);
  });

  test('the client waits for a check longer than a hub ever does', () => {
    expect(numberIn('js-glue/client/limits.ts', 'checkMsMax')).toBeGreaterThan(numberIn(bounds, 'check_wait_ms_max'));
  });

  test("the core counts a cookie's name with the longest path that a configuration may have", () => {
    expect(numberIn('wasm/codec/record_size.hpp', 'hub_path_max')).toBe(hubPathMax);
  });
});
