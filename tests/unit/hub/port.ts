// One hub in WebAssembly with an empty store, and the port of an allowed app.

import type { Host } from '#hub-module';
import { bitsOf } from '../../../bridge-html/stores.js';
import { loadHub, ownArea } from './load.js';

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
  /** The stored record, or null. */
  readonly stored: () => string | null;
  /** The browser tells the hub that another document wrote this; null for its being gone. */
  readonly hears: (newValue: string | null, event?: Partial<StorageEvent>) => void;
  /** Another document writes this, of which the browser tells the hub. */
  readonly anotherWrites: (text: string) => void;
  /** From now on the store cannot be read. */
  readonly refuseReads: () => void;
  /** The moment is over that a patient page gives the others. */
  readonly othersHeard: () => void;
};

const config = JSON.stringify({
  hub: 'https://hub.acme.com/',
  site: 'https://acme.com',
  apps: [{ origin: 'https://portal.acme.com', can: ['read', 'login', 'logout', 'activity'] }],
});

/** A patient page lets the others hear of a write before its own app does. */
export async function openPort({ patient = false } = {}): Promise<Port> {
  const module = await loadHub();
  const parent = {};
  const stored = new Map<string, string>();
  let refusesReads = false;
  const localStorage = {
    getItem(key: string) {
      if (refusesReads) throw new Error('SecurityError');
      return stored.get(key) ?? null;
    },
    setItem: (key: string, text: string) => void stored.set(key, text),
  };
  const received: Received[] = [];
  let closed = false;
  let listening: number | undefined;
  const host: Host = {
    window: { parent },
    area: () => localStorage,
    useStore: () => undefined,
    showButton: () => undefined,
    now: () => 1_000_000,
    listen: (port) => {
      listening = port;
    },
    setTimer: () => undefined,
    readKeptEnd: () => module.keptEndRead(null),
    askLock: () => undefined,
    stealLock: () => undefined,
    releaseLock: () => undefined,
    fetchCheck: () => undefined,
    cancelCheck: () => undefined,
    letOthersHear: () => patient,
    keepEnd: (ticket) => module.endKept(ticket),
  };
  const fault = module.create(config, host);
  if (fault) throw new Error(fault);
  module.start('a', bitsOf(ownArea), true);
  const messagePort = {
    postMessage: (text: string) => received.push(JSON.parse(text)),
    close: () => {
      closed = true;
    },
  };
  const hears: Port['hears'] = (newValue, event) =>
    module.storageEvent({ key: 'lockstep', newValue, storageArea: localStorage, ...event } as unknown as StorageEvent);
  return {
    hello: (data) =>
      module.windowMessage({
        source: parent,
        origin: 'https://portal.acme.com',
        data,
        ports: [messagePort],
      } as unknown as MessageEvent),
    says: (text) => {
      if (listening !== undefined) module.portMessage(listening, text);
    },
    received: () => received,
    isClosed: () => closed,
    stored: () => stored.get('lockstep') ?? null,
    hears,
    refuseReads() {
      refusesReads = true;
    },
    anotherWrites(text) {
      stored.set('lockstep', text);
      hears(text);
    },
    othersHeard: () => module.othersHeard(),
  };
}
