// What a hub's page does for an inspector: it reads a record in a cookie as PROTOCOL §4.2 has it, which C++ writes; it
// gives the module the inputs that an act is; and it takes the network from the hub.

import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { perform } from '../../../bridge-html/inspect/acts.js';
import { readable } from '../../../bridge-html/inspect/cookie-text.js';
import type { Inspected, Seen } from '../../../bridge-html/inspect/inspection.js';
import { createNetwork } from '../../../bridge-html/inspect/network.js';
import type { BackendEvent, HubModule } from '../../../bridge-html/module.js';
import type { Platform } from '../../../bridge-html/platform.js';

const protocol = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8');
const base64url = (text: string | number[]) => Buffer.from(text as string).toString('base64url');

test('each phrase of the protocol is read', () => {
  const table = protocol.slice(
    protocol.indexOf('\n    1  {"format"'),
    protocol.indexOf('\n   ```', protocol.indexOf('\n    1  {"format"')),
  );
  const phrases = [...table.matchAll(/(?:^|\s)(\d{1,2}) {2}(\S+)/g)];
  expect(phrases.length).toBeGreaterThan(10);
  for (const [, number, phrase] of phrases) expect(readable(base64url([Number(number)]))).toBe(phrase);
});

test('with texts of any language between them; and what is no such text stays', () => {
  expect(readable(base64url('\u00011,"a"],"subject":"Ada Łovelace 🙂'))).toBe(
    '{"format":1,"created":[1,"a"],"subject":"Ada Łovelace 🙂',
  );
  for (const text of ['{"format":1}', '!', '_w']) expect(readable(text)).toBe(text);
});

const now = 1_764_000_000_000;
const claims = '"claims":{"n":1.50,"big":12345678901234567890,"checkAt":1,"ended":{}}';
const record =
  '{"format":1,"created":[3,"a"],"updated":[7,"b"],"lastEnd":2,"subject":"\\",\\"expiresAt\\":1","signedInAt":1,' +
  `"expiresAt":2,"checkAt":3,"activeAt":4,${claims}}`;
/** The same, when its expiry has come. */
const expired = (checkAt = '') =>
  '{"format":1,"created":[3,"a"],"updated":[8,"b"],"lastEnd":2,"subject":"\\",\\"expiresAt\\":1","signedInAt":1,' +
  `"expiresAt":${now}${checkAt},"activeAt":4,${claims}}`;
const welcome = (...capabilities: string[]) => JSON.stringify({ type: 'welcome', capabilities });
const shown = (snapshot: object) => JSON.stringify({ snapshot });

