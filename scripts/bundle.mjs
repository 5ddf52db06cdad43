// Bundles the three TypeScript parts into dist/: the hub's script, the client, the command line.
import { copyFileSync, mkdirSync } from 'node:fs';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;
const common = { absWorkingDir: root, bundle: true, logLevel: 'warning', legalComments: 'none' };

await build({
  ...common,
  entryPoints: ['bridge-html/bridge.ts'],
  outfile: 'dist/hub/hub.js',
  format: 'iife',
  target: 'es2022',
  minify: true,
  // Emscripten reads import.meta.url to find files beside the script; everything is inside the page, so there are none.
  define: { 'import.meta.url': '""' },
});
mkdirSync(`${root}dist/hub`, { recursive: true });
copyFileSync(`${root}build/wasm/hub.wasm`, `${root}dist/hub/hub.wasm`);
copyFileSync(`${root}bridge-html/hub.html`, `${root}dist/hub/hub.html`);

await build({
  ...common,
  entryPoints: ['js-glue/client/index.ts'],
  outfile: 'dist/client/index.js',
  format: 'esm',
  target: 'es2022',
});

await build({
  ...common,
  entryPoints: ['js-glue/cli/main.ts'],
  outfile: 'dist/cli/main.js',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Some of the bundled libraries are CommonJS and ask for Node's own modules.
  banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  legalComments: 'eof',
});
copyFileSync(`${root}js-glue/cli/lockstep.schema.json`, `${root}dist/cli/lockstep.schema.json`);
