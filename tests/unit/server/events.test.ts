// The stream of a browser (PROTOCOL §6.2): what it is at first, what ends it, and what is no stream.

import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { memoryBus } from '../../../js-glue/server/bus.js';
import type { LogEntry, PushOptions } from '../../../js-glue/server/options.js';
import { createPushServer, type PushServer } from '../../../js-glue/server/push-server.js';
import { issuerName } from './issuer.js';
import { type Browser, eventsQuery, eventsRequest, levelOf, openStream, readStream, soon } from './requests.js';

let clock: number;
let push: PushServer;

const create = (options: Partial<PushOptions> = {}): PushServer =>
  createPushServer({ issuers: [{ issuer: issuerName }], now: () => clock, ...options });

beforeEach(() => {
  clock = 1_800_000_000_000;
  push = create();
  return () => push.close();
});

describe('the level', () => {
  test('a stream begins with a random time to come back, and a comment', async () => {
    const texts = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const stream = await openStream(push, { subject: `${index}` });
        await stream.until('\n\n');
        await stream.cancel();
        return stream.text();
      }),
    );
    const times = texts.map((text) => Number(/^retry: (\d{4})\n:\n\n$/.exec(text)?.[1]));
    expect(times.every((ms) => ms >= 2_000 && ms <= 6_000)).toBe(true);
    expect(new Set(times).size).toBeGreaterThan(5);
    await vi.waitFor(() => expect(push.health().streams).toBe(0), soon);
  });

  test('an end that came before the stream is its first event, and ends it', async () => {
    await push.revoke({ sessionId: 'sid-1' });
    const stream = await openStream(push, { sessionId: 'sid-1' });
    await stream.ended;
    expect(stream.text()).toMatch(/^retry: \d{4}\nevent: ended\ndata:\n\n$/);
    expect(push.health().streams).toBe(0);
  });

  test('an end that comes while the stream is opened is not missed', async () => {
    let letRead = () => {};
    const bus = memoryBus();
    const waiting = new Promise<void>((done) => {
      letRead = done;
    });
    const slow = {
      ...bus,
      read: async (channels: readonly string[]) => {
        const before = await bus.read(channels);
        await waiting;
        return before;
      },
    };
    push = create({ bus: slow });
    const opening = push.events(eventsRequest({ sessionId: 'sid-1' }));
    await vi.waitFor(() => expect(push.health().streams).toBe(1), soon);
    await push.revoke({ sessionId: 'sid-1' });
    letRead();
    const stream = readStream(await opening);
    await stream.ended;
    expect(stream.text()).toContain('event: ended');
  });

  test.each<readonly [string, number, number, 'active' | 'ended']>([
    ['after the session began', 10_000, 5_000, 'ended'],
    ['at the very millisecond at which it began', 5_000, 5_000, 'ended'],
    ['a millisecond before it began', 4_999, 5_000, 'active'],
    ['long before it began', 0, 5_000, 'active'],
  ])('an end %s', async (_, ageMs, endAgoMs, level) => {
    await push.revoke({ subject: 'ada' });
    clock += endAgoMs;
    expect(await levelOf(push, { ageMs })).toBe(level);
  });

  test('two clocks are never compared: the order of end and session is all that counts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ waitMs: fc.nat(10_000), act: fc.constantFrom('end', 'begin', 'look') }), {
          maxLength: 20,
        }),
        async (steps) => {
          const server = create();
          // The browser's clock is its own; it only measures how long its session has lasted.
          let began: number | undefined;
          let expected: 'active' | 'ended' = 'active';
          for (const { waitMs, act } of steps) {
            clock += waitMs + 1;
            if (act === 'begin') [began, expected] = [clock, 'active'];
            if (act === 'end') await server.revoke({ subject: 'ada' });
            if (act === 'end' && began !== undefined) expected = 'ended';
            if (began !== undefined) expect(await levelOf(server, { ageMs: clock - began })).toBe(expected);
          }
          await server.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  test('an end of a clock that was ahead ends no login, and is logged', async () => {
    const logged: LogEntry[] = [];
    const bus = memoryBus({ now: () => clock });
    push = create({ bus, log: (entry) => logged.push(entry) });
    await push.revoke({ subject: 'ada' });
    clock -= 2_000;
    expect(await levelOf(push, { ageMs: 0 })).toBe('ended');
    clock -= 1;
    expect(await levelOf(push, { ageMs: 0 })).toBe('active');
    expect(await levelOf(create({ bus }), { ageMs: 0 })).toBe('active');
    expect(logged).toContainEqual({ level: 'warning', event: 'end-in-the-future' });
  });

  test('an end is kept for its time to live', async () => {
    push = create({ bus: memoryBus({ ttlMs: 1_000, now: () => clock }) });
    await push.revoke({ subject: 'ada' });
    clock += 999;
    expect(await levelOf(push, { ageMs: 60_000 })).toBe('ended');
    clock += 1;
    expect(await levelOf(push, { ageMs: 60_000 })).toBe('active');
  });
});

