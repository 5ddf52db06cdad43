// The size is a promise: what an app's bundler makes of one adapter, without the login library, which is the app's.

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { bundled } from '../package/bundled.js';

// Half of it is what all adapters do (tokens.ts). The design asks for 800: see README, "Cost".
const gzipBytesMax = 2_120;
const names = Object.keys(manifest.exports).flatMap((path) => /^\.\/adapters\/(.+)/.exec(path)?.[1] ?? []);

test.each(names)(`the adapter for %s is at most ${gzipBytesMax} bytes, and imports nothing`, async (name) => {
  const { bytes, imported, files } = await bundled(`export * from './js-glue/adapters/${name}.ts'`);
  console.log(`${name}: ${bytes} bytes gzip`);
  expect(bytes).toBeGreaterThan(200);
  expect(bytes).toBeLessThanOrEqual(gzipBytesMax);
  expect(imported).toEqual([]);
  expect(files.filter((path) => !path.startsWith('js-glue/adapters/'))).toEqual([]);
});

test('a library of an adapter is an optional peer of a stated range, and its version here is exact', () => {
  const { peerDependencies, peerDependenciesMeta, devDependencies } = manifest;
  for (const [name, range] of Object.entries(peerDependencies)) {
    expect(range, name).toMatch(/^(\^|>=)?\d/);
    expect(peerDependenciesMeta).toHaveProperty([name, 'optional'], true);
    expect(devDependencies).toHaveProperty([name], expect.stringMatching(/^\d/));
  }
});

// npm counts a peer's own peers as well, optional or not, and refuses to install where one of them disagrees with what
// the app has. With better-auth, by its eighteen, an app with Vitest 1 could not install the package.
test('no peer has many peers of its own', async () => {
  for (const name of Object.keys(manifest.peerDependencies)) {
    const path = new URL(`../../../node_modules/${name}/package.json`, import.meta.url);
    const { peerDependencies = {} } = JSON.parse(await readFile(path, 'utf8'));
    expect(Object.keys(peerDependencies).length, name).toBeLessThanOrEqual(5);
  }
});
