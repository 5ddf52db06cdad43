// The size is a promise: what an app's bundler makes of a binding, without the framework and without the client.

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const external = ['react', 'vue', 'svelte', 'svelte/*', 'lockstep'];

test.each([
  ['react', 'LockstepProvider, useLockstep, useSession, useSessionEvent', 600],
  ['react', '*', 1_000],
  ['vue', 'createLockstep, useLockstep, useSession, useSessionEvent', 600],
  ['vue', '*', 1_000],
  ['svelte', 'useSession, toStore, useSessionEvent', 600],
  ['svelte', '*', 1_000],
])('%s: %s', async (framework, names, bytesMax) => {
  const path = `'./js-glue/${framework}/index.ts'`;
  const { outputFiles, metafile } = await build({
    stdin: { contents: names === '*' ? `export * from ${path}` : `export { ${names} } from ${path}`, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    external,
    format: 'esm',
    target: 'es2022',
    minify: true,
    write: false,
    metafile: true,
  });
  const bytes = gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
  console.log(`${framework} ${names}: ${bytes} bytes gzip`);
  expect(bytes).toBeGreaterThan(100);
  expect(bytes).toBeLessThanOrEqual(bytesMax);
  // Of ours it has nothing in it but itself.
  expect(Object.keys(metafile.inputs).filter((input) => input.startsWith('js-glue/'))).toEqual([
    `js-glue/${framework}/index.ts`,
  ]);
});