describe('an act', () => {
  function acting(stored: string | null | undefined, session: object = {}) {
    const events: BackendEvent[] = [];
    const clocks: (number | undefined)[] = [];
    const seen: Seen = {
      ...{ origin: '', holdsLock: false, holdsStream: false },
      welcome: welcome('read', 'logout'),
      shown: shown({ status: 'signed-in', idleAt: now + 900_000 }),
    };
    const storageArea = { getItem: () => null, setItem() {} };
    const hub = {
      storageEvent: (event: BackendEvent) => events.push(event),
      timerFired: () => clocks.push(seen.clock),
    };
    const page = {
      ...{ config: JSON.stringify({ session }), names: { record: 'lockstep' }, hub },
      platform: { now: () => now, readRecord: () => stored, backend: () => storageArea },
    } as unknown as Inspected;
    return { events, clocks, seen, storageArea, run: (act: 'expire' | 'idle') => perform(act, page, seen) };
  }

  test('expire gives the module the record with the expiry that has come, and all else to the letter', () => {
    const { events, storageArea, run } = acting(record);
    expect(run('expire')).toBe('waiting');
    expect(events).toEqual([{ key: 'lockstep', newValue: expired(), storageArea }]);
    expect(JSON.parse(expired()).subject).toBe(JSON.parse(record).subject);
  });

  test('where a check is due before an expiry it has come, too', () => {
    const { events, run } = acting(record, { checkBeforeExpiryMs: 120_000 });
    run('expire');
    expect(events[0]?.newValue).toBe(expired(`,"checkAt":${now}`));
  });

  test('a record in a cookie is given as one', () => {
    const { events, run } = acting(base64url(record));
    run('expire');
    expect(events[0]?.newValue).toMatch(/^[\w-]+$/);
    expect(readable(events[0]?.newValue ?? '')).toBe(expired());
  });

  test('idle lets the timer fire while the clock shows the idle end, and then no more', () => {
    const { clocks, seen, run } = acting(record);
    run('idle');
    expect([clocks, seen.clock]).toEqual([[now + 900_000], undefined]);
  });

  test('says whether it has ended the session', () => {
    const { seen, run, clocks } = acting(record);
    clocks.push = () => {
      seen.shown = shown({ status: 'signed-out', reason: 'idle' });
      return 0;
    };
    expect(run('idle')).toBe('done');
    expect(run('idle')).toBe('nothing');
  });

  test.each([
    ['an ended record', record.replace('"updated"', '"ended":{"reason":"logout","at":1},"updated"')],
    ['a record of a later format', record.replace('"format":1', '"format":2')],
    ['nothing', null],
    ['a storage that refuses', undefined],
  ])('with %s in the store no expiry comes', (_, stored) => {
    const { events, run } = acting(stored);
    expect([run('expire'), events]).toEqual(['nothing', []]);
  });

  test.each([
    ['no welcome', undefined],
    ['a welcome without the capability', welcome('read', 'login', 'activity')],
  ])('after %s no deadline comes', (_, text) => {
    const { events, clocks, seen, run } = acting(record);
    if (text === undefined) delete seen.welcome;
    else seen.welcome = text;
    expect([run('expire'), run('idle'), events, clocks]).toEqual(['forbidden', 'forbidden', [], []]);
  });
});

describe('without the network', () => {
  afterEach(() => vi.unstubAllGlobals());

  function cut() {
    const calls: unknown[] = [];
    const note =
      (name: string) =>
      (...given: unknown[]) =>
        void calls.push([name, ...given]);
    vi.stubGlobal('dispatchEvent', ({ type }: Event) => calls.push(type));
    const [fetchCheck, cancelCheck] = [note('fetch'), note('cancel')];
    const platform = {
      fetchCheck,
      cancelCheck,
      openStream: note('open'),
      closeStream: note('close'),
    } as never as Platform;
    const hub = { checkFetched: note('fetched'), streamFailed: note('failed') } as never as HubModule;
    const { set } = createNetwork(platform, hub);
    /** What has been called since. */
    const called = async () => {
      await Promise.resolve();
      return calls.splice(0);
    };
    return { platform, set, called };
  }

  test('a check has no answer, and the stream is lost', async () => {
    const { platform, set, called } = cut();
    set(false);
    platform.fetchCheck(1, '/session');
    platform.openStream(2, '/events', '', '', 0, false);
    expect(await called()).toEqual([
      ['fetched', 1, null],
      ['failed', 2],
    ]);
    platform.fetchCheck(3, '/session');
    platform.cancelCheck(3);
    platform.openStream(4, '/events', '', '', 0, false);
    platform.closeStream();
    expect(await called()).toEqual([['cancel', 3], ['close']]);
    set(true);
    expect(await called()).toEqual(['online']);
    platform.fetchCheck(5, '/session');
    expect(await called()).toEqual([['fetch', 5, '/session']]);
  });

  test('what is under way fails at once, and what was given up before does not', async () => {
    const { platform, set, called } = cut();
    platform.fetchCheck(1, '/session');
    platform.openStream(2, '/events', '', '', 0, false);
    await called();
    set(false);
    expect(await called()).toEqual([['cancel', 1], ['close'], ['fetched', 1, null], ['failed', 2]]);
    set(true);
    platform.cancelCheck(1);
    platform.closeStream();
    await called();
    set(false);
    set(false);
    expect(await called()).toEqual([]);
  });
});
