// The size is a promise: what an app's bundler makes of `import { connect } from 'lockstep'`.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, type OutputFile } from 'esbuild';
import { afterAll, expect, test } from 'vitest';

const gzipBytesMax = 3_500;
const folder = mkdtempSync(join(tmpdir(), 'lockstep-size-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const common = { bundle: true, format: 'esm', target: 'es2022', splitting: true } as const satisfies BuildOptions;
const sizeOf = ({ contents }: OutputFile) => gzipSync(contents, { level: 9 }).length;

test(`the client is at most ${gzipBytesMax} bytes, bundled, minified and compressed, and has no dependency`, async () => {
  // Once as the package is made, and once more as an app is.
  const source = fileURLToPath(new URL('../../../js-glue/client/index.ts', import.meta.url));
  const { metafile } = await build({
    ...common,
    entryPoints: [source],
    minifySyntax: true,
    chunkNames: '[name]',
    metafile: true,
    outdir: folder,
  });
  const app = await build({
    ...common,
    entryPoints: [join(folder, 'index.js')],
    minify: true,
    outdir: 'app',
    write: false,
    metafile: true,
  });

  const [start, late, ...more] = app.outputFiles.sort(({ path }) => (basename(path) === 'index.js' ? -1 : 1));
  if (!start || !late) throw new Error('The client is not in two files.');
  console.log(`client: ${sizeOf(start)} bytes gzip, ${start.contents.length} minified; the diagnosis: ${sizeOf(late)}`);
  expect(sizeOf(start)).toBeGreaterThan(1_000);
  expect(sizeOf(start)).toBeLessThanOrEqual(gzipBytesMax);
  // What comes late is asked for late, and is all there is beside: nothing that counts hides in a third file.
  expect(more).toEqual([]);
  const [entry] = Object.values(app.metafile.outputs).filter(({ entryPoint }) => entryPoint?.endsWith('index.js'));
  expect(entry?.imports.map(({ kind }) => kind)).toEqual(['dynamic-import']);
  expect(late.text).toContain('hub-unreachable');
  expect(start.text).not.toContain('hub-unreachable');
  expect(Object.keys(metafile.inputs).filter((path) => !path.startsWith('js-glue/client/'))).toEqual([]);
});
