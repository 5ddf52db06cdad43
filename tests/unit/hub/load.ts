// Loads the built module in Node. It is made for the browser and asks for nothing there that Node lacks once it is handed its bytes.

import { readFileSync } from 'node:fs';
import type { HubModule, Placement } from '#hub-module';
import createHubModule from '#hub-module';

const compiled = new WebAssembly.Module(readFileSync(new URL('../../../build/wasm/hub.wasm', import.meta.url)));

/** A module is a hub: every call makes a new one. */
export function loadHub(): Promise<HubModule> {
  return createHubModule({ wasm: compiled });
}

/** Where the browser shows that the frame's area is the first party's. */
export const ownArea: Placement = {
  handle: 1,
  cookie: false,
  metOtherTop: false,
  asking: 2,
  parentIsTop: true,
};
