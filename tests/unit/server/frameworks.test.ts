// The lines of docs/push.md for frameworks, with the frameworks themselves: a token that is posted to each is accepted,
// and a stream that each serves gets the end.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { toNodeHandler } from '../../../js-glue/server/node.js';
import { createPushServer, type PushServer } from '../../../js-glue/server/push-server.js';
import { makeIssuer, type TestIssuer } from './issuer.js';
import { eventsQuery, readStream, soon } from './requests.js';

let issuer: TestIssuer;
let push: PushServer;
const endings: (() => unknown)[] = [];

beforeEach(async () => {
  issuer = await makeIssuer();
  push = createPushServer({ issuers: [{ issuer: issuer.name, clientIds: ['portal'] }], fetch: issuer.fetch });
});
afterEach(async () => {
  await push.close();
  for (const end of endings.splice(0)) await end();
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  endings.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function works(base: string): Promise<void> {
  const stream = readStream(await fetch(`${base}/push?${eventsQuery({ sessionId: 'sid-1' })}`));
  await stream.until(':\n\n');
  const body = new URLSearchParams({ logout_token: await issuer.logoutToken() });
  expect((await fetch(`${base}/backchannel-logout`, { method: 'POST', body })).status).toBe(200);
  await stream.until('event: ended');
  expect((await fetch(`${base}/backchannel-logout`, { method: 'POST', body })).status).toBe(400);
  await vi.waitFor(() => expect(push.health().streams).toBe(0), soon);
}

test.each([
  ['Express', express()],
  ['Express with a parser of forms', express().use(express.urlencoded({ extended: true }))],
])('%s', async (_, app) => {
  app.get('/push', toNodeHandler(push.events));
  app.post('/backchannel-logout', toNodeHandler(push.backchannelLogout));
  await works(await listen(createServer(app)));
});

test('Fastify', async () => {
  const app = fastify();
  app.addContentTypeParser('application/x-www-form-urlencoded', (_request, _body, done) => done(null));
  app.get('/push', (request, reply) => toNodeHandler(push.events)(request.raw, reply.hijack().raw));
  app.post('/backchannel-logout', (request, reply) =>
    toNodeHandler(push.backchannelLogout)(request.raw, reply.hijack().raw),
  );
  endings.push(() => app.close());
  await works(await app.listen({ host: '127.0.0.1', port: 0 }));
});

test('Hono', async () => {
  const app = new Hono();
  app.get('/push', (context) => push.events(context.req.raw));
  app.post('/backchannel-logout', (context) => push.backchannelLogout(context.req.raw));
  await works(await listen(createServer(toNodeHandler(async (request) => app.fetch(request)))));
});
