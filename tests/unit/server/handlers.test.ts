// Front-channel logout, the answer to `check.url`, `revoke`, and what options are refused.

import { beforeEach, describe, expect, test } from 'vitest';
import { type Bus, memoryBus } from '../../../js-glue/server/bus.js';
import type { Issuer, KnownSession, LogEntry, PushOptions } from '../../../js-glue/server/options.js';
import { createPushServer, type PushServer } from '../../../js-glue/server/push-server.js';
import { issuerName } from './issuer.js';
import { frontchannelRequest, levelOf, openStream, statusOf } from './requests.js';

let clock: number;
let push: PushServer;

const create = (options: Partial<PushOptions> = {}): PushServer =>
  createPushServer({ issuers: [{ issuer: issuerName }], now: () => clock, ...options });

/** A bus whose other end has gone. */
function failing(bus: Bus = memoryBus()): Bus & { isGone: boolean } {
  const call = async <T>(act: () => Promise<T>): Promise<T> => {
    if (broken.isGone) throw new Error('The connection is closed.');
    return act();
  };
  const broken = {
    ...bus,
    isGone: true,
    publish: (ends: Parameters<Bus['publish']>[0]) => call(() => bus.publish(ends)),
    read: (channels: readonly string[]) => call(() => bus.read(channels)),
    ask: (channel: string) => call(() => bus.ask(channel)),
  };
  return broken;
}

beforeEach(() => {
  clock = 1_800_000_000_000;
  push = create();
  return () => push.close();
});