describe('an end while the stream is open', () => {
  test('reaches every stream of the session, or of the subject, and no other', async () => {
    const browsers: readonly Browser[] = [
      { sessionId: 'sid-1' },
      { sessionId: 'sid-1' },
      { sessionId: 'sid-2' },
      {},
      { subject: 'grace', sessionId: 'sid-3' },
    ];
    const streams = await Promise.all(browsers.map((browser) => openStream(push, browser)));
    await Promise.all(streams.map((stream) => stream.until(':\n\n')));
    await push.revoke({ sessionId: 'sid-1' });
    await Promise.all(streams.slice(0, 2).map((stream) => stream.until('event: ended')));
    expect(push.health().streams).toBe(3);
    await push.revoke({ subject: 'ada' });
    await Promise.all(streams.slice(2, 4).map((stream) => stream.until('event: ended')));
    expect(push.health().streams).toBe(1);
    expect(streams[4]?.text()).not.toContain('ended');
    await streams[4]?.cancel();
  });

  test('does not reach a session that began after it, though its stream was open', async () => {
    const stream = await openStream(push, { ageMs: 0 });
    await stream.until(':\n\n');
    clock -= 1;
    await push.revoke({ subject: 'ada' });
    expect(stream.text()).not.toContain('ended');
    expect(push.health().streams).toBe(1);
    await stream.cancel();
  });
});

