// Bundles the TypeScript parts into dist/: the hub's script, the client with its adapters and bindings, the
// command line.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { bundleCli } from '../js-glue/cli/bundle.mjs';

const root = new URL('..', import.meta.url).pathname;
const { version, license, exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const shared = { absWorkingDir: root, bundle: true, logLevel: 'warning', legalComments: 'none' };

const inHub = {
  ...shared,
  write: false,
  format: 'iife',
  // Older than what a hub needs, so that a browser that lacks something still runs far enough to say so.
  target: 'es2020',
  // Emscripten's script asks where it was loaded from, which a classic script cannot say; nothing is loaded from there.
  define: { 'import.meta.url': 'document.baseURI' },
  minify: true,
};
const hub = await build({ ...inHub, entryPoints: ['bridge-html/bridge.ts'] });
const fallback = await build({ ...inHub, entryPoints: ['build/wasm/fallback.js'], globalName: 'lockstepFallback' });
const ask = await build({ ...inHub, entryPoints: ['bridge-html/ask.ts'], globalName: 'lockstepAsk' });
const callback = await build({ ...inHub, entryPoints: ['bridge-html/callback.ts'] });
const reporter = { ...inHub, entryPoints: ['bridge-html/inspect/inspection.ts'], globalName: 'lockstepInspect' };
const inspect = await build({ ...reporter, define: { ...inHub.define, VERSION: JSON.stringify(version) } });
writeHub(hub.outputFiles[0].text, fallback.outputFiles[0].contents);
writeAsk(ask.outputFiles[0].text.trim(), callback.outputFiles[0].text.trim());
writeInspect(inspect.outputFiles[0].text);

// A part that had another name before must not be published beside itself.
rmSync(`${root}dist/client`, { recursive: true, force: true });
await build({
  ...shared,
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

// What stays beside the client imports it from the package, so that an app has one client. Each adapter is one file,
// since an app has one login library. `exports` of package.json is the list.
const parts = Object.values(exports).flatMap(
  ({ default: path = '' }) => path.match(/(?<=^\.\/dist\/)(?!client\/).+(?=\.js$)/) ?? [],
);
for (const part of [...parts, 'bindings/'])
  rmSync(`${root}dist/${part.split('/')[0]}`, { recursive: true, force: true });
for (const part of parts) {
  await build({
    ...shared,
    entryPoints: [`js-glue/${part}.ts`],
    outfile: `dist/${part}.js`,
    packages: 'external',
    format: 'esm',
    target: 'es2022',
    minifySyntax: true,
    // React's servers must not run what uses its hooks.
    ...(part === 'react/index' && { banner: { js: "'use client';" } }),
  });
}

// For pages without a bundler: one file that holds the later parts, too, so that one hash vouches for everything.
await build({
  ...shared,
  entryPoints: ['js-glue/client/index.ts'],
  outfile: 'dist/lockstep.iife.js',
  format: 'iife',
  globalName: 'lockstep',
  target: 'es2022',
  minify: true,
  banner: { js: `/*! Lockstep ${version}, ${license} */` },
});

await bundleCli(`${root}dist/cli`);

/**
 * The whole hub but for its configuration, which the command line puts in: page, script and module are one file. The
 * fallback is another, which the page names by its hash.
 */
function writeHub(script, fallback) {
  refuseMarkup(script);
  const parts = {
    script,
    fallback: hashOf(fallback),
    module: readFileSync(`${root}build/wasm/hub.wasm`).toString('hex'),
    version,
  };
  const template = readFileSync(`${root}bridge-html/hub.html`, 'utf8');
  const page = template.replace(/\{\{(script|module|fallback|version)\}\}/g, (_, name) => parts[name]);
  rmSync(`${root}dist/hub`, { recursive: true, force: true });
  mkdirSync(`${root}dist/hub`, { recursive: true });
  writeFileSync(`${root}dist/hub/hub.html`, page);
  writeFileSync(`${root}dist/hub/hub-fallback.js`, fallback);
}

/** As policies and integrity have it. */
function hashOf(script) {
  return `sha256-${createHash('sha256').update(script).digest('base64')}`;
}

function refuseMarkup(script) {
  if (/<\/script|<!--/i.test(script))
    throw new Error("A script of the hub's would end its element, or begin a comment.");
}

/** What only a hub with `inspect` has: a script in its page. */
function writeInspect(script) {
  refuseMarkup(script);
  writeFileSync(`${root}dist/hub/hub-inspect.js`, script);
}

/** What only a hub with `check.issuer` has: a script in its page, and the page to which the provider sends back. */
function writeAsk(script, callback) {
  for (const each of [script, callback]) refuseMarkup(each);
  const policy = `default-src 'none'; script-src '${hashOf(callback)}'; base-uri 'none'; form-action 'none'`;
  const parts = { script: callback, policy };
  const template = readFileSync(`${root}bridge-html/callback.html`, 'utf8');
  writeFileSync(`${root}dist/hub/hub-ask.js`, script);
  writeFileSync(
    `${root}dist/hub/callback.html`,
    template.replace(/\{\{(script|policy)\}\}/g, (_, name) => parts[name]),
  );
}
