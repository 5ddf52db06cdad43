// Bundles the three TypeScript parts into dist/: the hub's script, the client, the command line.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { minify } from 'terser';
import { bundleCli } from '../js-glue/cli/bundle.mjs';

const root = new URL('..', import.meta.url).pathname;
const common = { absWorkingDir: root, bundle: true, logLevel: 'warning', legalComments: 'none' };

const hub = await build({
  ...common,
  entryPoints: ['bridge-html/bridge.ts'],
  write: false,
  format: 'iife',
  target: 'es2022',
  // The runtime's own call is asynchronous, and a failure of it would go unheard.
  define: { 'WebAssembly.instantiate': 'instantiateAtOnce' },
  inject: ['bridge-html/instantiate.ts'],
});
// Emscripten's script is a seventh of the hub, and terser takes a tenth off what esbuild leaves of it. Its sentences
// about wrong bindings are for whoever writes bindings; where none is wrong, as tests/unit/hub shows, they are never
// said.
const script = hub.outputFiles[0].text.replace(
  /throw new (BindingError|InternalError)\(message\d*\)/g,
  'throw new $1()',
);
const { code } = await minify(script, {
  toplevel: true,
  ecma: 2020,
  compress: { passes: 5, keep_fargs: false, unsafe_arrows: true, unsafe_methods: true },
});
writeHubPage(code);

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

/** The whole hub but for its configuration, which the command line puts in: page, script and module are one file. */
function writeHubPage(script) {
  if (/<\/script|<!--/i.test(script)) throw new Error("The hub's script would end its element, or begin a comment.");
  const parts = {
    script,
    module: readFileSync(`${root}build/wasm/hub.wasm`).toString('hex'),
    version: JSON.parse(readFileSync(`${root}package.json`, 'utf8')).version,
  };
  const template = readFileSync(`${root}bridge-html/hub.html`, 'utf8');
  const page = template.replace(/\{\{(script|module|version)\}\}/g, (_, name) => parts[name]);
  rmSync(`${root}dist/hub`, { recursive: true, force: true });
  mkdirSync(`${root}dist/hub`, { recursive: true });
  writeFileSync(`${root}dist/hub/hub.html`, page);
}
