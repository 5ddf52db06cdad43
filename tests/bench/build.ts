// What the benchmark makes before it measures: the hub, by the real command line, and scripts, by esbuild. All of it
// is written to build/bench, where it can be read.

import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { readHub } from '../../js-glue/cli/html.js';

export type Headers = Readonly<Record<string, string>>;
export type Served = { readonly body: Buffer; readonly headers: Headers };
/** A hub as the command line writes it. */
export type BuiltHub = {
  readonly page: Served;
  /** These two as they stand in the page. */
  readonly script: string;
  readonly config: string;
};

/** The bundle of this program is as deep below the root as its sources. */
export const root = fileURLToPath(new URL('../../', import.meta.url));
export const outFolder = join(root, 'build/bench');

export const usualSession = { idleTimeoutSeconds: 900, idleWarningSeconds: 60, maxLifetimeSeconds: 43_200 };

/** Each hub has a folder of its host's name. */
/** `more`: other members of the configuration. */
export async function buildHub(
  hub: string,
  origins: readonly string[],
  session: object,
  more: object = {},
): Promise<BuiltHub> {
  const folder = join(outFolder, new URL(hub).hostname);
  const config = `${folder}.config.json`;
  const apps = Object.fromEntries(origins.map((origin) => [origin, ['read', 'login', 'logout', 'activity']]));
  await mkdir(outFolder, { recursive: true });
  await writeFile(config, JSON.stringify({ hub, apps, session, ...more }, null, 2));
  const command = join(root, 'dist/cli/main.js');
  await promisify(execFile)(process.execPath, [command, 'build', '--config', config, '--out', folder]);

  const headers: Readonly<Record<string, Headers>> = JSON.parse(await readFile(join(folder, 'headers.json'), 'utf8'));
  const page = { headers: headers['/'] ?? {}, body: await readFile(join(folder, 'index.html')) };
  const read = readHub(page.body.toString());
  if (!read) throw new Error(`${folder} holds no hub.`);
  return { page, script: read.script, config: read.config };
}

/** Minified, as one file. An `import … from 'lockstep'` is the built client. */
export async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    ...asAnAppDoes,
    entryPoints: [join('tests/bench', entry)],
    alias: {
      lockstep: join(root, 'dist/client/index.js'),
      'lockstep/inspector': join(root, 'dist/inspector/index.js'),
    },
    format: entry.endsWith('-app.ts') ? 'esm' : 'iife',
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * What an app's bundler makes of the built client: what it loads at start, and what it loads when a hub does not
 * answer.
 */
export async function bundleClient(): Promise<{ readonly start: Buffer; readonly late: ReadonlyMap<string, Buffer> }> {
  const { outputFiles } = await build({
    ...asAnAppDoes,
    stdin: { contents: "export { connect } from './dist/client/index.js'", resolveDir: root, sourcefile: 'app.js' },
    splitting: true,
    chunkNames: '[name]',
    format: 'esm',
    outdir: 'app',
  });
  const named = new Map(outputFiles.map(({ path, contents }) => [basename(path, '.js'), Buffer.from(contents)]));
  const start = named.get('stdin');
  named.delete('stdin');
  if (!start || [...named.keys()].sort().join() !== 'diagnose,framing,later')
    throw new Error(`The client loads parts later that are not known here: ${[...named.keys()].join(', ')}.`);
  return { start, late: named };
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
