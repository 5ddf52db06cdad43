// Two nodes as two processes over a bus as it is in production: what reaches one reaches the browsers of the other, and
// what fails signs nobody out and loses nothing.

import { Agent, get } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { TestIssuer } from '../issuer.js';
import { type Browser, eventsQuery, type OpenStream, readStream, soon } from '../requests.js';
import {
  type BusKind,
  type BusProcess,
  buildNode,
  endAll,
  type NodeProcess,
  startBus,
  startIssuer,
  startNode,
} from './processes.js';

let issuer: TestIssuer;
let jwksUri: string;
let closeIssuer: () => void;
/** Browsers that come back at once. The number is a test of the node, and less of the bus. */
const crowd: Readonly<Record<BusKind, number>> = { redis: 2_000, ioredis: 100, nats: 300 };

beforeAll(async () => {
  await buildNode();
  ({ issuer, jwksUri, close: closeIssuer } = await startIssuer());
});
afterAll(async () => {
  closeIssuer();
  await endAll();
});

async function post({ base }: NodeProcess, changes: object): Promise<number> {
  const body = new URLSearchParams({ logout_token: await issuer.logoutToken({ sub: undefined, ...changes }) });
  return (await fetch(`${base}/backchannel`, { method: 'POST', body })).status;
}

const open = async ({ base }: NodeProcess, browser: Browser): Promise<OpenStream> =>
  readStream(await fetch(`${base}/push?${eventsQuery(browser)}`));

async function openIdle(node: NodeProcess, browser: Browser): Promise<OpenStream> {
  const stream = await open(node, browser);
  await stream.until(':\n\n');
  return stream;
}

async function levelAt(node: NodeProcess, browser: Browser): Promise<'active' | 'ended'> {
  const stream = await open(node, browser);
  await stream.until('\n\n');
  const isEnded = stream.text().includes('event: ended');
  await stream.cancel();
  return isEnded ? 'ended' : 'active';
}

const busAt = async ({ base }: NodeProcess): Promise<string> => (await (await fetch(`${base}/health`)).json()).bus;

describe.each<BusKind>(['redis', 'ioredis', 'nats'])('two nodes over %s', (kind) => {
  let bus: BusProcess;
  let one: NodeProcess;
  let other: NodeProcess;

  beforeAll(async () => {
    bus = await startBus(kind);
    [one, other] = await Promise.all([startNode(kind, bus.url, jwksUri), startNode(kind, bus.url, jwksUri)]);
  });
  afterAll(async () => {
    await Promise.all([one.kill(), other.kill()]);
    await bus.kill();
  });

  test('a token that is posted to one reaches the stream of the other, and whoever connects to it later', async () => {
    const stream = await openIdle(other, { sessionId: 'sid-1' });
    const spared = await openIdle(other, { sessionId: 'sid-2' });
    expect(await post(one, { sid: 'sid-1' })).toBe(200);
    await stream.until('event: ended');
    expect(await levelAt(other, { sessionId: 'sid-1' })).toBe('ended');
    expect(spared.text()).not.toContain('ended');
    await spared.cancel();
  });

  test('a token that one has accepted is refused by the other', async () => {
    const logout_token = await issuer.logoutToken({ sid: 'used' });
    const send = async ({ base }: NodeProcess) =>
      (await fetch(`${base}/backchannel`, { method: 'POST', body: new URLSearchParams({ logout_token }) })).status;
    expect(await send(one)).toBe(200);
    expect(await send(other)).toBe(400);
  });

  test('a front-channel logout at one ends a session that is connected to the other', async () => {
    const stream = await openIdle(other, { sessionId: 'front' });
    const query = new URLSearchParams({ iss: issuer.name, sid: 'front' });
    expect((await fetch(`${one.base}/frontchannel?${query}`)).status).toBe(200);
    await stream.until('event: ended');
  });

  test('a bus that is killed signs nobody out, accepts no end meanwhile, and afterwards has lost none', async () => {
    expect(await post(one, { sid: 'before' })).toBe(200);
    await vi.waitFor(async () => expect(await levelAt(other, { sessionId: 'before' })).toBe('ended'), soon);
    const stream = await openIdle(other, { sessionId: 'sid-3' });
    await bus.kill();
    expect(await post(one, { sid: 'sid-3' })).toBe(503);
    expect(await levelAt(other, { sessionId: 'sid-3' })).toBe('active');
    const meanwhile = await openIdle(other, { sessionId: 'sid-3' });

    await bus.start();
    await vi.waitFor(
      async () => expect([await post(one, { sid: 'sid-3' }), await busAt(other)]).toEqual([200, 'available']),
      soon,
    );
    await Promise.all([stream.until('event: ended'), meanwhile.until('event: ended')]);
    // Redis has forgotten it; the nodes have not, and a third that was not there learns of it.
    const third = await startNode(kind, bus.url, jwksUri);
    await vi.waitFor(async () => expect(await levelAt(third, { sessionId: 'before' })).toBe('ended'), soon);
    await third.kill();
  });

  test('browsers of a node that is killed come back to the other at once, and each learns of its end', async () => {
    const browsers = Array.from({ length: crowd[kind] }, (_, index) => ({
      sessionId: `crowd-${index}`,
      subject: `${index}`,
    }));
    const agent = new Agent({ keepAlive: false });
    const connected = browsers.map((browser) => idleUntilClosed(one, browser, agent));
    await Promise.all(connected.map(({ opened }) => opened));
    await one.kill();
    await Promise.all(connected.map(({ closed }) => closed));
    for (let index = 0; index < 10; index += 1) expect(await post(other, { sid: `crowd-${index}` })).toBe(200);

    const back = browsers.map((browser) => idleUntilClosed(other, browser, agent));
    const texts = await Promise.all(back.map(({ opened }) => opened));
    expect(texts.filter((text) => text.includes('event: ended'))).toHaveLength(10);
    expect(texts.filter((text) => /^retry: \d+\n:\n\n$/.test(text))).toHaveLength(crowd[kind] - 10);
    for (const { cancel } of back) cancel();
    one = await startNode(kind, bus.url, jwksUri);
  });
});

type Idle = { readonly opened: Promise<string>; readonly closed: Promise<void>; readonly cancel: () => void };

/** A connection of its own, without the cost of `fetch`. `opened` is the first text. */
function idleUntilClosed({ base }: NodeProcess, browser: Browser, agent: Agent): Idle {
  let onClosed = () => {};
  const closed = new Promise<void>((done) => {
    onClosed = done;
  });
  const request = get(`${base}/push?${eventsQuery(browser)}`, { agent });
  const opened = new Promise<string>((resolve, reject) => {
    request.on('response', (response) => {
      response.on('data', (chunk) => resolve(`${chunk}`));
      response.on('error', () => undefined);
      response.on('close', onClosed);
    });
    request.on('error', reject);
  });
  return { opened, closed, cancel: () => request.destroy() };
}