describe('front-channel logout', () => {
  const query = { iss: issuerName, sid: 'sid-1' };
  const issuers = [{ issuer: issuerName, frontchannel: true }];
  beforeEach(() => {
    push = create({ issuers });
  });
  const logout = (sid: string, server = push) =>
    statusOf(server.frontchannelLogout, frontchannelRequest({ ...query, sid }));

  test('is refused where its issuer was not asked for it', async () => {
    push = create();
    expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('active');
    expect(await logout('sid-1')).toBe(400);
    expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('active');
  });

  test('stores nothing in the bus, and pushes out no end that was proven, however many there are', async () => {
    const bus = memoryBus({ endsMax: 2, now: () => clock });
    push = create({ issuers, bus });
    await push.revoke({ subject: 'grace' });
    for (let count = 0; count < 5; count += 1) {
      await levelOf(push, { sessionId: `junk${count}` });
      await logout(`junk${count}`);
      expect(await levelOf(push, { sessionId: `junk${count}` })).toBe('ended');
    }
    expect(push.health().ends).toBe(1);
    expect(await levelOf(create({ bus }), { sessionId: 'junk4' })).toBe('active');
    expect(await levelOf(push, { subject: 'grace' })).toBe('ended');
  });

  test('is remembered for ten minutes', async () => {
    await levelOf(push, { sessionId: 'sid-1' });
    await logout('sid-1');
    clock += 599_999;
    expect(await levelOf(push, { sessionId: 'sid-1', ageMs: 700_000 })).toBe('ended');
    clock += 1;
    expect(await levelOf(push, { sessionId: 'sid-1', ageMs: 700_000 })).toBe('active');
  });

  test('is bounded for each address, and ends a session that is known beyond the bound', async () => {
    push = create({ issuers, trustProxy: 1 });
    const from = (address: string, sid: string) =>
      push.frontchannelLogout(
        new Request(frontchannelRequest({ ...query, sid }), { headers: { 'x-forwarded-for': address } }),
      );
    const statuses: number[] = [];
    for (let count = 0; count < 200; count += 1) statuses.push((await from('203.0.113.7', `junk${count}`)).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect((await from('203.0.113.8', 'sid-1')).status).toBe(200);
    await levelOf(push, { sessionId: 'sid-1' });
    expect((await from('203.0.113.7', 'sid-1')).status).toBe(200);
    expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('ended');
  });

  test('ends a session whose browser is connected', async () => {
    const stream = await openStream(push, { sessionId: 'sid-1' });
    await stream.until(':\n\n');
    const response = await push.frontchannelLogout(frontchannelRequest(query));
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-cache, no-store');
    expect(response.headers.get('content-type')).toContain('text/html');
    await stream.until('event: ended');
  });

  test('ends one that was connected a short while ago, and none after that', async () => {
    expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('active');
    clock += 599_999;
    await push.frontchannelLogout(frontchannelRequest(query));
    expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('ended');

    expect(await levelOf(push, { sessionId: 'sid-2' })).toBe('active');
    clock += 600_000;
    await push.frontchannelLogout(frontchannelRequest({ ...query, sid: 'sid-2' }));
    expect(await levelOf(push, { sessionId: 'sid-2' })).toBe('active');
  });

  test('ends nothing for an id that is not known, and says so to nobody', async () => {
    const unknown = await push.frontchannelLogout(frontchannelRequest(query));
    await levelOf(push, { sessionId: 'sid-1' });
    const known = await push.frontchannelLogout(frontchannelRequest(query));
    expect([unknown.status, await unknown.text()]).toEqual([known.status, await known.text()]);
    expect(Object.fromEntries(unknown.headers)).toEqual(Object.fromEntries(known.headers));
    expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('ended');
    push = create({ issuers });
    await push.frontchannelLogout(frontchannelRequest(query));
    expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('active');
  });

  test('reaches a browser that is connected to another node', async () => {
    const bus = memoryBus({ now: () => clock });
    const [one, other] = [create({ issuers, bus }), create({ issuers, bus })];
    const stream = await openStream(other, { sessionId: 'sid-1' });
    await stream.until(':\n\n');
    await one.frontchannelLogout(frontchannelRequest(query));
    await stream.until('event: ended');
    await Promise.all([one.close(), other.close()]);
  });

  test('without `iss` is possible where the issuer sends none', async () => {
    await levelOf(push, { sessionId: 'sid-1' });
    expect(await statusOf(push.frontchannelLogout, frontchannelRequest({ sid: 'sid-1' }))).toBe(400);
    push = create({ issuers: [{ issuer: issuerName, frontchannel: true, requireIssuer: false }] });
    await levelOf(push, { sessionId: 'sid-1' });
    expect(await statusOf(push.frontchannelLogout, frontchannelRequest({ sid: 'sid-1' }))).toBe(200);
    expect(await levelOf(push, { sessionId: 'sid-1' })).toBe('ended');
  });

  test.each<readonly [string, Record<string, string>]>([
    ['no query', {}],
    ['no `sid`', { iss: issuerName }],
    ['an empty `sid`', { iss: issuerName, sid: '' }],
    ['an issuer that is not known', { iss: 'https://evil.example', sid: 'sid-1' }],
  ])('%s is refused', async (_, members) => {
    expect(await statusOf(push.frontchannelLogout, frontchannelRequest(members))).toBe(400);
  });

  test('is bounded, and never ends all sessions of a subject', async () => {
    const statuses = new Set<number>();
    for (let count = 0; count < 101; count += 1)
      statuses.add(await statusOf(push.frontchannelLogout, frontchannelRequest({ ...query, sid: `ada${count}` })));
    expect([...statuses]).toEqual([200, 429]);
    expect(await levelOf(push)).toBe('active');
  });

  test('says so where the bus is gone', async () => {
    push = create({ issuers, bus: failing() });
    expect(await statusOf(push.frontchannelLogout, frontchannelRequest(query))).toBe(503);
  });
});

describe('the answer to `check.url`', () => {
  const ask = async (session: KnownSession | null | Error, options: Partial<PushOptions> = {}) => {
    push = create({
      ...options,
      sessionOf: () => {
        if (session instanceof Error) throw session;
        return session;
      },
    });
    return async () => {
      const response = await push.session(new Request('https://hub.acme.com/session'));
      return response.status === 200 ? await response.json() : response.status;
    };
  };

  test('is what the owner says, in the form that PROTOCOL §5 wants', async () => {
    expect(await (await ask(null))()).toEqual({ active: false });
    expect(await (await ask({ subject: 'ada' }))()).toEqual({ active: true });
    expect(await (await ask({ subject: 'ada', expiresAt: clock + 5 }))()).toEqual({
      active: true,
      expiresAt: clock + 5,
    });
  });

  test('is not cached, is for GET, and no answer is ever "no" because something failed', async () => {
    expect(await (await ask(new Error('database')))()).toBe(500);
    const response = await push.session(new Request('https://hub.acme.com/session', { method: 'POST' }));
    expect(response.status).toBe(405);
    await ask({ subject: 'ada' });
    const { headers } = await push.session(new Request('https://hub.acme.com/session'));
    expect(headers.get('cache-control')).toBe('no-store');
    push = create();
    expect(await statusOf(push.session, new Request('https://hub.acme.com/session'))).toBe(501);
    const several = [{ issuer: 'https://a.example' }, { issuer: 'https://b.example' }];
    expect(await (await ask({ subject: 'ada' }, { issuers: several }))()).toBe(500);
  });

  test('is "no" once the session has ended', async () => {
    const answer = await ask({ subject: 'ada', sessionId: 'sid-1', signedInAt: clock });
    await push.revoke({ sessionId: 'sid-2' });
    expect(await answer()).toEqual({ active: true });
    await push.revoke({ sessionId: 'sid-1' });
    expect(await answer()).toEqual({ active: false });
  });

  test('counts ends only where it is known when the session began, and says once that it is not', async () => {
    const logged: LogEntry[] = [];
    const log = (entry: LogEntry) => logged.push(entry);
    const withoutTime = await ask({ subject: 'ada', sessionId: 'sid-1' }, { log });
    await push.revoke({ subject: 'ada' });
    await push.revoke({ sessionId: 'sid-1' });
    expect([await withoutTime(), await withoutTime()]).toEqual([{ active: true }, { active: true }]);
    expect(logged.filter(({ event }) => event === 'session-without-signed-in-at')).toHaveLength(1);
    const before = await ask({ subject: 'ada', signedInAt: clock - 1 });
    await push.revoke({ subject: 'ada' });
    expect(await before()).toEqual({ active: false });
    const after = await ask({ subject: 'ada', signedInAt: clock + 1 });
    await push.revoke({ subject: 'ada' });
    expect(await after()).toEqual({ active: true });
  });

  test('is the owner’s while the bus is gone', async () => {
    const bus = failing();
    const answer = await ask({ subject: 'ada', sessionId: 'sid-1', signedInAt: clock }, { bus });
    expect(await answer()).toEqual({ active: true });
    bus.isGone = false;
    await push.revoke({ sessionId: 'sid-1' });
    bus.isGone = true;
    expect(await answer()).toEqual({ active: false });
  });
});

describe('revoke', () => {
  test.each<readonly [string, object]>([
    ['nobody', {}],
    ['an empty subject', { subject: '' }],
    ['a session id that is no text', { sessionId: 7 }],
    ['a session id beyond all measure', { sessionId: 'x'.repeat(2_000) }],
    ['an unknown issuer', { issuer: 'https://other.example', subject: 'ada' }],
  ])('refuses %s', async (_, revocation) => {
    await expect(push.revoke(revocation)).rejects.toMatchObject({ name: 'PushError', code: 'bad-options' });
  });

  test('needs the issuer where there are several', async () => {
    push = create({ issuers: [{ issuer: issuerName }, { issuer: 'https://other.example' }] });
    await expect(push.revoke({ subject: 'ada' })).rejects.toMatchObject({ code: 'bad-options' });
    await push.revoke({ issuer: issuerName, subject: 'ada' });
    expect(await levelOf(push)).toBe('ended');
  });
});

describe('options that cannot work', () => {
  const good: Issuer = { issuer: issuerName, clientIds: ['portal'] };
  test.each<readonly [string, object, RegExp]>([
    ['no issuers', { issuers: [] }, /at least one/],
    ['an issuer without a name', { issuers: [{}] }, /`issuer`/],
    ['an issuer twice', { issuers: [good, good] }, /twice/],
    ['clients that are no texts', { issuers: [{ ...good, clientIds: [''] }] }, /`clientIds`/],
    ['an algorithm with a shared secret', { issuers: [{ ...good, algorithms: ['HS256'] }] }, /asymmetric/],
    ['the algorithm none', { issuers: [{ ...good, algorithms: ['none'] }] }, /asymmetric/],
    ['no algorithm', { issuers: [{ ...good, algorithms: [] }] }, /empty/],
    ['an issuer over plain http', { issuers: [{ ...good, issuer: 'http://login.acme.com' }] }, /https/],
    ['an issuer that is no URL, without `jwksUri`', { issuers: [{ ...good, issuer: 'acme' }] }, /https/],
    ['keys over plain http', { issuers: [{ ...good, jwksUri: 'http://login.acme.com/jwks' }] }, /https/],
    ['keys with a password in their URL', { issuers: [{ ...good, jwksUri: 'https://a:b@acme.com/' }] }, /https/],
    [
      'an agreement that can be guessed',
      { issuers: [{ ...good, securityEvents: { audience: 'a', authorization: 'x' } }] },
      /20 characters/,
    ],
    [
      'an agreement without audience',
      { issuers: [{ ...good, securityEvents: { audience: '', authorization: 'x'.repeat(20) } }] },
      /audience/,
    ],
    [
      'front-channel logouts without `iss` that are not asked for',
      { issuers: [{ ...good, requireIssuer: false }] },
      /frontchannel/,
    ],
    ['a slip in a name', { issuers: [good], streamMax: 5 }, /`streamMax` is not an option/],
    ['a slip in an issuer', { issuers: [{ ...good, clientId: 'x' }] }, /`clientId` is not a member/],
    ['a bound of zero', { issuers: [good], streamsMax: 0 }, /`streamsMax`/],
    ['a time that is no number', { issuers: [good], commentMs: '20' }, /`commentMs`/],
    ['a negative number of proxies', { issuers: [good], trustProxy: -1 }, /`trustProxy`/],
  ])('%s', (_, options, sentence) => {
    expect(() => createPushServer(options as PushOptions)).toThrow(sentence);
  });

  test('an issuer of one’s own needs no URL where no token is accepted from it', () => {
    expect(create({ issuers: [{ issuer: 'acme' }] }).health()).toEqual({ streams: 0, ends: 0, bus: 'available' });
  });
});
