// A real Redis that refuses to store and passes messages all the same: one that is full, and one that is a replica.

import { createClient } from 'redis';
import { afterAll, expect, test } from 'vitest';
import { createPushServer } from '../../../../js-glue/server/push-server.js';
import { redisBus } from '../../../../js-glue/server/redis-bus.js';
import { makeIssuer } from '../issuer.js';
import { logoutRequest, openStream } from '../requests.js';
import { endAll, startBus } from './processes.js';

afterAll(endAll);

test.each<readonly [string, string[], string[]]>([
  ['is full', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
  ['is read-only', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
])('a Redis that %s ends nothing, and the token may come again', async (_, refuse, allow) => {
  const redis = await startBus('redis');
  const client = createClient({ url: redis.url });
  client.on('error', () => undefined);
  await client.connect();
  const issuer = await makeIssuer();
  const issuers = [{ issuer: issuer.name, clientIds: ['portal'] }];
  const push = createPushServer({ issuers, fetch: issuer.fetch, bus: redisBus({ client }) });
  await push.ready;
  const stream = await openStream(push, { sessionId: 'sid-1' });
  await stream.until(':\n\n');
  const token = await issuer.logoutToken();
  const post = async () => (await push.backchannelLogout(logoutRequest(token))).status;

  await client.sendCommand(refuse);
  expect([await post(), push.health().streams]).toEqual([503, 1]);
  await client.sendCommand(allow);
  expect(await post()).toBe(200);
  await stream.until('event: ended');
  expect(await post()).toBe(400);
  await push.close();
  client.destroy();
  await redis.kill();
});
