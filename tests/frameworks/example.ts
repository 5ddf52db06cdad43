// An example app as a stranger has it: a copy in a temporary folder, with the packed package, installed from the
// registry, built by the framework's own tool, and served by it.

import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect as openSocket, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
export const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

export type Example = {
  /** Two origins of the same app. */
  readonly urls: readonly [string, string];
  readonly close: () => Promise<void>;
};

/** The packed package, in this folder. Returns its path. */
export function pack(folder: string): string {
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root, stdio: 'pipe' });
  return join(folder, readdirSync(folder)[0] ?? '');
}

/** A copy of the folder of examples, with the package in it. */
export async function install(path: string, tarball: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-example-'));
  await cp(join(root, 'examples', path), folder, { recursive: true });
  await run('npm', ['install', ...quiet], { cwd: folder });
  await run('npm', ['install', ...quiet, tarball], { cwd: folder });
  return folder;
}

/** `tarball`: of the package. */
export async function startExample(name: string, tarball: string): Promise<Example> {
  const folder = await install(`frameworks/${name}`, tarball);
  const running: ChildProcess[] = [];
  let second: Server | undefined;
  const close = async () => {
    second?.close();
    await Promise.all(running.map(end));
    await remove(folder);
  };
  try {
    const [port, otherPort, hubPort] = [await freePort(), await freePort(), await freePort()];
    const hub = `http://localhost:${hubPort}/`;
    const env = { ...process.env, PORT: `${port}`, ...namesOf(hub), CI: '1' };
    running.push(await start('npx', ['--no-install', 'lockstep', 'dev', '--port', `${hubPort}`], folder, env, hub));
    await run('npm', ['run', 'build'], { cwd: folder, env, maxBuffer: 2 ** 26 });
    const url = `http://localhost:${port}/`;
    running.push(await start('npm', ['start'], folder, env, url));
    second = createServer((socket) => {
      const app = openSocket({ host: 'localhost', port });
      socket.pipe(app).pipe(socket);
      for (const [one, other] of [
        [socket, app],
        [app, socket],
      ] as const)
        one.on('error', () => other.destroy());
    }).listen(otherPort, 'localhost');
    return { urls: [url, `http://localhost:${otherPort}/`], close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Each tool hands on what has its own beginning. */
const namesOf = (hub: string) =>
  Object.fromEntries(['', 'VITE_', 'NEXT_PUBLIC_', 'NUXT_PUBLIC_', 'PUBLIC_'].map((begin) => [`${begin}HUB`, hub]));

/** A server in a group of its own, once it answers at its URL. */
async function start(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  url: string,
): Promise<ChildProcess> {
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      said += text;
    });
  while (child.exitCode === null) {
    const answered = await fetch(url).then(
      () => true,
      () => new Promise<false>((resolve) => setTimeout(resolve, 100, false)),
    );
    if (answered) return child;
  }
  throw new Error(`${command} ${args.join(' ')} has ended:\n${said}`);
}

/** What was killed may still be writing. */
export const remove = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGKILL');
  await exited;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
