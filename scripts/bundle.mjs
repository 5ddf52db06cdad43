// Bundles the three TypeScript parts into dist/: the hub's script, the client, the command line.
import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { bundleCli } from '../js-glue/cli/bundle.mjs';

const root = new URL('..', import.meta.url).pathname;
const common = { absWorkingDir: root, bundle: true, logLevel: 'warning', legalComments: 'none' };

await build({
  ...common,
  entryPoints: ['bridge-html/bridge.ts'],
  outfile: 'dist/hub/hub.js',
  format: 'iife',
  target: 'es2022',
  minify: true,
});
copyFileSync(`${root}build/wasm/hub.wasm`, `${root}dist/hub/hub.wasm`);
copyFileSync(`${root}bridge-html/hub.html`, `${root}dist/hub/hub.html`);

// A part that had another name before must not be published beside itself.
if (existsSync(`${root}dist/client`))
  for (const name of readdirSync(`${root}dist/client`)) if (name.endsWith('.js')) rmSync(`${root}dist/client/${name}`);
await build({
  ...common,
  entryPoints: ['js-glue/client/index.ts'],
  outdir: 'dist/client',
  format: 'esm',
  // What only some apps need is a file of its own, fetched when it is needed.
  splitting: true,
  // The app's bundler gives names of its own; with these, no file of an earlier build is left beside the new ones.
  chunkNames: '[name]',
  target: 'es2022',
  // Names and lines stay; but numbers go where they are used, which an app's bundler cannot do any more.
  minifySyntax: true,
});

await bundleCli(`${root}dist/cli`);
