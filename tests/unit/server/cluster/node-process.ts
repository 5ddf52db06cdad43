// One node of a push server, as a process of its own: `node node-process.mjs KIND BUS-URL ISSUER JWKS-URI`. It prints
// the port that it listens on, and is ended by a signal.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import {
  type Bus,
  createPushServer,
  memoryBus,
  natsBus,
  redisBus,
  toNodeHandler,
} from '../../../../js-glue/server/index.js';

type Route = (request: IncomingMessage, response: ServerResponse) => void;
type Routes = Readonly<Record<string, Route>>;

const [kind = '', url = '', issuer = '', jwksUri = ''] = process.argv.slice(2);
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
  const open = new Set<ServerResponse>();
  setInterval(() => {
    for (const response of open) response.write(':\n\n');
  }, 20_000);
  return {
    '/push': (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' }).write(':\n\n');
      open.add(response);
      response.on('close', () => open.delete(response));
    },
  };
}

const routes: Routes = {
  ...(kind === 'plain' ? plainRoutes() : await pushRoutes()),
  '/resources': (_, response) => {
    globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    response.end(JSON.stringify({ residentBytes: process.memoryUsage().rss, processorMs: (user + system) / 1_000 }));
  },
};
const server = createServer((request, response) => routes[request.url?.split('?')[0] ?? '']?.(request, response));
server.listen(0, '127.0.0.1', 4_096, () => {
  const address = server.address();
  console.log(typeof address === 'object' ? address?.port : undefined);
});
