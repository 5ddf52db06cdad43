// What the probe remembers of the user's answers. What browsers really answer is shown in tests/engines.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openBackends } from '../../../bridge-html/backends.js';

const possible = 0;
const denied = 1;
let stored: Map<string, string>;
let agrees: boolean;

/** A browser like Firefox: it gives cookies when the user agrees, and partitioned storage always. */
beforeEach(() => {
  stored = new Map();
  agrees = false;
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('window', { parent: {}, top: {} });
  vi.stubGlobal('location', {});
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  });
  vi.stubGlobal('document', {
    requestStorageAccess: () => (agrees ? Promise.resolve() : Promise.reject(new DOMException('', 'NotAllowedError'))),
    hasStorageAccess: async () => false,
  });
});
afterEach(() => vi.unstubAllGlobals());

const open = () => openBackends('None', { written: () => undefined, capabilitiesChanged: () => undefined });
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
