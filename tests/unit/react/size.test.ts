// The size is a promise: what an app's bundler makes of the binding, without React and without the client.

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

test.each([
  ['provider and hooks', 'LockstepProvider, useLockstep, useSession, useSessionEvent', 600],
  ['all, with components and the idle countdown', '*', 1_000],
])('%s', async (_, names, bytesMax) => {
  const contents =
    names === '*' ? `export * from './js-glue/react/index.ts'` : `export { ${names} } from './js-glue/react/index.ts'`;
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    external: ['react', 'lockstep'],
    format: 'esm',
    target: 'es2022',
    minify: true,
    write: false,
    metafile: true,
  });
  const bytes = gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
  console.log(`${names}: ${bytes} bytes gzip`);
  expect(bytes).toBeGreaterThan(150);
  expect(bytes).toBeLessThanOrEqual(bytesMax);
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect(['lockstep', 'react']).toEqual(expect.arrayContaining(imported));
});