describe('the life of a stream', () => {
  test('gets a comment again and again, and ends after its time', async () => {
    push = create({ commentMs: 40, streamMs: 1_000, now: Date.now });
    const stream = await openStream(push);
    await stream.until(':\n\n:\n\n:\n\n');
    await stream.ended;
    expect(stream.text()).not.toContain('ended');
    expect(push.health().streams).toBe(0);
  });

  test('of a client that takes nothing is dropped', async () => {
    push = create({ commentMs: 40, now: Date.now });
    const response = await push.events(eventsRequest());
    const reader = response.body?.getReader();
    await reader?.read();
    expect(push.health().streams).toBe(1);
    await vi.waitFor(() => expect(push.health().streams).toBe(0), soon);
    await expect(reader?.closed).rejects.toThrow('takes nothing');
  });

  test('of a response that is cancelled before it is read is dropped at once', async () => {
    const response = await push.events(eventsRequest());
    expect(push.health().streams).toBe(1);
    await response.body?.cancel();
    expect(push.health().streams).toBe(0);
  });

  test('of a response that nobody takes is dropped', async () => {
    push = create({ commentMs: 40, now: Date.now });
    await push.events(eventsRequest());
    expect(push.health().streams).toBe(1);
    await vi.waitFor(() => expect(push.health().streams).toBe(0), soon);
  });

  test('ends with the server, without an end of the session, and no other is opened', async () => {
    const stream = await openStream(push);
    await stream.until(':\n\n');
    await push.close();
    await stream.ended;
    expect(stream.text()).not.toContain('ended');
    const refused = await push.events(eventsRequest());
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    await expect(push.revoke({ subject: 'ada' })).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('bounds', () => {
  const forwarded = (address: string, browser: Browser = {}) => eventsRequest(browser, { 'x-forwarded-for': address });

  test('on all streams, and on those of one address; what is closed makes room', async () => {
    const logged: LogEntry[] = [];
    const bounds = { streamsMax: 3, streamsPerAddressMax: 2, trustProxy: 1 };
    push = create({ ...bounds, log: (entry) => logged.push(entry) });
    const one = readStream(await push.events(forwarded('203.0.113.7')));
    const two = readStream(await push.events(forwarded('203.0.113.7')));
    const third = await push.events(forwarded('203.0.113.7'));
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '30']);
    const other = readStream(await push.events(forwarded('203.0.113.8')));
    const fourth = await push.events(forwarded('203.0.113.9'));
    expect([fourth.status, fourth.headers.get('retry-after')]).toEqual([503, '30']);
    await Promise.all([one, two, other].map((stream) => stream.until(':')));
    await one.cancel();
    const next = readStream(await push.events(forwarded('203.0.113.7')));
    expect(next.status).toBe(200);
    await Promise.all([two, other, next].map((stream) => stream.cancel()));
    // Once a second, however many there are.
    expect(logged).toEqual([{ level: 'warning', event: 'stream-refused', bound: 'address' }]);
  });

  test.each([
    ['a /24 of IPv4', ['203.0.113.1', '203.0.113.2', '203.0.113.3'], '203.0.114.1'],
    ['a /48 of IPv6', ['2001:db8:1:1::1', '2001:db8:1:2::1', '2001:db8:1:3::1'], '2001:db8:2::1'],
  ])('on those of %s', async (_, [one = '', two = '', three = ''], other) => {
    push = create({ streamsPerAddressMax: 1, trustProxy: 1 });
    const statuses: number[] = [];
    for (const address of [one, two, three, other]) statuses.push((await push.events(forwarded(address))).status);
    expect(statuses).toEqual([200, 200, 429, 200]);
  });

  test('whatever comes and goes, no bound is passed and nothing is left', async () => {
    const acts = fc.array(
      fc.record({ address: fc.nat(3), subject: fc.nat(4), act: fc.constantFrom('open', 'open', 'close', 'end') }),
      {
        maxLength: 40,
      },
    );
    await fc.assert(
      fc.asyncProperty(acts, async (steps) => {
        const server = create({ streamsMax: 6, streamsPerAddressMax: 3, trustProxy: 1 });
        const open: { address: number; response: Response }[] = [];
        for (const { address, subject, act } of steps) {
          if (act === 'open') {
            const response = await server.events(
              forwarded(`203.0.113.${address}`, { subject: `${subject}`, ageMs: 0 }),
            );
            if (response.status === 200) open.push({ address, response });
          } else if (act === 'end') await server.revoke({ subject: `${subject}` });
          else await open.shift()?.response.body?.cancel();
          const { streams } = server.health();
          expect(streams).toBeLessThanOrEqual(6);
        }
        await server.close();
        expect(server.health().streams).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test('on the ends that are kept: the oldest go', async () => {
    const bus = memoryBus({ endsMax: 2, now: () => clock });
    const end = (channel: string) => {
      clock += 1;
      return bus.publish([{ channel, at: clock }]);
    };
    await end('a');
    await end('b');
    await end('a');
    await end('c');
    expect(await bus.read(['a', 'b', 'c'])).toEqual([clock - 1, undefined, clock]);
  });
});

describe('no stream', () => {
  const good = eventsQuery({ sessionId: 'sid-1' });
  const channel = 'A'.repeat(43);
  test.each([
    ['nothing', ''],
    ['no subject', 'age=1'],
    ['no age', `subject=${channel}`],
    ['an age that is negative', `subject=${channel}&age=-1`],
    ['an age that is no whole number', `subject=${channel}&age=1.5`],
    ['an age in other digits', `subject=${channel}&age=١`],
    ['an age without end', `subject=${channel}&age=${'9'.repeat(400)}`],
    ['a subject in clear', 'subject=ada&age=1'],
    ['a channel of 44 characters', `subject=${channel}A&age=1`],
    ['a channel with padding', `subject=${'A'.repeat(42)}%3D&age=1`],
    ['a channel whose last bits are not zero', `subject=${'A'.repeat(42)}B&age=1`],
    ['an empty session', `${good}&session=`],
    ['a session in clear', `subject=${channel}&age=1&session=sid-1`],
    ['a member twice', `${good}&age=1`],
    ['a member that nobody knows', `${good}&more=1`],
  ])('%s', async (_, query) => {
    const response = await push.events(new Request(`https://hub.acme.com/push?${query}`));
    expect(response.status).toBe(400);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(push.health().streams).toBe(0);
  });

  test('for POST, and for a page of another origin', async () => {
    const post = await push.events(new Request(`https://hub.acme.com/push?${good}`, { method: 'POST' }));
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET']);
    for (const site of ['cross-site', 'same-site', 'none'])
      expect((await push.events(eventsRequest({}, { 'sec-fetch-site': site }))).status).toBe(403);
    const own = await push.events(eventsRequest({}, { 'sec-fetch-site': 'same-origin' }));
    expect(own.status).toBe(200);
    await own.body?.cancel();
  });
});
