// The processes of a cluster: a bus as Debian packages it, nodes, and an issuer. All listen on free ports of loopback,
// and all end with the test.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { issuerName, makeIssuer, type TestIssuer } from '../issuer.js';

export type BusKind = 'redis' | 'ioredis' | 'nats';
/** `memory`: a node that is alone; `plain`: a server of events that does nothing else, to compare with. */
export type NodeKind = BusKind | 'memory' | 'plain';
export type BusProcess = {
  readonly url: string;
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
};
/** Of a node's process, after a garbage collection. */
export type Resources = { readonly residentBytes: number; readonly processorMs: number };
export type NodeProcess = {
  readonly base: string;
  readonly port: number;
  readonly resources: () => Promise<Resources>;
  readonly kill: () => Promise<void>;
};

const children = new Set<ChildProcess>();
const folders = new Set<string>();
/** Tests and benchmarks run there; what they are bundled into is elsewhere. */
const root = process.cwd();
const program = join(root, 'build/tests/push-node.mjs');

export async function buildNode(): Promise<void> {
  await build({
    entryPoints: [join(root, 'tests/unit/server/cluster/node-process.ts')],
    outfile: program,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
}

/** Ends all that is still running, and removes what the buses have stored. */
export async function endAll(): Promise<void> {
  await Promise.all([...children].map(kill));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

export async function startBus(kind: BusKind): Promise<BusProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bus-'));
  folders.add(folder);
  const port = await freePort();
  const [command, args, scheme] =
    kind === 'nats'
      ? ['nats-server', ['-js', '-sd', folder, '-a', '127.0.0.1', '-p', `${port}`, '-l', join(folder, 'log')], 'nats']
      : ['redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder], 'redis'];
  let child: ChildProcess | undefined;
  const start = async () => {
    child = run(command, args);
    await listening(port, child);
  };
  await start();
  const stop = async () => {
    if (child !== undefined) await kill(child);
  };
  return { url: `${scheme}://127.0.0.1:${port}`, kill: stop, start };
}

/** `pemFile`: a key and its certificate, for a node that speaks HTTP/2 alone. */
export async function startNode(kind: NodeKind, busUrl: string, jwksUri: string, pemFile = ''): Promise<NodeProcess> {
  const child = run(process.execPath, ['--expose-gc', program, kind, busUrl, issuerName, jwksUri, pemFile], 'ipc');
  const [line] = await Promise.race([
    once(child.stdout as NodeJS.ReadableStream, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('The node ended before it listened.'))),
  ]);
  const port = Number(line);
  const resources = async () => {
    const answer = once(child, 'message');
    child.send('resources');
    return (await answer)[0] as Resources;
  };
  const scheme = pemFile === '' ? 'http' : 'https';
  return { base: `${scheme}://127.0.0.1:${port}`, port, resources, kill: () => kill(child) };
}

/** Its tokens, and the URL of its keys. */
export async function startIssuer(): Promise<{ issuer: TestIssuer; jwksUri: string; close: () => void }> {
  const issuer = await makeIssuer();
  const server = createServer(async (_, response) => {
    response.end(await (await issuer.fetch('/jwks')).text());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    issuer,
    jwksUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    close: () => server.close(),
  };
}

function run(command: string, args: readonly string[], channel: 'ipc' | 'ignore' = 'ignore'): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit', channel] });
  children.add(child);
  // A pipe that nobody reads would stop the process once it is full.
  child.stdout?.on('data', () => undefined);
  child.once('exit', () => children.delete(child));
  child.once('error', (cause) => {
    children.delete(child);
    console.error(`${command} cannot be started (npm run setup installs it): ${cause.message}`);
  });
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  while (children.has(child)) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error('A bus could not be started.');
}
