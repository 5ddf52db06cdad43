// What the probe remembers of the user's answers. What browsers really answer is shown in tests/engines.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openBackends } from '../../../bridge-html/backends.js';
import { namesOf } from '../../../bridge-html/names.js';
import { loadHub } from './load.js';

const possible = 0;
const denied = 1;
let stored: Map<string, string>;
let agrees: boolean;
let storageEvents: EventTarget;

/** A browser like Firefox: it gives cookies when the user agrees, and partitioned storage always. */
beforeEach(() => {
  stored = new Map();
  agrees = false;
  storageEvents = new EventTarget();
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('window', { parent: {}, top: {} });
  vi.stubGlobal('location', {});
  vi.stubGlobal('addEventListener', storageEvents.addEventListener.bind(storageEvents));
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  });
  vi.stubGlobal('document', {
    requestStorageAccess: () => (agrees ? Promise.resolve() : Promise.reject(new DOMException('', 'NotAllowedError'))),
    hasStorageAccess: async () => false,
    addEventListener: storageEvents.addEventListener.bind(storageEvents),
  });
});
afterEach(() => vi.unstubAllGlobals());

const production = 'https://hub.acme.com/';
const staging = 'https://hub.acme.com/staging/';
const open = (hub = production, capabilitiesChanged = () => undefined as unknown) =>
  openBackends(namesOf(hub), 'None', loadHub(), {
    written: () => undefined,
    cookieGone: () => undefined,
    capabilitiesChanged,
  });
const askingOf = (capabilities: number) => (capabilities >> 2) & 3;

test('who was never asked can be asked', async () => {
  expect(askingOf(await open().probe())).toBe(possible);
  expect([...stored.keys()]).toEqual([]);
});

test('a no is remembered by later documents', async () => {
  await open().ask();
  expect(askingOf(await open().probe())).toBe(denied);
});

test('a later yes undoes it', async () => {
  await open().ask();
  agrees = true;
  await open().ask();
  agrees = false; // a new document, where the browser wants the gesture again
  expect(askingOf(await open().probe())).toBe(possible);
});

test("a no to one hub is none to another of its origin, and no event of the other's", async () => {
  const changed = vi.fn();
  const other = open(staging, changed);
  await open(production).ask();
  const [key] = stored.keys();
  storageEvents.dispatchEvent(Object.assign(new Event('storage'), { key }));
  expect(changed).not.toHaveBeenCalled();
  expect(askingOf(await other.probe())).toBe(possible);
  storageEvents.dispatchEvent(Object.assign(new Event('storage'), { key: `${key}/staging` }));
  expect(changed).toHaveBeenCalledOnce();
});

test('on plain http each hub keeps for itself below whom it was seen', async () => {
  vi.stubGlobal('isSecureContext', false);
  vi.stubGlobal('location', { ancestorOrigins: ['http://portal.acme.test'] });
  await open(production).probe();
  vi.stubGlobal('location', { ancestorOrigins: ['http://billing.acme.test'] });
  await open(staging).probe();
  expect([...stored.values()]).toEqual(['http://portal.acme.test', 'http://billing.acme.test']);
});

test('K6.5: hubs that begin at once have met when one gets the event of the other, whatever it reads', async () => {
  vi.stubGlobal('isSecureContext', false);
  vi.stubGlobal('location', { ancestorOrigins: ['http://portal.acme.test'] });
  const changed = vi.fn();
  const backends = open(production, changed);
  await backends.probe();
  const [key] = stored.keys();
  changed.mockClear();
  const event = { key, newValue: 'http://billing.acme.test' };
  storageEvents.dispatchEvent(Object.assign(new Event('storage'), event));
  expect(changed).toHaveBeenCalledOnce();
  const metOtherTop = 1 << 5;
  expect((await backends.probe()) & metOtherTop).toBe(metOtherTop);
  // So the other hears of it as well.
  expect([...stored.values()]).toEqual(['*']);
});

test('K6.5: an event that is lost keeps no hub apart: it reads again when it runs and when it is shown', async () => {
  vi.stubGlobal('isSecureContext', false);
  vi.stubGlobal('location', { ancestorOrigins: ['http://portal.acme.test'] });
  const changed = vi.fn();
  const backends = open(production, changed);
  await backends.probe();
  expect(changed).toHaveBeenCalledOnce();
  await backends.probe();
  expect(changed).toHaveBeenCalledOnce();
  storageEvents.dispatchEvent(new Event('visibilitychange'));
  expect(changed).toHaveBeenCalledTimes(2);
  for (const key of stored.keys()) stored.set(key, '*');
  await backends.probe();
  storageEvents.dispatchEvent(new Event('visibilitychange'));
  expect(changed).toHaveBeenCalledTimes(2);
});

test('what a page in the back-forward cache may have missed is looked for when it comes back', () => {
  const changed = vi.fn();
  open(production, changed);
  storageEvents.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
  expect(changed).toHaveBeenCalledOnce();
});

test('a sign that another hub of the origin writes in the same tab is not in the way', async () => {
  const signs = new Map<string, string>();
  const sessionStorage = {
    getItem: (key: string) => signs.get(key) ?? null,
    setItem(key: string, value: string) {
      signs.set(key, value);
      signs.set(namesOf(staging).sign, 'of staging');
    },
  };
  vi.stubGlobal('sessionStorage', sessionStorage);
  vi.stubGlobal('document', { ...document, requestStorageAccess: async () => ({ sessionStorage }) });
  const ownStorage = 1;
  expect((await open(production).probe()) & 3).toBe(ownStorage);
});

test('a probe that fails blocks none after it', async () => {
  const backends = open();
  vi.stubGlobal('window', {});
  Object.defineProperty(window, 'parent', {
    configurable: true,
    get: () => {
      throw new Error('once');
    },
  });
  await expect(backends.probe()).rejects.toThrow('once');
  vi.stubGlobal('window', { parent: {}, top: {} });
  expect(askingOf(await backends.probe())).toBe(possible);
});
