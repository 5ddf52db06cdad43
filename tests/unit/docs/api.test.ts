// docs/public-types.md shows the public types of every subpath of the package, so that each change of them is seen in a
// review.
// `npx vitest run tests/unit/docs/api.test.ts -u` writes it anew, from dist/.

import { posix } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { textOf } from './blocks.js';

const about = `# The public API

The types of every subpath, as the package has them, so that whoever reviews a change of the API sees it here. A test
compares them, and \`npx vitest run tests/unit/docs/api.test.ts -u\` writes them anew.
`;

/** A file of types, and those of ours that it imports. */
function reachable(path: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const [, target = ''] of textOf(path).matchAll(/from '(\.[^']+)\.js'/g))
    reachable(posix.join(posix.dirname(path), `${target}.d.ts`), seen);
  return seen;
}

function withoutComments(path: string): string {
  const source = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.ES2022);
  return ts.createPrinter({ removeComments: true }).printFile(source);
}

type Exported = string | { readonly types: string };

function apiReport(exports: Readonly<Record<string, Exported>>): string {
  const sections = Object.entries(exports).flatMap(([name, exported]) => {
    if (typeof exported === 'string') return [];
    const files = [...reachable(posix.normalize(exported.types))];
    const blocks = files.map((path) => `\`${path}\`\n\n\`\`\`ts\n${withoutComments(path)}\`\`\`\n`);
    return [`## ${posix.join('lockstep', name)}\n\n${blocks.join('\n')}`];
  });
  return [about, ...sections].join('\n');
}

test('the public types are those that docs/public-types.md shows', async () => {
  const { exports } = JSON.parse(textOf('package.json'));
  const report = apiReport(exports);
  expect(report).toContain('export declare function connect(options: ConnectOptions): Session;');
  await expect(report).toMatchFileSnapshot('../../../docs/public-types.md');
});
