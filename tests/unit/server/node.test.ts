// The handlers below Node's own servers: HTTP/1.1 and HTTP/2, bodies, addresses, and clients that go or take nothing.

import { once } from 'node:events';
import { createServer, get, type Server } from 'node:http';
import { connect, createServer as createServer2, type Http2Server } from 'node:http2';
import { type AddressInfo, connect as connectSocket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { addressOf, rememberAddress } from '../../../js-glue/server/address.js';
import { bodyMsMax } from '../../../js-glue/server/body.js';
import { memoryBus } from '../../../js-glue/server/bus.js';
import { toNodeHandler } from '../../../js-glue/server/node.js';
import { createPushServer, type PushServer } from '../../../js-glue/server/push-server.js';
import { makeIssuer, type TestIssuer } from './issuer.js';
import { eventsQuery, readStream, soon } from './requests.js';

let issuer: TestIssuer;
let push: PushServer;
const opened: (Server | Http2Server)[] = [];

beforeEach(async () => {
  issuer = await makeIssuer();
  const issuers = [{ issuer: issuer.name, clientIds: ['portal'] }];
  push = createPushServer({ issuers, fetch: issuer.fetch, commentMs: 100 });
});
afterEach(async () => {
  await push.close();
  for (const server of opened.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
});

async function listen<T extends Server | Http2Server>(server: T): Promise<number> {
  opened.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const streamsBecome = (count: number) => vi.waitFor(() => expect(push.health().streams).toBe(count), soon);

describe('HTTP/1.1', () => {
  test('a stream, its end, and its headers', async () => {
    const port = await listen(createServer(toNodeHandler(push.events)));
    const response = await fetch(`http://127.0.0.1:${port}/push?${eventsQuery({ sessionId: 'sid-1' })}`);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    const stream = readStream(response);
    await stream.until(':\n\n:\n\n');
    await push.revoke({ sessionId: 'sid-1' });
    await stream.ended;
    expect(stream.text()).toMatch(/event: ended\ndata:\n\n$/);
  });

  test('a client that goes, before or after its stream has begun, leaves nothing', async () => {
    const port = await listen(createServer(toNodeHandler(push.events)));
    for (let count = 0; count < 20; count += 1) {
      const request = get(`http://127.0.0.1:${port}/push?${eventsQuery()}`);
      request.on('error', () => undefined);
      if (count % 2 === 0) await once(request, 'response');
      else await once(request, 'socket');
      request.destroy();
    }
    await streamsBecome(0);
  });

  test('a stream survives a client that reads slowly, and takes the end with it', async () => {
    const port = await listen(createServer(toNodeHandler(push.events)));
    const socket = connectSocket(port, '127.0.0.1');
    socket.write(`GET /push?${eventsQuery({ sessionId: 'sid-1' })} HTTP/1.1\r\nHost: hub\r\n\r\n`);
    socket.pause();
    await streamsBecome(1);
    await push.revoke({ sessionId: 'sid-1' });
    await streamsBecome(0);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.resume();
    await vi.waitFor(() => expect(text).toContain('event: ended'), soon);
    socket.destroy();
  });

  test('a posted token, and a body that is cut short', async () => {
    const port = await listen(createServer(toNodeHandler(push.backchannelLogout)));
    const body = new URLSearchParams({ logout_token: await issuer.logoutToken() });
    expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })).status).toBe(200);

    const socket = connectSocket(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: hub\r\nContent-Type: application/x-www-form-urlencoded\r\n');
    socket.write('Content-Length: 100\r\n\r\nlogout_token=');
    socket.destroySoon();
    await once(socket, 'close');
    expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })).status).toBe(400);
  });

  test.each([
    ['an object, by a parser of forms', (token: string) => ({ logout_token: token })],
    ['a text', (token: string) => `${new URLSearchParams({ logout_token: token })}`],
    ['bytes', (token: string) => Buffer.from(`${new URLSearchParams({ logout_token: token })}`)],
  ])('a body that a framework has read before: as %s', async (_, parsed) => {
    const handler = toNodeHandler(push.backchannelLogout);
    const token = await issuer.logoutToken();
    const server = createServer((request, response) => {
      request.resume().on('end', () => handler(Object.assign(request, { body: parsed(token) }), response));
    });
    const port = await listen(server);
    const body = new URLSearchParams({ logout_token: token });
    expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })).status).toBe(200);
  });

  test('what is no request of the web gets 400', async () => {
    const port = await listen(createServer(toNodeHandler(push.events)));
    const socket = connectSocket(port, '127.0.0.1');
    socket.write('TRACE http://[/ HTTP/1.1\r\nHost: hub\r\n\r\n');
    const [chunk] = await once(socket, 'data');
    expect(`${chunk}`).toMatch(/^HTTP\/1.1 400 /);
    socket.destroy();
  });
});

describe('HTTP/2', () => {
  const openAt = (port: number, settings: object = {}) => {
    const session = connect(`http://127.0.0.1:${port}`, { settings });
    session.on('error', () => undefined);
    const request = session.request({ ':path': `/push?${eventsQuery({ sessionId: 'sid-1' })}` });
    request.on('error', () => undefined);
    return { session, request };
  };

  test('many streams of one connection, and their end', async () => {
    const port = await listen(createServer2(toNodeHandler(push.events)));
    const { session, request } = openAt(port);
    const requests = [request, session.request({ ':path': `/push?${eventsQuery({ subject: 'grace' })}` })];
    const texts = requests.map(() => '');
    requests.forEach((each, index) => {
      each.on('data', (chunk) => {
        texts[index] += chunk;
      });
    });
    await streamsBecome(2);
    await push.revoke({ sessionId: 'sid-1' });
    await once(request, 'close');
    expect(texts[0]).toContain('event: ended');
    expect(push.health().streams).toBe(1);
    session.destroy();
    await streamsBecome(0);
  });

  test('a client that takes nothing is dropped after a comment', async () => {
    const port = await listen(createServer2(toNodeHandler(push.events)));
    const { session, request } = openAt(port, { initialWindowSize: 0 });
    request.resume();
    await streamsBecome(1);
    await once(request, 'close');
    expect(push.health().streams).toBe(0);
    session.destroy();
  });
});

