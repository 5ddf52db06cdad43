// A hub's page without a browser, for Node: a window with a parent, a storage that several pages share, and ports that
// keep what they were sent. The clock is ours, since a hub counts how often an app speaks.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import createFallback from '#hub-fallback';
import type { HubModule, PlatformCallbacks } from '#hub-module';
import createHubModule from '#hub-module';
import { bitsOf } from '../../bridge-html/backends.js';
import { root } from './build.js';

/** Time between two events: an app that speaks no more often is never refused. */
const tickMs = 100;

export type SharedStore = { text: string | null; clockMs: number };
export type FakePage = {
  readonly hub: HubModule;
  /** What the hub has said to its app. */
  readonly said: string[];
  readonly say: (message: object) => void;
  /** Another page wrote. */
  readonly receiveWrite: () => void;
};

async function loadModule(): Promise<WebAssembly.Module> {
  return new WebAssembly.Module(await readFile(join(root, 'build/wasm/hub.wasm')));
}

/** A hub, made in one of two ways. */
export type HubMaker = () => Promise<HubModule>;

export async function moduleMaker(): Promise<HubMaker> {
  const module = await loadModule();
  return () =>
    createHubModule({
      instantiateWasm(imports, receive) {
        WebAssembly.instantiate(module, imports).then(receive);
        return {};
      },
    });
}

export const makeFallback: HubMaker = () => createFallback({});

/** What the module asks of the browser when it starts. Its size is fixed, so it is the same in any engine. */
export async function moduleMemoryBytes(): Promise<number> {
  const module = await loadModule();
  // Nothing runs here, since the module's own script would call its constructors, so the imports need not work.
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module))
    imports[from] = { ...imports[from], [name]: () => 0 };
  let bytes = 0;
  for (const each of Object.values(new WebAssembly.Instance(module, imports).exports))
    if (each instanceof WebAssembly.Memory) bytes += each.buffer.byteLength;
  if (bytes === 0) throw new Error("The hub's module shows no memory.");
  return bytes;
}

export async function openFakePage(
  make: HubMaker,
  config: string,
  origin: string,
  store: SharedStore,
): Promise<FakePage> {
  const hub = await make();
  const said: string[] = [];
  const localStorage = {
    getItem: () => store.text,
    setItem: (_key: string, text: string) => {
      store.text = text;
    },
  };
  const parent = {};
  // IndexedDB answers later, when nothing of the hub is on the stack.
  const later: (() => void)[] = [];
  const catchUp = () => {
    for (const answer of later.splice(0)) answer();
  };
  const callbacks: PlatformCallbacks = {
    parent,
    recordKey: 'lockstep',
    now: () => store.clockMs,
    backend: () => localStorage,
    readRecord: localStorage.getItem,
    writeRecord(text) {
      store.text = text;
      return true;
    },
    useBackend: () => undefined,
    markStore: () => undefined,
    abandonCookie: () => undefined,
    showButton: () => undefined,
    readTombstone: () => void later.push(() => hub.tombstoneRead(null)),
    storeTombstone: (writeId) => void later.push(() => hub.tombstoneStored(writeId)),
    requestLock: () => undefined,
    stealLock: () => undefined,
    releaseLock: () => undefined,
    fetchCheck: () => undefined,
    cancelCheck: () => undefined,
    openStream: () => undefined,
    closeStream: () => undefined,
    openPort: () => undefined,
    send: (_, text) => void said.push(text),
    closePort: () => undefined,
    setTimer: () => undefined,
  };
  const fault = hub.create(config, callbacks);
  if (fault) throw new Error(`The hub refuses its configuration: ${fault}`);
  const writer = `w${Math.random().toString(36).slice(2, 12)}`;
  const capabilities = {
    handle: 1,
    marked: true,
    markedElsewhere: false,
    recordInCookie: false,
    cookie: false,
    metOtherTop: false,
    asking: 2,
    parentIsTop: true,
  } as const;
  hub.start(writer, bitsOf(capabilities), true, false, 1);
  catchUp();
  const hello = JSON.stringify({ lockstep: 1, type: 'hello', client: '0.1.0' });
  hub.windowMessage({ source: parent, ports: [{}], origin, data: hello } as unknown as MessageEvent);
  return {
    hub,
    said,
    say(message) {
      store.clockMs += tickMs;
      hub.portMessage(1, JSON.stringify(message));
      catchUp();
    },
    receiveWrite() {
      hub.storageEvent({
        storageArea: localStorage,
        key: 'lockstep',
        newValue: store.text ?? '',
      } as unknown as StorageEvent);
      catchUp();
    },
  };
}
