// One word for one thing: words.ts says which.

import { describe, expect, test } from 'vitest';
import { bannedWords, excuses, namesThatSayNothing, unexcused } from './offences.js';
import { wordsOf } from './source.js';
import { files, isCode, textOf } from './tree.js';
import { exceptions, words } from './words.js';

/** Every room. */
const foldersOf = (parent: string): readonly string[] => [
  ...new Set(files.flatMap((path) => new RegExp(`^${parent}/[^/]+(?=/)`).exec(path) ?? [])),
];
const folders = [
  ...foldersOf('wasm'),
  'bridge-html',
  ...foldersOf('js-glue'),
  ...['examples', 'scripts', 'docs/.vitepress'],
  ...['tests/e2e', 'tests/engines', 'tests/frameworks', 'tests/bench', 'tests/chaos', 'tests/upgrade'],
];

describe('the rule itself', () => {
  const findings = (path: string, source: string) => unexcused(path, bannedWords(path, source));
  const found = (path: string, source: string) => findings(path, source).map((finding) => /“(.*)”/.exec(finding)?.[1]);

  test.each([
    ['bridge-html/a.ts', 'const keptEnd = 1;', 'kept end'],
    ['bridge-html/a.ts', '// It reads the kept\n  // end first.', 'kept end'],
    ['js-glue/client/a.ts', '/** The app is told. */', 'told'],
    ['js-glue/client/a.ts', "throw new Error('Nobody heard it.');", 'heard'],
    ['wasm/core/a.hpp', 'struct Turn {};', 'turn'],
    ['wasm/core/a.hpp', 'void on_news(int count);', 'news'],
    ['wasm/browser/CMakeLists.txt', 'set(x y)  # a crossing', 'crossing'],
    ['scripts/a.sh', '# Tells what is missing.', 'tells'],
  ])('%s: %s', (path, source, word) => {
    expect(found(path, source)).toEqual([word]);
  });

  test.each([
    ['wasm/core/a.cpp', 'return turned; // It turns left, and in turn the host is outside.'],
    ['wasm/core/a.cpp', "constexpr int claim_settle_ms = 1'000; // then"],
    ['bridge-html/a.ts', "const { storageArea } = event; // 'https://hub' is looked up"],
    ['js-glue/client/a.ts', 'const errorNotice = 1; // The error notice has a logical timestamp.'],
    ['js-glue/cli/a.ts', "const host = new URL(url).host; // 'left: 0'"],
  ])('not %s: %s', (path, source) => {
    expect(found(path, source)).toEqual([]);
  });

  test('a finding has its line', () => {
    expect(findings('wasm/core/a.cpp', 'int a;\n\n// One line.\n// It is told.\n')).toEqual([
      'wasm/core/a.cpp:4: “told”; say: session event; notify, say, know',
    ]);
  });

  test('every exception is needed', () => {
    const unused = exceptions.filter((exception) =>
      files
        .filter((path) => exception.path.test(path) && isCode(path))
        .every((path) => {
          const source = textOf(path);
          const offences = [...bannedWords(path, source), ...namesThatSayNothing(path, source)];
          return !offences.some((offence) => excuses(exception, path, offence));
        }),
    );
    expect(unused).toEqual([]);
  });
});

describe.each(folders)('%s', (folder) => {
  const sources = files.filter((path) => path.startsWith(`${folder}/`) && isCode(path));

  test('there are sources to read', () => {
    expect(sources.length).toBeGreaterThan(0);
  });

  test("says things with the field's words", () => {
    expect(sources.flatMap((path) => unexcused(path, bannedWords(path, textOf(path))))).toEqual([]);
  });

  test('names its files with them', () => {
    expect(
      sources.filter((path) =>
        words.some(({ banned: word, paths }) => (paths?.test(path) ?? true) && word.test(wordsOf(path))),
      ),
    ).toEqual([]);
  });

  test('gives no empty names', () => {
    expect(sources.flatMap((path) => unexcused(path, namesThatSayNothing(path, textOf(path))))).toEqual([]);
  });
});