test('a body that does not end is refused after its time, and its request is closed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const port = await listen(createServer2(toNodeHandler(push.backchannelLogout)));
    const session = connect(`http://127.0.0.1:${port}`);
    const type = 'application/x-www-form-urlencoded';
    const request = session.request({ ':method': 'POST', ':path': '/', 'content-type': type });
    request.write('logout_token=');
    const closed = once(request, 'close');
    await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0), soon);
    const answered = once(request, 'response');
    await vi.advanceTimersByTimeAsync(bodyMsMax);
    const [headers] = await answered;
    expect(headers[':status']).toBe(400);
    request.resume();
    await closed;
    session.destroy();
  } finally {
    vi.useRealTimers();
  }
});

test('the signal of a request is aborted when its client goes', async () => {
  let signal: AbortSignal | undefined;
  const handler = toNodeHandler((request) => {
    signal = request.signal;
    return new Promise(() => {});
  });
  const port = await listen(createServer(handler));
  const request = get(`http://127.0.0.1:${port}/`);
  request.on('error', () => undefined);
  await vi.waitFor(() => expect(signal?.aborted).toBe(false), soon);
  request.destroy();
  await vi.waitFor(() => expect(signal?.aborted).toBe(true), soon);
});

test.each(['HTTP/1.1', 'HTTP/2'])('%s: a client that goes while its level is read leaves nothing', async (version) => {
  let letRead = () => {};
  const isRead = new Promise<void>((done) => {
    letRead = done;
  });
  const bus = memoryBus();
  const slow = { ...bus, read: (channels: readonly string[]) => isRead.then(() => bus.read(channels)) };
  // No comment comes that could find it out.
  push = createPushServer({ issuers: [{ issuer: issuer.name }], bus: slow, commentMs: 3_600_000 });
  const handler = toNodeHandler(push.events);
  let closed = 0;
  const count = (_: unknown, response: { once: (event: 'close', listener: () => void) => unknown }) =>
    response.once('close', () => {
      closed += 1;
    });
  if (version === 'HTTP/2') {
    const port = await listen(createServer2(handler).on('request', count));
    const session = connect(`http://127.0.0.1:${port}`);
    session.on('error', () => undefined);
    session.request({ ':path': `/push?${eventsQuery()}` }).on('error', () => undefined);
    await streamsBecome(1);
    session.destroy();
  } else {
    const port = await listen(createServer(handler).on('request', count));
    const request = get(`http://127.0.0.1:${port}/push?${eventsQuery()}`);
    request.on('error', () => undefined);
    await streamsBecome(1);
    request.destroy();
  }
  await vi.waitFor(() => expect(closed).toBe(1), soon);
  letRead();
  await streamsBecome(0);
});

describe('the address of a request', () => {
  const from = (address: string | undefined, forwarded?: string): Request => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    const request = new Request('https://hub.acme.com/', { headers });
    if (address !== undefined) rememberAddress(request, address);
    return request;
  };

  test.each<readonly [string, Request, number, string]>([
    ['without a proxy the header counts for nothing', from('203.0.113.7', '198.51.100.1'), 0, '203.0.113.7'],
    ['one proxy of ours has written the last', from('10.0.0.1', '6.6.6.6, 203.0.113.7'), 1, '203.0.113.7'],
    ['two proxies of ours have written two', from('10.0.0.1', '6.6.6.6, 203.0.113.7, 10.0.0.2'), 2, '203.0.113.7'],
    ['a header that is missing is the proxy’s own', from('10.0.0.1'), 1, '10.0.0.1'],
    ['a port is none of the address', from('10.0.0.1', '203.0.113.7:4711'), 1, '203.0.113.7'],
    ['IPv4 in the form of IPv6', from('::ffff:203.0.113.7'), 0, '203.0.113.7'],
    ['a /64 of IPv6 is one', from('2001:db8:1:2:aaaa:bbbb:cccc:dddd'), 0, '2001:db8:1:2'],
    ['also when it is short', from('2001:DB8:1:2::1'), 0, '2001:db8:1:2'],
    ['and when it has brackets and a port', from('10.0.0.1', '[2001:db8:1:2::1]:443'), 1, '2001:db8:1:2'],
    ['loopback', from('::1'), 0, '0:0:0:0'],
    ['what is no address', from('10.0.0.1', 'unknown'), 1, 'unknown'],
    ['none', from(undefined), 0, 'unknown'],
  ])('%s', (_, request, proxies, address) => {
    expect(addressOf(request, proxies)).toBe(address);
  });

  test('whatever the header says, there is an answer', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !/[^\x20-\x7e]/.test(text)),
        fc.nat(5),
        (text, proxies) => {
          expect(addressOf(from('203.0.113.7', text), proxies)).toMatch(/^(unknown|[\da-f.:]+)$/);
        },
      ),
    );
  });
});
