// Loads the built module in Node. It is made for the browser and asks for nothing there that Node lacks once it is handed its bytes.

import { readFileSync } from 'node:fs';
import type { HubModule } from '#hub-module';
import createHubModule from '#hub-module';

const compiled = new WebAssembly.Module(readFileSync(new URL('../../../build/wasm/hub.wasm', import.meta.url)));

/** A module is a hub: every call makes a new one. */
export function loadHub(): Promise<HubModule> {
  return createHubModule({ wasm: compiled });
}
