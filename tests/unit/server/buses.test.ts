// What a bus may do when it fails in part, and what the server makes of that: nothing is announced that is not kept,
// and a token that was not accepted may come again.

import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type Bus, memoryBus } from '../../../js-glue/server/bus.js';
import { createPushServer } from '../../../js-glue/server/push-server.js';
import { type NodeRedisClient, redisBus } from '../../../js-glue/server/redis-bus.js';
import { makeIssuer, type TestIssuer } from './issuer.js';
import { authorization, levelOf, logoutRequest, openStream, securityRequest, soon } from './requests.js';

const sessionRevoked = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

let issuer: TestIssuer;
beforeEach(async () => {
  issuer = await makeIssuer();
});

const create = (bus: Bus, more: object = {}) =>
  createPushServer({ issuers: [{ issuer: issuer.name, clientIds: ['portal'] }], fetch: issuer.fetch, bus, ...more });

/** As much of Redis as the bus uses. It refuses the commands for which `refuses` says so, as one that is full does. */
function fakeRedis() {
  const values = new Map<string, string>();
  const listeners = new Set<(text: string) => void>();
  const redis = { refuses: (_: readonly string[]): boolean => false };
  const commands: Readonly<Record<string, (args: readonly string[]) => unknown>> = {
    SET: ([key = '', value = '']) => values.set(key, value),
    MGET: (keys) => keys.map((key) => values.get(key) ?? null),
    PUBLISH: ([, text = '']) => {
      for (const listener of listeners) listener(text);
    },
  };
  const client: NodeRedisClient = {
    sendCommand: async ([name = '', ...args]) => {
      if (redis.refuses([name, ...args])) throw new Error("OOM command not allowed when used memory > 'maxmemory'.");
      return commands[name]?.(args);
    },
    duplicate: () => ({
      connect: async () => undefined,
      subscribe: async (_, listener) => listeners.add(listener),
      on: () => undefined,
      destroy: () => undefined,
    }),
  };
  return Object.assign(redis, { client });
}

describe('a store that refuses while messages pass', () => {
  let sets = 0;
  test.each<readonly [string, (command: readonly string[]) => boolean]>([
    ['all', ([name]) => name === 'SET'],
    ['the second: the id of the token', ([name]) => name === 'SET' && ++sets === 2],
  ])('%s: nothing is ended, and the token may come again', async (_, refuses) => {
    sets = 0;
    const redis = fakeRedis();
    const push = create(redisBus({ client: redis.client }));
    await push.ready;
    const stream = await openStream(push, { sessionId: 'sid-1' });
    await stream.until(':\n\n');
    const token = await issuer.logoutToken();
    redis.refuses = refuses;
    expect((await push.backchannelLogout(logoutRequest(token))).status).toBe(503);
    expect(push.health().streams).toBe(1);
    expect(stream.text()).not.toContain('ended');
    redis.refuses = () => false;
    expect((await push.backchannelLogout(logoutRequest(token))).status).toBe(200);
    await stream.until('event: ended');
    expect((await push.backchannelLogout(logoutRequest(token))).status).toBe(400);
    await push.close();
  });
});

test('an event that happened before an end that is kept takes nothing of it back', async () => {
  const redis = fakeRedis();
  const securityEvents = { audience: 'https://hub.acme.com/', authorization };
  const issuers = [{ issuer: issuer.name, clientIds: ['portal'], securityEvents }];
  const one = create(redisBus(redis), { issuers });
  await one.ready;
  expect((await one.backchannelLogout(logoutRequest(await issuer.logoutToken()))).status).toBe(200);
  const events = { [sessionRevoked]: { event_timestamp: 0 } };
  expect((await one.securityEvents(securityRequest(await issuer.securityEvent({ events })))).status).toBe(202);
  // A node that starts now knows no more than what is kept.
  const other = create(redisBus(redis), { issuers });
  expect(await levelOf(other, { sessionId: 'sid-1' })).toBe('ended');
  await Promise.all([one.close(), other.close()]);
});

test('a message that cannot be sent: the token may come again, to another node as well', async () => {
  for (const isSame of [true, false]) {
    const redis = fakeRedis();
    const [one, other] = [create(redisBus(redis)), create(redisBus(redis))];
    await Promise.all([one.ready, other.ready]);
    const token = await issuer.logoutToken();
    redis.refuses = ([name]) => name === 'PUBLISH';
    expect((await one.backchannelLogout(logoutRequest(token))).status).toBe(503);
    redis.refuses = () => false;
    const stream = await openStream(other, { sessionId: 'sid-2' });
    expect((await (isSame ? one : other).backchannelLogout(logoutRequest(token))).status).toBe(200);
    expect((await (isSame ? one : other).backchannelLogout(logoutRequest(token))).status).toBe(400);
    expect(await levelOf(one, { sessionId: 'sid-1' })).toBe('ended');
    await stream.cancel();
    await Promise.all([one.close(), other.close()]);
  }
});

test('a bus that takes an end after its time was up: the token may come again', async () => {
  let take = () => {};
  const isLate = new Promise<void>((done) => {
    take = done;
  });
  const bus = memoryBus();
  let calls = 0;
  const slow: Bus = {
    ...bus,
    publish: async (ends) => {
      calls += 1;
      if (calls === 1) await isLate;
      return bus.publish(ends);
    },
  };
  const push = create(slow, { busTimeoutMs: 20 });
  const token = await issuer.logoutToken();
  expect((await push.backchannelLogout(logoutRequest(token))).status).toBe(503);
  take();
  await vi.waitFor(() => expect(calls).toBe(2), soon);
  expect((await push.backchannelLogout(logoutRequest(token))).status).toBe(200);
  await push.close();
});

test('a bus that does not come leaves no connection that nobody waits for', async () => {
  const states: ('open' | 'closed')[] = [];
  const client: NodeRedisClient = {
    sendCommand: async () => [],
    duplicate: () => {
      const index = states.push('open') - 1;
      const never = new Promise(() => {});
      return {
        connect: () => never,
        subscribe: () => never,
        on: () => undefined,
        destroy: () => {
          states[index] = 'closed';
        },
      };
    },
  };
  const push = create(redisBus({ client }), { busTimeoutMs: 20 });
  await vi.waitFor(() => expect(states.slice(0, 2)).toEqual(['closed', 'closed']), soon);
  await push.close();
  expect(states).not.toContain('open');
});
