// One node of a push server, as a process of its own: `node node-process.mjs KIND BUS-URL ISSUER JWKS-URI [PEM]`. With
// a file that holds a key and its certificate it speaks HTTP/2. It prints the port that it listens on, answers each
// message with what it uses, and is ended by a signal.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { Writable } from 'node:stream';
import { connect } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import {
  type Bus,
  createPushServer,
  memoryBus,
  type NodeRequest,
  type NodeResponse,
  natsBus,
  redisBus,
  toNodeHandler,
} from '../../../../js-glue/server/index.js';

type Routes = Readonly<Record<string, (request: NodeRequest, response: NodeResponse) => void>>;

const [kind = '', url = '', issuer = '', jwksUri = '', pemFile = ''] = process.argv.slice(2);
const retryMs = 100;

const buses: Readonly<Record<string, () => Promise<Bus>>> = {
  memory: async () => memoryBus(),
  redis: async () => {
    const client = createClient({ url, socket: { reconnectStrategy: retryMs } });
    client.on('error', () => undefined);
    await client.connect();
    return redisBus({ client });
  },
  ioredis: async () => {
    const client = new Redis(url, { retryStrategy: () => retryMs });
    client.on('error', () => undefined);
    return redisBus({ client });
  },
  nats: async () => {
    const connection = await connect({ servers: url, maxReconnectAttempts: -1, reconnectTimeWait: retryMs });
    return natsBus({ connection });
  },
};

async function pushRoutes(): Promise<Routes> {
  const bus = await buses[kind]?.();
  if (bus === undefined) throw new Error(`There is no bus of the kind ${kind}.`);
  const issuers = [{ issuer, jwksUri, clientIds: ['portal'], frontchannel: true }];
  const push = createPushServer({ issuers, bus, busTimeoutMs: 1_000, streamsPerAddressMax: 20_000 });
  await push.ready;
  return {
    '/push': toNodeHandler(push.events),
    '/backchannel': toNodeHandler(push.backchannelLogout),
    '/frontchannel': toNodeHandler(push.frontchannelLogout),
    '/health': (_, response) => void response.end(JSON.stringify(push.health())),
  };
}

/** As little as a server of events can be: the head, a comment at once and every 20 seconds. */
function plainRoutes(): Routes {
  const open = new Set<Writable>();
  setInterval(() => {
    for (const stream of open) stream.write(':\n\n');
  }, 20_000);
  return {
    '/push': (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      const stream: Writable = response;
      stream.write(':\n\n');
      open.add(stream);
      stream.on('close', () => open.delete(stream));
    },
  };
}

const routes = kind === 'plain' ? plainRoutes() : await pushRoutes();
const route = (request: NodeRequest, response: NodeResponse) =>
  routes[request.url?.split('?')[0] ?? '']?.(request, response);
const pem = pemFile === '' ? undefined : readFileSync(pemFile);
const server = pem === undefined ? createServer(route) : createSecureServer({ key: pem, cert: pem }, route);
server.listen(0, '127.0.0.1', 4_096, () => {
  const address = server.address();
  console.log(typeof address === 'object' ? address?.port : undefined);
});

process.on('message', () => {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  process.send?.({ residentBytes: process.memoryUsage().rss, processorMs: (user + system) / 1_000 });
});
// Whoever started it has ended.
process.on('disconnect', () => process.exit());
