// Loads the built module in Node, or its fallback. Both are made for the browser, and ask for nothing there that Node
// lacks; the module has to be handed its bytes.

import { readFileSync } from 'node:fs';
import createFallback from '#hub-fallback';
import type { HubModule, PlatformCallbacks, StorageCapabilities } from '#hub-module';
import createHubModule from '#hub-module';

const compiled = new WebAssembly.Module(readFileSync(new URL('../../../build/wasm/hub.wasm', import.meta.url)));

/** A module is a hub: every call makes a new one. */
export function loadHub(): Promise<HubModule> {
  return new Promise((resolve, reject) => {
    createHubModule({
      instantiateWasm(imports, receive) {
        // The runtime waits for ever for a module that does not start.
        WebAssembly.instantiate(compiled, imports).then(receive).catch(reject);
        return {};
      },
    }).then(resolve, reject);
  });
}

export function loadFallback(): Promise<HubModule> {
  return createFallback({});
}

/** A page that has nothing: each test gives what it needs. */
export const noCallbacks: PlatformCallbacks = {
  parent: {},
  recordKey: 'lockstep',
  now: () => 0,
  backend: () => null,
  readRecord: () => null,
  writeRecord: () => true,
  useBackend: () => undefined,
  markStore: () => undefined,
  abandonCookie: () => undefined,
  showButton: () => undefined,
  readTombstone: () => undefined,
  storeTombstone: () => undefined,
  requestLock: () => undefined,
  stealLock: () => undefined,
  releaseLock: () => undefined,
  fetchCheck: () => undefined,
  cancelCheck: () => undefined,
  openStream: () => undefined,
  closeStream: () => undefined,
  openPort: () => undefined,
  send: () => undefined,
  closePort: () => undefined,
  setTimer: () => undefined,
};

/** Where the browser shows that the frame's storage is the first party's. */
export const ownStorage: StorageCapabilities = {
  marked: true,
  markedElsewhere: false,
  recordInCookie: false,
  handle: 1,
  cookie: false,
  metOtherTop: false,
  asking: 2,
  parentIsTop: true,
};
