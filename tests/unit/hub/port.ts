// One hub in WebAssembly with an empty store, and the port of an allowed app.

import type { PlatformCallbacks } from '#hub-module';
import { bitsOf } from '../../../bridge-html/backends.js';
import { loadHub, noCallbacks, ownStorage } from './load.js';

export type Received = {
  readonly type: string;
  readonly id?: number;
  readonly error?: { readonly code: string; readonly message: string };
};

export type Port = {
  readonly hello: (text: unknown) => void;
  readonly says: (text: unknown) => void;
  readonly received: () => readonly Received[];
  readonly isClosed: () => boolean;
  /** How many ports were opened. */
  readonly opened: () => number;
  /** The stored record, or null. */
  readonly stored: () => string | null;
  /** The browser notifies the hub that another document wrote this; null for its being gone. */
  readonly storageEvent: (newValue: string | null, event?: Partial<StorageEvent>) => void;
  /** Another document writes this, of which the browser notifies the hub. */
  readonly anotherWrites: (text: string) => void;
  /** From now on the store cannot be read. */
  readonly refuseReads: () => void;
};

const config = JSON.stringify({
  hub: 'https://hub.acme.com/',
  site: 'https://acme.com',
  apps: [{ origin: 'https://portal.acme.com', can: ['read', 'login', 'logout', 'activity'] }],
});

/** `recordKey`: of the hub that its module is. */
export async function openPort(recordKey = 'lockstep'): Promise<Port> {
  const module = await loadHub();
  const parent = {};
  const stored = new Map<string, string>();
  let refusesReads = false;
  const localStorage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, text: string) => void stored.set(key, text),
  };
  const received: Received[] = [];
  const ports = new Map<number, { close: () => void }>();
  let closed = false;
  let opened = 0;
  const callbacks: PlatformCallbacks = {
    ...noCallbacks,
    parent,
    recordKey,
    now: () => 1_000_000,
    backend: () => localStorage,
    readRecord: () => (refusesReads ? undefined : localStorage.getItem(recordKey)),
    writeRecord(text) {
      localStorage.setItem(recordKey, text);
      return true;
    },
    readTombstone: () => module.tombstoneRead(null),
    storeTombstone: (writeId) => module.tombstoneStored(writeId),
    openPort(port, messagePort) {
      opened++;
      ports.set(port, messagePort);
    },
    send: (_, text) => void received.push(JSON.parse(text)),
    closePort(port) {
      closed = true;
      ports.delete(port);
    },
  };
  const fault = module.create(config, callbacks);
  if (fault) throw new Error(fault);
  module.start('a', bitsOf(ownStorage), true, false, 1);
  const storageEvent: Port['storageEvent'] = (newValue, event) =>
    module.storageEvent({ key: recordKey, newValue, storageArea: localStorage, ...event } as unknown as StorageEvent);
  return {
    hello: (data) =>
      module.windowMessage({
        source: parent,
        origin: 'https://portal.acme.com',
        data,
        ports: [{}],
      } as unknown as MessageEvent),
    says: (text) => {
      for (const port of ports.keys()) module.portMessage(port, text);
    },
    received: () => received,
    isClosed: () => closed,
    opened: () => opened,
    stored: () => stored.get(recordKey) ?? null,
    storageEvent,
    refuseReads() {
      refusesReads = true;
    },
    anotherWrites(text) {
      stored.set(recordKey, text);
      storageEvent(text);
    },
  };
}
