// Bundles a TypeScript program of this repository and runs it: the demo, or the one named first, as in
// `node examples/run.mjs scripts/screenshots/picture.ts`. Node 20 runs no TypeScript by itself; packages stay outside
// the bundle.
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../', import.meta.url);
const named = process.argv[2]?.endsWith('.ts') ? process.argv.splice(2, 1)[0] : undefined;
const entry = fileURLToPath(new URL(named ?? 'examples/main.ts', root));
const outfile = fileURLToPath(new URL(`build/demo/${basename(entry, '.ts')}.js`, root));

await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: true,
  logLevel: 'warning',
});

await import(outfile);
