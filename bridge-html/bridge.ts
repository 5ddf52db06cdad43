// The hub page's script: it queues what comes before the module runs, starts the module, and attaches the listeners. It
// decides nothing and reads no message: WebAssembly does both (PROTOCOL.md §1), with one exception, in refused.ts.

import type { HubModule } from '#hub-module';
import createHubModule from '#hub-module';
import { openBackends } from './backends.js';
import { compileEmbedded } from './embedded-module.js';
import { namesOf } from './names.js';
import { createPlatform } from './platform.js';
import { createProbes } from './probes.js';
import { answerRefused } from './refused.js';

/** A page that floods its own hub before the hub runs gets no more than this answered. */
const earlyMessagesMax = 16;

// The compilation begins before anything else; `createModule` awaits it, also when it fails.
const compiled = compileEmbedded(document.getElementById('module'));
const config = document.getElementById('config');
const configText = config?.textContent ?? '';
const names = namesOf(JSON.parse(configText).hub);
const early: MessageEvent[] = [];
let hub: HubModule | undefined;
let isRefused = false;

addEventListener('message', (event) => {
  if (hub) hub.windowMessage(event);
  else if (isRefused) answerRefused(event, configText);
  // The hub will obey its embedder alone (R11), so nobody else may fill the queue either.
  else if (event.source === window.parent && early.length < earlyMessagesMax) early.push(event);
});

// Before the module is here, since the probe may wait for the browser; then both at once, since neither needs the
// other.
const backends = openBackends(names, config?.dataset.sameSite ?? 'Strict', {
  written: (storageArea, newValue) => hub?.storageEvent({ storageArea, key: names.record, newValue }),
  capabilitiesChanged: () => probes.request(),
});
const probes = createProbes(backends.probe, (capabilities) => hub?.storageCapabilitiesChanged(capabilities, false));
const platform = createPlatform(() => hub, backends, names);
Promise.all([startModule(), backends.probe()]).then(([running, capabilities]) => {
  hub = running;
  attachListeners(running);
  running.start(randomWriter(), capabilities, !document.hidden);
  for (const event of early.splice(0)) running.windowMessage(event);
  probes.begin();
});

async function startModule(): Promise<HubModule> {
  const running = await createModule();
  const fault = running.create(configText, platform);
  if (fault) throw new Error(`Wrong configuration: ${fault}`);
  return running;
}

async function createModule(): Promise<HubModule> {
  try {
    return await instantiate(await compiled);
  } catch (cause) {
    isRefused = true;
    for (const event of early.splice(0)) answerRefused(event, configText);
    throw cause;
  }
}

function instantiate(wasm: WebAssembly.Module): Promise<HubModule> {
  return new Promise((resolve, reject) => {
    createHubModule({
      instantiateWasm(imports, receive) {
        WebAssembly.instantiate(wasm, imports).then(receive, reject);
        return {};
      },
    }).then(resolve, reject);
  });
}

function attachListeners(running: HubModule): void {
  // Some engines report other processes' writes only to a document that has read the store; `start` reads it first
  // thing.
  addEventListener('storage', (event) => running.storageEvent(event));
  const woke = () => running.woke();
  addEventListener('pageshow', (event) => {
    if (event.persisted) woke();
  });
  document.addEventListener('resume', woke);
  document.addEventListener('visibilitychange', () => running.visibilityChanged(!document.hidden));
  addEventListener('pagehide', () => running.leaving());
  addEventListener('focus', woke);
  addEventListener('online', woke);
}

/** Names this document in the record, unlike any other: 16 random digits of base 36. */
function randomWriter(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join('');
}
