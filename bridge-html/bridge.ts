// The hub page's script: it queues what comes before the module runs, starts the module, and attaches the listeners. It
// decides nothing and reads no message: WebAssembly does both (PROTOCOL.md §1), with one exception, in refused.ts.

import type { HubModule } from '#hub-module';
import createHubModule from '#hub-module';
import { openBackends } from './backends.js';
import { countHubs, hubsMax } from './crowd.js';
import { compileEmbedded } from './embedded-module.js';
import { loadFallback } from './fallback-module.js';
import type { Inspection } from './inspect/inspection.js';
import { namesOf } from './names.js';
import { createPlatform } from './platform.js';
import { createProbes } from './probes.js';
import { answerRefused, goodbye, type Refusal } from './refused.js';

/** Of the page's other script, which is there where the configuration lets somebody inspect. */
declare const lockstepInspect: Inspection;

/** What the page itself needs of it (PROTOCOL.md §5). */
type HubConfig = { readonly hub: string; readonly session?: { readonly persistence?: string } };

/** A page that floods its own hub before the hub runs gets no more than this answered. */
const earlyMessagesMax = 16;

const configElement = document.getElementById('config');
const config = configElement?.textContent ?? '';
const early: MessageEvent[] = [];
let hub: HubModule | undefined;
/** Why there is no hub, and will be none in this document. */
let refusal: Refusal | undefined;

addEventListener('message', (event) => {
  if (refusal) answerRefused(event, refusal, config);
  else if (hub) hub.windowMessage(event);
  // The hub will obey its embedder alone (R11), so nobody else may fill the queue either.
  else if (event.source === window.parent && early.length < earlyMessagesMax) early.push(event);
});

const hubsInTab = countHubs();
if (hubsInTab > hubsMax) refuse('rate-limited');
else
  start().catch((cause) => {
    refuse('hub-failed');
    throw cause; // for the console
  });

async function start(): Promise<void> {
  // The compilation begins before anything else; `createModule` awaits it, also when it fails.
  const element = document.getElementById('module');
  const compiled = compileEmbedded(element);
  const { hub: hubUrl, session }: HubConfig = JSON.parse(config);
  const names = namesOf(hubUrl);
  const loading = createModule(compiled, () => loadFallback(hubUrl, element?.dataset.fallback ?? ''));
  // The probe begins before the module is here, since it may wait for the browser.
  const backends = openBackends(names, configElement?.dataset.sameSite ?? 'Strict', loading, {
    written: (storageArea, newValue) => hub?.storageEvent({ storageArea, key: names.record, newValue }),
    cookieGone: (companionLeft) => hub?.cookieGone(companionLeft),
    capabilitiesChanged: () => probes.request(),
  });
  const probes = createProbes(backends.probe, (capabilities) => hub?.storageCapabilitiesChanged(capabilities, false));
  const platform = createPlatform(() => hub, backends, names);
  const [made, capabilities] = await Promise.all([loading, backends.probe()]);
  const isBrowserStart = await backends.isBrowserStart(session?.persistence === 'browser');
  const module = 'lockstepInspect' in window ? lockstepInspect.begin(config, names, platform, backends, made) : made;
  const fault = module.create(config, platform);
  if (fault) throw new Error(`Wrong configuration: ${fault}`);
  hub = guarded(module, () => {
    refuse('hub-failed');
    platform.sendLast(goodbye('hub-failed'));
  });
  attachListeners();
  hub.start(randomWriter(), capabilities, !document.hidden, isBrowserStart, hubsInTab);
  for (const event of early.splice(0)) hub.windowMessage(event);
  probes.begin();
}

/** An app that learns of it makes a new frame after a while, and so a new hub. */
function refuse(code: Refusal): void {
  hub = undefined;
  refusal ??= code;
  for (const event of early.splice(0)) answerRefused(event, refusal, config);
}

async function createModule(
  compiled: Promise<WebAssembly.Module>,
  fallback: () => Promise<HubModule>,
): Promise<HubModule> {
  try {
    return await instantiate(await compiled);
  } catch (cause) {
    reportError(cause); // for the console
    return fallback().catch((failure) => {
      refuse('wasm-refused');
      throw failure;
    });
  }
}

function instantiate(wasm: WebAssembly.Module): Promise<HubModule> {
  return new Promise((resolve, reject) => {
    createHubModule({
      instantiateWasm(imports, receive) {
        WebAssembly.instantiate(wasm, imports).then(receive).catch(reject);
        return {};
      },
    }).then(resolve, reject);
  });
}

/** A module that has thrown (it has no exceptions: it was aborted) is in no state to go on. */
function guarded(module: HubModule, failed: () => void): HubModule {
  return new Proxy(module, {
    get:
      (_, name: keyof HubModule) =>
      (...given: unknown[]) => {
        try {
          return Reflect.apply(module[name], module, given);
        } catch (cause) {
          failed();
          throw cause;
        }
      },
  });
}

function attachListeners(): void {
  // Some engines report other processes' writes only to a document that has read the store; `start` reads it first
  // thing.
  addEventListener('storage', (event) => hub?.storageEvent(event));
  const woke = () => hub?.woke();
  addEventListener('pageshow', (event) => {
    if (event.persisted) woke();
  });
  document.addEventListener('resume', woke);
  document.addEventListener('visibilitychange', () => hub?.visibilityChanged(!document.hidden));
  addEventListener('pagehide', () => hub?.leaving());
  document.addEventListener('freeze', () => hub?.freezing());
  addEventListener('focus', woke);
  addEventListener('online', woke);
}

/** Names this document in the record, unlike any other. Hexadecimal: an `m` marks what was migrated (PROTOCOL §4.4). */
function randomWriter(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
