// The size is a promise: what an app's bundler makes of `import { connect } from 'lockstep'`.

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const gzipBytesMax = 3_500;

test(`the client is at most ${gzipBytesMax} bytes, bundled, minified and compressed, and has no dependency`, async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL('../../../js-glue/client/index.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    metafile: true,
  });
  const [{ contents } = { contents: new Uint8Array() }] = outputFiles;
  const { length } = gzipSync(contents, { level: 9 });
  console.log(`client: ${length} bytes gzip, ${contents.length} minified`);
  expect(length).toBeGreaterThan(1_000);
  expect(length).toBeLessThanOrEqual(gzipBytesMax);
  expect(Object.keys(metafile.inputs).filter((path) => !path.startsWith('js-glue/client/'))).toEqual([]);
});
