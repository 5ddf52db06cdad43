// What a hub's names in the browser are made of, and that no two hubs have one in common.

import { afterEach, expect, test, vi } from 'vitest';
import type { Backends } from '../../../bridge-html/backends.js';
import { type Names, namesOf } from '../../../bridge-html/names.js';
import { createPlatform } from '../../../bridge-html/platform.js';

afterEach(() => vi.unstubAllGlobals());

const staging = 'https://hub.acme.com/staging/';
const key = '1234567890';
const inStorage = ({ record, top, refused, storeMark, companion }: Names) => [
  ...[record, top, refused, storeMark, companion],
];
const inOrigin = (names: Names) => [...inStorage(names), names.sign, names.lock];
const inHost = ({ keyCookie, recordCookie, probeCookie, storeMarkCookie, runCookie }: Names) => [
  ...[keyCookie, recordCookie(key), probeCookie, storeMarkCookie, runCookie],
];

test.each([
  ['https://hub.acme.com/', 'lockstep', '__Host-lockstep-1234567890'],
  ['https://acme.com/lockstep/', 'lockstep/lockstep', '__Host-lockstep-1234567890%2Flockstep'],
  ['https://hub.acme.com:8443/eu/staging/', 'lockstep/eu/staging', '__Host-lockstep-1234567890%3A8443%2Feu%2Fstaging'],
  ['https://hub.acme.com/staging/index.html', 'lockstep/staging', '__Host-lockstep-1234567890%2Fstaging'],
  ['http://localhost:5173/', 'lockstep', '__Host-lockstep-1234567890%3A5173'],
  ['http://localhost/', 'lockstep', '__Host-lockstep-1234567890%3A80'],
  ['https://localhost/', 'lockstep', '__Host-lockstep-1234567890'],
])('%s: %s, and the cookie %s', (hub, record, cookie) => {
  const names = namesOf(hub);
  expect([names.record, names.recordCookie(key)]).toEqual([record, cookie]);
  expect(names.database).toBe(record);
  expect(decodeURIComponent(cookie)).toContain(record.slice('lockstep'.length));
});

const folders = [
  '',
  'a',
  'a/b',
  'a.b',
  'a_b',
  'a-b',
  'a%2Fb',
  'A',
  'top',
  '-top',
  '-duty',
  '-probe',
  '-store',
  '-run',
  '-cookie',
  `-${key}`,
  key,
];
const hubs = ['https://hub.acme.com', 'https://hub.acme.com:80', 'http://hub.acme.com', 'http://hub.acme.com:8080'];

test('no two hubs of one origin have a name in common, nor has one hub a name for two things', () => {
  const names = folders.flatMap((folder) => inOrigin(namesOf(`https://hub.acme.com/${folder}${folder && '/'}`)));
  expect(new Set(names).size).toBe(folders.length * 7);
});

test('no two hubs of one host have a cookie in common that can run at the same time', () => {
  // One port answers either https or http: https on port 80 and http on its own port are the same server.
  const others = hubs.filter((hub) => hub !== 'https://hub.acme.com:80');
  const names = others.flatMap((hub) => folders.flatMap((folder) => inHost(namesOf(`${hub}/${folder}/`))));
  // `/` and `//` are one folder here: the list begins with the empty one.
  expect(new Set(names).size).toBe(others.length * folders.length * 5);
});

test("a cookie's name is a token", () => {
  const names = hubs.flatMap((hub) => folders.flatMap((folder) => inHost(namesOf(`${hub}/${folder}/`))));
  // RFC 2616 §2.2, for RFC 6265 §4.1.1. The prefix counts where it is written so.
  for (const name of names) expect(name).toMatch(/^__Host-[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
});

test('record, durable tombstone and lock of the platform are under these names', () => {
  const touched: string[] = [];
  const touch = (name: string): undefined => void touched.push(name);
  const backend = { getItem: (name: string) => touch(name) ?? null, setItem: touch };
  const factory = { open: (name: string) => touch(name) ?? new EventTarget() } as unknown as IDBFactory;
  const names = namesOf(staging);
  const backends = {
    current: () => backend,
    locks: () => ({ request: async (name: string) => touch(name) }) as unknown as LockManager,
    tombstones: () => ({ factory, database: names.database, key: 'last' }),
  } as unknown as Backends;
  vi.stubGlobal('window', { parent: {} });
  const platform = createPlatform(() => undefined, backends, names);
  platform.readRecord();
  platform.writeRecord('{}');
  platform.readTombstone();
  platform.storeTombstone(1, '{}');
  platform.requestLock();
  platform.stealLock();
  expect([platform.recordKey, ...touched]).toEqual([
    ...['lockstep/staging', 'lockstep/staging', 'lockstep/staging'],
    ...['lockstep/staging', 'lockstep/staging'],
    ...['lockstep-duty/staging', 'lockstep-duty/staging'],
  ]);
});
