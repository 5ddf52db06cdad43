// What the benchmark makes before it measures: the hub, by the real command line, and scripts, by esbuild. All of it stands
// under build/bench, to be looked at.

import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

export type Headers = Readonly<Record<string, string>>;
export type Served = { readonly body: Buffer; readonly headers: Headers };
/** A hub as the command line writes it. */
export type BuiltHub = {
  readonly page: Served;
  readonly script: Served & { readonly name: string };
  readonly module: Served & { readonly name: string };
  /** As it stands in the page. */
  readonly config: string;
};

/** The bundle of this program stands as deep below the root as its sources. */
export const root = fileURLToPath(new URL('../../', import.meta.url));
export const outFolder = join(root, 'build/bench');

export async function buildHub(hub: string, origins: readonly string[]): Promise<BuiltHub> {
  const folder = join(outFolder, 'hub');
  const config = join(outFolder, 'lockstep.config.json');
  const apps = Object.fromEntries(origins.map((origin) => [origin, ['read', 'login', 'logout', 'activity']]));
  const session = { idleTimeoutSeconds: 900, idleWarningSeconds: 60, maxLifetimeSeconds: 43_200 };
  await mkdir(outFolder, { recursive: true });
  await writeFile(config, JSON.stringify({ hub, apps, session }, null, 2));
  const command = join(root, 'dist/cli/main.js');
  await promisify(execFile)(process.execPath, [command, 'build', '--config', config, '--out', folder]);

  const headers: Readonly<Record<string, Headers>> = JSON.parse(await readFile(join(folder, 'headers.json'), 'utf8'));
  const read = async (path: string) => {
    const [name = ''] = path.match(/[^/]*$/) ?? [];
    return { name, headers: headers[path] ?? {}, body: await readFile(join(folder, name || 'index.html')) };
  };
  const file = (ending: string) => read(Object.keys(headers).find((path) => path.endsWith(ending)) ?? '');
  const [page, script, module] = await Promise.all([read('/'), file('.js'), file('.wasm')]);
  const [, built] = /<script type="application\/json" id="config">(.*?)<\/script>/s.exec(page.body.toString()) ?? [];
  if (built === undefined || !script.name || !module.name)
    throw new Error(`${folder} holds no hub that is known here.`);
  return { page, script, module, config: built };
}

/** Minified, as one file. An `import … from 'lockstep'` is the built client. */
export async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    ...asAnAppDoes,
    entryPoints: [join('tests/bench', entry)],
    alias: { lockstep: join(root, 'dist/client/index.js') },
    format: entry.endsWith('_app.ts') ? 'esm' : 'iife',
  });
  return outputFiles[0]?.text ?? '';
}

/** What an app's bundler makes of the built client: what it loads at start, and what it loads when a hub does not answer. */
export async function bundleClient(): Promise<{ readonly start: Buffer; readonly late: Buffer }> {
  const { outputFiles } = await build({
    ...asAnAppDoes,
    entryPoints: ['dist/client/index.js'],
    splitting: true,
    format: 'esm',
    outdir: 'app',
  });
  const start = outputFiles.find(({ path }) => path.endsWith('index.js'));
  const [late, ...more] = outputFiles.filter((file) => file !== start);
  if (!start || !late || more.length > 0) throw new Error('The client is not the two files that the benchmark knows.');
  return { start: Buffer.from(start.contents), late: Buffer.from(late.contents) };
}

const asAnAppDoes = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  write: false,
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
} as const;
