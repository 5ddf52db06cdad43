// The size is a promise: what an app's bundler makes of one adapter, without the login library, which is the app's.

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };

// Half of it is what all adapters do (tokens.ts). The design asks for 800: see README, "Cost".
const gzipBytesMax = 1_850;
const root = fileURLToPath(new URL('../../../', import.meta.url));
const names = Object.keys(manifest.exports).flatMap((path) => /^\.\/adapters\/(.+)/.exec(path)?.[1] ?? []);

test.each(names)(`the adapter for %s is at most ${gzipBytesMax} bytes, and imports nothing`, async (name) => {
  const { outputFiles, metafile } = await build({
    entryPoints: [`${root}js-glue/adapters/${name}.ts`],
    absWorkingDir: root,
    bundle: true,
    packages: 'external',
    format: 'esm',
    target: 'es2022',
    minify: true,
    write: false,
    metafile: true,
  });
  const bytes = gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
  console.log(`${name}: ${bytes} bytes gzip`);
  expect(bytes).toBeGreaterThan(200);
  expect(bytes).toBeLessThanOrEqual(gzipBytesMax);
  expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([]);
  expect(Object.keys(metafile.inputs).filter((path) => !path.startsWith('js-glue/adapters/'))).toEqual([]);
});

test('a library of an adapter is an optional peer of a stated range, and its version here is exact', () => {
  const { peerDependencies, peerDependenciesMeta, devDependencies } = manifest;
  for (const [name, range] of Object.entries(peerDependencies)) {
    expect(range, name).toMatch(/^\^?\d/);
    expect(peerDependenciesMeta).toHaveProperty([name, 'optional'], true);
    expect(devDependencies).toHaveProperty([name], expect.stringMatching(/^\d/));
  }
});
