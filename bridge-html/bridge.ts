// The hub page's script: it queues what comes before the module runs, starts the module, and attaches the listeners. It
// decides nothing and reads no message: that is done in WebAssembly (PROTOCOL.md §1), with one exception, in refused.ts.

import type { HubModule } from '#hub-module';
import createHubModule from '#hub-module';
import { compileEmbedded } from './embedded-module.js';
import { createHost } from './host.js';
import { answerRefused } from './refused.js';
import { openStores } from './stores.js';

/** A page that floods its own hub before it runs gets no more than this answered. */
const earlyMessagesMax = 16;

// On its way before anything else; `createModule` hears of it, also when it fails.
const compiled = compileEmbedded(document.getElementById('module'));
const config = document.getElementById('config');
const configText = config?.textContent ?? '';
const early: MessageEvent[] = [];
let hub: HubModule | undefined;
let isRefused = false;
let isLooking = false;
let hasMoved = false;

addEventListener('message', (event) => {
  if (hub) hub.windowMessage(event);
  else if (isRefused) answerRefused(event, configText);
  // Others than the embedder will not be heard (R11), so they must not fill the queue either.
  else if (event.source === window.parent && early.length < earlyMessagesMax) early.push(event);
});

// Before the module is here, since it may set the disk to work; then both at once, since neither needs the other.
const stores = openStores(config?.dataset.sameSite ?? 'Strict', {
  written: (storageArea, newValue) => hub?.storageEvent({ storageArea, key: 'lockstep', newValue }),
  moved: lookAgain,
});
const host = createHost(() => hub, stores);
Promise.all([startModule(), stores.look()]).then(([running, placement]) => {
  hub = running;
  attachListeners(running);
  running.start(randomWriter(), placement, !document.hidden);
  for (const event of early.splice(0)) running.windowMessage(event);
});

async function startModule(): Promise<HubModule> {
  const running = await createModule();
  const fault = running.create(configText, host);
  if (fault) throw new Error(`Wrong configuration: ${fault}`);
  return running;
}

async function createModule(): Promise<HubModule> {
  try {
    return await createHubModule({ wasm: await compiled });
  } catch (cause) {
    isRefused = true;
    for (const event of early.splice(0)) answerRefused(event, configText);
    throw cause;
  }
}

/** However often somebody moves something meanwhile, there is one look more. */
async function lookAgain(): Promise<void> {
  hasMoved = true;
  if (!hub || isLooking) return;
  isLooking = true;
  while (hasMoved) {
    hasMoved = false;
    hub.placed(await stores.look(), false);
  }
  isLooking = false;
}

function attachListeners(running: HubModule): void {
  // Some engines tell a document of other processes' writes only once it has touched the store; `start` reads it first thing.
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

/** Names this document in the record, for ever unlike any other: ten random digits of base 36, as many as C++ keeps without a place of their own. */
function randomWriter(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join('');
}
