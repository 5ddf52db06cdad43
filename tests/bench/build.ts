// What the benchmark makes before it measures: the hub, by the real command line, and scripts, by esbuild. All of it stands
// under build/bench, to be looked at.

import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

export type Headers = Readonly<Record<string, string>>;

/** The bundle of this program stands as deep below the root as its sources. */
export const root = fileURLToPath(new URL('../../', import.meta.url));
export const outFolder = join(root, 'build/bench');

export async function buildHub(hub: string, origins: readonly string[]) {
  const folder = join(outFolder, 'hub');
  const config = join(outFolder, 'lockstep.config.json');
  const apps = Object.fromEntries(origins.map((origin) => [origin, ['read', 'login', 'logout', 'activity']]));
  const session = { idleTimeoutSeconds: 900, idleWarningSeconds: 60, maxLifetimeSeconds: 43_200 };
  await mkdir(outFolder, { recursive: true });
  await writeFile(config, JSON.stringify({ hub, apps, session }, null, 2));
  const command = join(root, 'dist/cli/main.js');
  await promisify(execFile)(process.execPath, [command, 'build', '--config', config, '--out', folder]);

  const html = await readFile(join(folder, 'index.html'), 'utf8');
  const headers: Readonly<Record<string, Headers>> = JSON.parse(await readFile(join(folder, 'headers.json'), 'utf8'));
  const [, builtConfig] = /<script type="application\/json" id="config">(.*?)<\/script>/s.exec(html) ?? [];
  if (!headers['/'] || builtConfig === undefined) throw new Error(`${folder} holds no hub that the benchmark knows.`);
  return { html, headers: headers['/'], config: builtConfig, wasm: await readFile(join(root, 'dist/hub/hub.wasm')) };
}

/** Minified. An `import … from 'lockstep'` is the built client. */
export async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry.startsWith('dist/') ? entry : join('tests/bench', entry)],
    alias: { lockstep: join(root, 'dist/client/index.js') },
    bundle: true,
    minify: true,
    write: false,
    format: entry.endsWith('_app.ts') || entry.startsWith('dist/') ? 'esm' : 'iife',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}
