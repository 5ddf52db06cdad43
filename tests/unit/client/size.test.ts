// The size is a promise: what an app's bundler makes of `import { connect } from 'lockstep'`. That is the start: what
// the client loads later, and only where it is needed, is measured apart, and so is what an app has to import by name.

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';

const gzipBytesMax = 5_180;
const index = fileURLToPath(new URL('../../../js-glue/client/index.ts', import.meta.url));
const shared = { bundle: true, format: 'esm', target: 'es2022', write: false, metafile: true } as const;
const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** The package's files as they are published: name to text. */
const files = new Map<string, string>();
let sources: readonly string[] = [];
beforeAll(async () => {
  const library = await build({
    ...shared,
    entryPoints: [index],
    outdir: 'dist',
    splitting: true,
    chunkNames: '[name]',
    minifySyntax: true,
  });
  for (const { path, text } of library.outputFiles) files.set(nameOf(path), text);
  sources = Object.keys(library.metafile.inputs);
});

/**
 * What a bundler makes of this program: everything it imports in one text, as Rollup, Vite and webpack lay it out. What
 * is imported while it runs stays a file of its own, and what is `there` already is not repeated.
 */
async function bundled(program: string, there: readonly string[] = []) {
  const plugin: Plugin = {
    name: 'the package',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, ({ path, kind }) => {
        const name = path === 'lockstep' ? 'index.js' : nameOf(path);
        return kind === 'dynamic-import' || there.includes(name)
          ? { path: `./${name}`, external: true, sideEffects: false }
          : { path: name, namespace: 'package', sideEffects: false };
      });
      onLoad({ filter: /./, namespace: 'package' }, ({ path }) => ({ contents: files.get(path) ?? '' }));
    },
  };
  const stdin = { contents: program, loader: 'js' } as const;
  const { outputFiles, metafile } = await build({ ...shared, stdin, minify: true, plugins: [plugin] });
  const text = outputFiles[0]?.text ?? '';
  const joined = Object.keys(metafile.inputs).map((path) => path.replace('package:', ''));
  return { bytes: gzipSync(text, { level: 9 }).length, text, joined };
}

const connecting = "export { connect } from 'lockstep'";

test(`the client is at most ${gzipBytesMax} bytes, minified and compressed, and has no dependency`, async () => {
  const { bytes, text } = await bundled(connecting);
  console.log(`client: ${bytes} bytes gzip, ${text.length} minified`);
  expect(bytes).toBeGreaterThan(1_000);
  expect(bytes).toBeLessThanOrEqual(gzipBytesMax);
  expect(sources.filter((path) => !path.startsWith('js-glue/client/'))).toEqual([]);
});

test.each([
  ['diagnose', connecting],
  ['framing', "export * from './diagnose.js'"],
  ['later', connecting],
])('%s is loaded later, and only where it is needed', async (part, by) => {
  const { joined } = await bundled(connecting);
  const name = `${part}.js`;
  expect(joined).not.toContain(name);
  expect((await bundled(by)).text).toContain(`import("./${name}")`);
  const { bytes } = await bundled(`export * from './${name}'`, joined);
  console.log(`${part}: ${bytes} bytes gzip`);
  expect(bytes).toBeGreaterThan(100);
  expect(bytes).toBeLessThanOrEqual(2_560);
});

test.each(['withSession', 'followLogin', 'returnWhenSignedIn'])('%s costs those who import it', async (name) => {
  const alone = await bundled(connecting);
  const both = await bundled(`${connecting}; export { ${name} } from 'lockstep'`);
  console.log(`${name}: ${both.bytes - alone.bytes} bytes gzip more`);
  expect(both.bytes - alone.bytes).toBeGreaterThan(100);
  expect(both.bytes - alone.bytes).toBeLessThanOrEqual(1_100);
});
