// The durable tombstone against a disk that answers late: the hub goes on without it, and follows it when it comes.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Backends, bitsOf } from '../../../bridge-html/backends.js';
import { namesOf } from '../../../bridge-html/names.js';
import { createPlatform } from '../../../bridge-html/platform.js';
import { loadHub, ownStorage } from './load.js';

const origin = 'https://portal.acme.com';
const hub = 'https://hub.acme.com/';
const config = JSON.stringify({ hub, site: 'https://acme.com', apps: [{ origin, can: ['read'] }] });
const record = (...more: readonly string[]) =>
  `{"format":1,"created":[1,"a"],${more.join('')}"signedInAt":1000000,"activeAt":1000000}`;
const active = record('"updated":[1,"a"],"subject":"ada",');
const ended = record('"ended":{"reason":"logout","at":1000000},"updated":[2,"b"],"lastEnd":2,"subject":"",');

/** Longer than a hub waits for it. */
const lateMs = 3_000;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  vi.stubGlobal('window', { parent: {} });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A database that answers a read with `text`, but not before `ms` have passed. */
function slowDatabase(text: string, ms: number): IDBFactory {
  const answered = (result: unknown) => {
    const request = { result, onsuccess: () => undefined };
    setTimeout(() => request.onsuccess(), ms);
    return request;
  };
  const store = { get: () => answered(text) };
  const database = { transaction: () => ({ objectStore: () => store }), close: () => undefined };
  return { open: () => answered(database) } as unknown as IDBFactory;
}

/** A hub that starts on an active record; what its app is sent. */
async function started(tombstone: string, stored = new Map([['lockstep', active]])) {
  const module = await loadHub();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => void stored.set(key, text),
  };
  const place = { factory: slowDatabase(tombstone, lateMs / 2), database: 'lockstep', key: 'last' } as const;
  const nothing = () => undefined;
  const backends = { current: () => storage, use: nothing, locks: nothing, streamLocks: nothing };
  const platform = createPlatform(
    () => module,
    { ...backends, tombstones: () => place } as unknown as Backends,
    namesOf(hub),
  );
  expect(module.create(config, platform)).toBeNull();
  module.start('c', bitsOf(ownStorage), true, false, 1);
  const sent: { readonly snapshot?: object }[] = [];
  const port = { postMessage: (text: string) => sent.push(JSON.parse(text)), close: nothing };
  const data = '{"lockstep":1,"type":"hello","client":"0.1.0"}';
  module.windowMessage({ source: window.parent, origin, data, ports: [port] } as unknown as MessageEvent);
  return { sent, stored, platform };
}

test('R12: an end that the disk gives too late for the welcome ends the session nevertheless', async () => {
  const { sent, stored } = await started(ended);
  await vi.advanceTimersByTimeAsync(lateMs - 100);
  expect(sent.at(-1)).toMatchObject({ type: 'welcome', snapshot: { status: 'signed-in', subject: 'ada' } });
  await vi.advanceTimersByTimeAsync(200);
  expect(sent.at(-1)).toMatchObject({ type: 'changed', snapshot: { status: 'signed-out', reason: 'logout' } });
  expect(stored.get('lockstep')).toBe(ended);
});

test('what is no end changes nothing, however late it comes', async () => {
  const { sent, stored } = await started('?');
  await vi.advanceTimersByTimeAsync(lateMs + 100);
  expect(sent).toMatchObject([{ type: 'welcome', snapshot: { status: 'signed-in' } }]);
  expect(stored.get('lockstep')).toBe(active);
});

test('an end of a store that the hub has left meanwhile is none of the next', async () => {
  const { sent, platform } = await started(ended);
  await vi.advanceTimersByTimeAsync(lateMs - 100);
  platform.useBackend(0);
  await vi.advanceTimersByTimeAsync(200);
  expect(sent).toMatchObject([{ type: 'welcome', snapshot: { status: 'signed-in' } }]);
});
