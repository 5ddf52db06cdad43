// The hub's script for the loadings it does not have: the module is a file of its own, compiled while it comes. Apart from
// that it does what bridge-html/bridge.ts does, so that the loadings can be compared.

import type { HubModule } from '#hub-module';
import createHubModule from '#hub-module';
import { createHost } from '../../../bridge-html/host.js';
import { placementOf, storageAccessOf } from '../../../bridge-html/placement.js';

const early: MessageEvent[] = [];
let hub: HubModule | undefined;

addEventListener('message', (event) => {
  if (hub) hub.windowMessage(event);
  else early.push(event);
});

const config = document.getElementById('config')?.textContent ?? '';
Promise.all([createModule(), storageAccessOf(document)]).then(([running, storageAccess]) => {
  const fault = running.create(
    config,
    createHost(() => hub),
  );
  if (fault) throw new Error(fault);
  hub = running;
  addEventListener('storage', (event) => running.storageEvent(event));
  running.start(crypto.randomUUID().replaceAll('-', '').slice(0, 16), placementOf(window, storageAccess));
  for (const event of early.splice(0)) running.windowMessage(event);
});

async function createModule(): Promise<HubModule> {
  return createHubModule({ wasm: await WebAssembly.compileStreaming(fetch('hub.wasm')) });
}
