// One node of a push server, as a process of its own: `node node-process.mjs KIND BUS-URL ISSUER JWKS-URI`. It prints
// the port that it listens on, and is ended by a signal.

import { createServer } from 'node:http';
import { connect } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import {
  type Bus,
  createPushServer,
  type NodeHandler,
  natsBus,
  redisBus,
  toNodeHandler,
} from '../../../../js-glue/server/index.js';

const [kind = '', url = '', issuer = '', jwksUri = ''] = process.argv.slice(2);
const retryMs = 100;

const buses: Readonly<Record<string, () => Promise<Bus>>> = {
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

const bus = await buses[kind]?.();
if (bus === undefined) throw new Error(`There is no bus of the kind ${kind}.`);
const push = createPushServer({
  issuers: [{ issuer, jwksUri, clientIds: ['portal'] }],
  bus,
  busTimeoutMs: 1_000,
  streamsPerAddressMax: 20_000,
});
await push.ready;
const routes: Readonly<Record<string, NodeHandler>> = {
  '/push': toNodeHandler(push.events),
  '/backchannel': toNodeHandler(push.backchannelLogout),
  '/frontchannel': toNodeHandler(push.frontchannelLogout),
};
const server = createServer((request, response) => {
  const path = request.url?.split('?')[0] ?? '';
  if (path === '/health') response.end(JSON.stringify(push.health()));
  else routes[path]?.(request, response);
});
server.listen(0, '127.0.0.1', 4_096, () => {
  const address = server.address();
  console.log(typeof address === 'object' ? address?.port : undefined);
});
