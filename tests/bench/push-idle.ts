// What an idle stream costs its server: memory of its process and of the kernel, and processor time, over HTTP/1.1 and
// over HTTP/2. Beside Lockstep a plain server of events in Node, and nginx with nchan, which is written in C.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as connectSecurely } from 'node:http2';
import { join } from 'node:path';
import { freePort, type NodeKind, type Resources, startNode } from '../unit/server/cluster/processes.js';
import { eventsQuery } from '../unit/server/requests.js';
import { outFolder } from './build.js';
import { browsersOf, openClient } from './push-clients.js';
import { progress } from './report.js';

/** Of one stream; by the name of its server. */
export type IdleStreams = Readonly<Record<string, IdleStream>>;
export type IdleStream = {
  /** For each count. */
  readonly residentBytes: readonly number[];
  /** For the last count. The kernel's memory for one of its two ends; both are on this machine. */
  readonly systemBytes: number;
  /** For the last count. */
  readonly processorMsAnHour: number;
};

type Close = () => void;
type Server = {
  readonly resources: () => Promise<Resources>;
  /** Resolves when the stream has begun. */
  readonly open: (name: string) => Promise<Close>;
  readonly kill: () => Promise<void>;
};

/** So many at a time as a listening socket takes without refusing one. */
const openedAtOnce = 200;
/** Each stream gets a comment in this time. */
const idleMs = 20_000;

export async function measureIdleStreams(counts: readonly number[], jwksUri: string): Promise<IdleStreams> {
  const pemFile = await makeCertificate();
  const servers: Readonly<Record<string, () => Promise<Server>>> = {
    'nginx with nchan': startNchan,
    'a plain server of events': () => startOlder('plain', jwksUri),
    Lockstep: () => startOlder('memory', jwksUri),
    'a plain server of events, HTTP/2': () => startSecure('plain', jwksUri, pemFile),
    'Lockstep, HTTP/2': () => startSecure('memory', jwksUri, pemFile),
  };
  const measured: Record<string, IdleStream> = {};
  for (const [name, start] of Object.entries(servers)) measured[name] = await measure(name, await start(), counts);
  return measured;
}

async function measure(name: string, server: Server, counts: readonly number[]): Promise<IdleStream> {
  const open = async (count: number, prefix: string) => {
    const closed: Close[] = [];
    const names = browsersOf(count, prefix).map(({ subject }) => subject);
    while (names.length > 0) closed.push(...(await Promise.all(names.splice(0, openedAtOnce).map(server.open))));
    return closed;
  };
  const streams: Close[] = [];
  const residentBytes: number[] = [];
  try {
    // The server's own work is not to be counted as that of the first streams.
    for (const close of await open(50, 'first')) close();
    const { residentBytes: before } = await server.resources();
    const systemBefore = await systemMemory();
    for (const count of counts) {
      progress(`push: ${count} idle streams, ${name}`);
      streams.push(...(await open(count - streams.length, `until-${count}`)));
      residentBytes.push(((await server.resources()).residentBytes - before) / count);
    }
    const systemBytes = ((await systemMemory()) - systemBefore) / streams.length / 2;
    const { processorMs: used } = await server.resources();
    await new Promise((resolve) => setTimeout(resolve, idleMs));
    const processorMs = (await server.resources()).processorMs - used;
    const processorMsAnHour = (processorMs / streams.length / idleMs) * 3_600_000;
    return { residentBytes, systemBytes, processorMsAnHour };
  } finally {
    for (const close of streams) close();
    await server.kill();
  }
}

/** What the kernel has allocated for objects, sockets among them, and for what waits in sockets. */
async function systemMemory(): Promise<number> {
  const [memory, sockets] = await Promise.all([
    readFile('/proc/meminfo', 'utf8'),
    readFile('/proc/net/sockstat', 'utf8'),
  ]);
  const objects = Number(/^Slab:\s+(\d+) kB$/m.exec(memory)?.[1]) * 1_024;
  const pages = Number(/^TCP:.* mem (\d+)$/m.exec(sockets)?.[1]);
  return objects + pages * 4_096;
}

async function startOlder(kind: NodeKind, jwksUri: string): Promise<Server> {
  const { port, resources, kill } = await startNode(kind, '', jwksUri);
  return { open: (name) => openOlder(port, name), resources, kill };
}

/** Over HTTP/1.1. */
async function openOlder(port: number, name: string, first?: string): Promise<Close> {
  const { socket } = await openClient(port, { sessionId: name, subject: name }, first);
  return () => void socket.destroy();
}

async function startSecure(kind: NodeKind, jwksUri: string, pemFile: string): Promise<Server> {
  const { base, resources, kill } = await startNode(kind, '', jwksUri, pemFile);
  const ca = await readFile(pemFile);
  const open = (name: string) =>
    new Promise<Close>((resolve, reject) => {
      // Each is a browser, so each has a connection of its own.
      const session = connectSecurely(base, { ca, servername: 'localhost' });
      session.on('error', reject);
      session.on('close', () => reject(new Error('The connection was closed before the stream began.')));
      const stream = session.request({ ':path': `/push?${eventsQuery({ sessionId: name, subject: name })}` });
      stream.on('error', reject);
      stream.on('data', () => resolve(() => void session.destroy()));
    });
  return { open, resources, kill };
}

async function makeCertificate(): Promise<string> {
  await mkdir(outFolder, { recursive: true });
  const file = join(outFolder, 'push.pem');
  await rm(file, { force: true });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', '-'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  await writeFile(file, execFileSync('openssl', ['req', '-x509', ...key, ...name, '-out', '-'], { stdio: 'pipe' }));
  return file;
}

/** As Debian packages it, with one worker, since a node has one thread. */
async function startNchan(): Promise<Server> {
  const port = await freePort();
  const folder = join(outFolder, 'nchan');
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, 'nginx.conf'),
    `load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
daemon off; pid ${folder}/pid; error_log ${folder}/error.log;
worker_processes 1; worker_rlimit_nofile 20000; user root;
events { worker_connections 12000; }
http {
  access_log off;
  nchan_shared_memory_size 256M;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location /push {
      nchan_subscriber eventsource;
      nchan_channel_id $arg_session;
      nchan_subscriber_first_message newest;
      nchan_eventsource_ping_interval 20;
    }
  }
}
`,
  );
  const nginx = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(nginx, 'exit');
  const worker = await workerOf(nginx.pid ?? 0);
  return {
    open: (name) => openOlder(port, name, '\n\n'),
    resources: () => resourcesOf(worker),
    async kill() {
      nginx.kill();
      await ended;
    },
  };
}

async function workerOf(master: number): Promise<number> {
  const until = performance.now() + 10_000;
  while (performance.now() < until) {
    const [child] = (await readFile(`/proc/${master}/task/${master}/children`, 'utf8'))
      .trim()
      .split(' ')
      .filter(Boolean);
    if (child !== undefined) return Number(child);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('nginx did not start.');
}

async function resourcesOf(pid: number): Promise<Resources> {
  const [status, stat] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
  ]);
  const residentBytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
  // After the name in brackets the fields begin with the third (proc(5)); a tick has 10 ms.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { residentBytes, processorMs: (Number(fields[11]) + Number(fields[12])) * 10 };
}
