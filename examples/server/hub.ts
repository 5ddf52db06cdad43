// The hub of the demo, made exactly as a user of Lockstep makes it: `lockstep build` reads the example's configuration
// with the demo's port in it, and the folder it writes is served with the headers it writes.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { portDefault } from '../places.js';
import type { Handler } from './listen.js';
import { type Headers, notFound, staticFiles } from './static.js';

/** As in lockstep.config.json. */
export type SessionTimes = {
  readonly idleTimeoutSeconds?: number;
  readonly idleWarningSeconds?: number;
  readonly checkBeforeExpirySeconds?: number;
};

/** `times` take the place of those in the example's configuration. */
export async function buildHub(root: string, out: string, port: number, times: SessionTimes): Promise<string> {
  const command = join(root, 'dist/cli/main.js');
  if (!existsSync(command)) throw new Error('Lockstep is not built yet. Run `npm start`, or `npm run build` first.');
  const config = await readFile(join(root, 'examples/lockstep.config.json'), 'utf8');
  await mkdir(out, { recursive: true });
  const configPath = join(out, 'lockstep.config.json');
  const withPort = JSON.parse(config.replaceAll(`:${portDefault}`, `:${port}`));
  await writeFile(configPath, JSON.stringify({ ...withPort, session: { ...withPort.session, ...times } }, null, 2));
  const folder = join(out, 'hub');
  await promisify(execFile)(process.execPath, [command, 'build', '--config', configPath, '--out', folder]);
  return folder;
}

// `headers.json`: a path of the hub and the headers to serve it with; what is not named there is no part of the hub.
async function readHeaders(folder: string): Promise<ReadonlyMap<string, Headers>> {
  const named: Record<string, Headers> = JSON.parse(await readFile(join(folder, 'headers.json'), 'utf8'));
  return new Map(Object.entries(named).filter(([path]) => path.startsWith('/')));
}

/** `events`: the hub's `push.url`. */
export async function serveHub(folder: string, events: Handler): Promise<Handler> {
  const headers = await readHeaders(folder);
  const files = staticFiles(folder, { headersOf: (path) => headers.get(path) ?? {} });
  return (request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    if (path === '/events') events(request, response);
    else if (headers.has(path)) files(request, response, () => notFound(request, response));
    else notFound(request, response);
  };
}
