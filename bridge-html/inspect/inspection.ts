// The hub page's other script, in pages whose configuration lets somebody inspect (PROTOCOL.md, "Inspecting"). It runs
// before the hub's own and knows who may inspect; how each hub of the store learns that somebody does; and what of the
// hub a reporter that comes later could not know any more. Until then it has two listeners, and no timer.

import type { HubModule } from '#hub-module';
import type { Backends } from '../backends.js';
import type { Names } from '../names.js';
import type { Platform } from '../platform.js';
import { createNetwork, type Network } from './network.js';
import { createReporter, type Reporter } from './reporter.js';

/** The text of a window message with which a page opens a port to inspect by. */
const request = '{"lockstep":1,"type":"inspect"}';

/** Of who inspects, of the channel between inspected hubs, and, with an id, of the lock that whoever inspects holds. */
export const inspectName = ({ lock }: Names): string => lock.replace('lockstep-duty', 'lockstep-inspect');

/** What there is to inspect of the page. */
export type Inspected = {
  readonly config: string;
  readonly names: Names;
  /** Its functions may be replaced. */
  readonly platform: Platform;
  /** The storage whose events reach every hub that can be inspected together. Throws where the browser refuses it. */
  readonly storage: () => Storage;
  readonly locks: () => LockManager | undefined;
  /** The module, every call of which is seen here. */
  readonly hub: HubModule;
  readonly network: Network;
};

/** What has become of the hub so far. */
export type Seen = {
  /** Of the embedder, as its last message had it; empty before. */
  origin: string;
  /** The last text with a snapshot that the app was sent, and the last welcome. */
  shown?: string;
  welcome?: string;
  /** What the hub takes for the time, where that is not the clock's. */
  clock?: number | undefined;
  /** The duty's, and the stream. */
  holdsLock: boolean;
  holdsStream: boolean;
  /** Runs each call of the module, while somebody inspects; `enter` performs it. */
  around?: ((name: keyof HubModule, given: readonly unknown[], enter: () => unknown) => unknown) | undefined;
};

export type Inspection = { readonly begin: typeof begin };

const seen: Seen = { origin: '', holdsLock: false, holdsStream: false };
const ports: MessagePort[] = [];
let reporter: Reporter | undefined;
let reporting: (() => Reporter) | undefined;

const { inspect: origins = [] }: { readonly inspect?: readonly string[] } = JSON.parse(
  document.getElementById('config')?.textContent ?? '{}',
);

// Before the hub's own listener. In the order of every message: source → origin → shape.
addEventListener('message', (event) => {
  const { source, origin, data, ports: given } = event;
  if (source !== window.parent) return;
  const [port] = given;
  if (!port || data !== request || !origins.includes(origin)) {
    seen.origin = origin;
    return;
  }
  event.stopImmediatePropagation();
  ports.push(port);
  attach(port);
});

/** A page whose inspector is closed sends nothing more. A port keeps what comes before there is a listener. */
function attach(port: MessagePort): void {
  if (!reporting) return;
  const load = reporting;
  port.onmessage = (event) => load().said(port, event.data);
  if (reporter) port.postMessage('{"type":"title"}');
}

/** Before the module makes the hub, so that a hub that starts while somebody inspects is shown from its first event. */
export function begin(
  config: string,
  names: Names,
  platform: Platform,
  { widestStorage: storage, streamLocks: locks }: Backends,
  module: HubModule,
): HubModule {
  const hub = followed(module);
  const network = createNetwork(platform, hub);
  const page: Inspected = { config, names, platform, storage, locks, hub, network };
  const load = () => {
    reporter ??= createReporter(page, seen, ports);
    return reporter;
  };
  const call = (inspector: string | null) => {
    if (inspector || reporter) load().called(inspector || undefined);
  };
  const read = () => {
    try {
      call(page.storage().getItem(inspectName(page.names)));
    } catch {
      // A storage that refuses is no other hub's, either.
    }
  };
  reporting = load;
  ports.forEach(attach);
  addEventListener('storage', ({ key, newValue }) => {
    if (key === inspectName(page.names)) call(newValue);
  });
  // Events are missed in the back-forward cache.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) read();
  });
  follow(page.platform);
  read();
  return hub;
}

function follow(platform: Platform): void {
  const { now, send, releaseLock, closeStream } = platform;
  Object.assign(platform, {
    now: () => seen.clock ?? now(),
    send(port, text) {
      // No value of JSON can hold that: its quotes would be escaped.
      if (text.includes('"snapshot":')) seen.shown = text;
      if (text.startsWith('{"type":"welcome"')) seen.welcome = text;
      send(port, text);
    },
    releaseLock() {
      seen.holdsLock = false;
      releaseLock();
    },
    closeStream() {
      seen.holdsStream = false;
      closeStream();
    },
  } satisfies Partial<Platform>);
}

function followed(module: HubModule): HubModule {
  return new Proxy(module, {
    get:
      (_, name: keyof HubModule) =>
      (...given: unknown[]) => {
        if (name === 'lockAnswered') seen.holdsLock ||= given[0] === 0;
        if (name === 'lockLost') seen.holdsLock = false;
        if (name === 'streamOpened') seen.holdsStream = true;
        if (name === 'streamFailed' || name === 'endPushed') seen.holdsStream = false;
        const enter = () => Reflect.apply(module[name], module, given);
        return seen.around ? seen.around(name, given, enter) : enter();
      },
  });
}
