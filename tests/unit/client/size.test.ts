// The size is a promise: what an app's bundler makes of `import { connect } from 'lockstep'`.

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type OutputFile } from 'esbuild';
import { expect, test } from 'vitest';

const gzipBytesMax = 3_500;
const textOf = ({ outputFiles }: { readonly outputFiles: readonly OutputFile[] }) => outputFiles[0]?.text ?? '';

test(`the client is at most ${gzipBytesMax} bytes, bundled, minified and compressed, and has no dependency`, async () => {
  // Once as the package is made, and once more as an app is.
  const common = { bundle: true, format: 'esm', target: 'es2022', write: false } as const;
  const entryPoints = [fileURLToPath(new URL('../../../js-glue/client/index.ts', import.meta.url))];
  const library = await build({ ...common, entryPoints, minifySyntax: true, metafile: true });
  const app = await build({ ...common, stdin: { contents: textOf(library), loader: 'js' }, minify: true });
  const contents = textOf(app);
  const { length } = gzipSync(contents, { level: 9 });
  console.log(`client: ${length} bytes gzip, ${contents.length} minified`);
  expect(length).toBeGreaterThan(1_000);
  expect(length).toBeLessThanOrEqual(gzipBytesMax);
  expect(Object.keys(library.metafile.inputs).filter((path) => !path.startsWith('js-glue/client/'))).toEqual([]);
});
