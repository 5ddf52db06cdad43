// Why a hub did not answer in time. The embedder of a frame learns nothing about it (`load` fires for an error page
// too). So the hub's page is fetched, and its headers and text are examined. A code is named only where there is
// evidence for it. To fetch the page is no look into the frame, which is asked for with cookies and at another time:
// that a page could be shown there does not mean that it was. Whatever is not certain is a time-out, whose message says
// what is known. This is loaded when it is needed, and imports nothing of the first load, so that it stays a file of
// its own.

import type { LockstepErrorCode } from './errors.js';

export type Finding = readonly [code: LockstepErrorCode, message: string, options?: { readonly cause: unknown }];

/** By then the link has given up and reported a time-out. */
const waitMsMax = 5000;

/** Rejects when nothing is known. */
export async function diagnose(hub: string, frame: HTMLIFrameElement | undefined, life: AbortSignal): Promise<Finding> {
  // Consent tools do that until the user agrees.
  if (frame?.src !== hub) return timeout("This page has changed the address of the hub's frame.");
  const waiting = new AbortController();
  const end = () => {
    clearTimeout(timer);
    waiting.abort();
  };
  const timer = setTimeout(end, waitMsMax);
  life.addEventListener('abort', end, { signal: waiting.signal });
  return ask(hub, waiting.signal).finally(end);
}

async function ask(hub: string, signal: AbortSignal): Promise<Finding> {
  const { origin } = new URL(hub);
  const isForbidden = watchPolicy(origin, signal);
  const init: RequestInit = { credentials: 'omit', cache: 'no-store', signal };
  try {
    return await findingOf(await fetch(hub, init), origin);
  } catch (cause) {
    const there = await fetch(hub, { ...init, mode: 'no-cors' }).catch(() => signal.aborted);
    // The event that says so is dispatched a moment after the fetch has failed.
    await new Promise((resolve) => setTimeout(resolve));
    // A page with cross-origin isolation may not fetch all that is there.
    if (there || isForbidden() || window.crossOriginIsolated) throw cause;
    return ['hub-unreachable', 'The hub cannot be reached.', { cause }];
  }
}

/** Does the page's own policy forbid to fetch from there? Then a fetch that fails says nothing about the hub. */
function watchPolicy(origin: string, signal: AbortSignal): () => boolean {
  let isForbidden = false;
  document.addEventListener(
    'securitypolicyviolation',
    ({ disposition, effectiveDirective, blockedURI }) => {
      // The origin alone, or with a path.
      if (!`${blockedURI}/`.startsWith(`${origin}/`)) return;
      if (disposition === 'enforce' && effectiveDirective === 'connect-src') isForbidden = true;
    },
    { signal },
  );
  return () => isForbidden;
}

function timeout(known: string): Finding {
  return ['timeout', `The hub did not answer. ${known}.`];
}

async function findingOf(response: Response, hub: string): Promise<Finding> {
  const { origin } = new URL(response.url);
  // What another server says, or a service worker in the hub's place, is nothing about the hub.
  if (origin !== hub) return timeout(`Its URL leads to ${origin}`);
  const answers = `URL answers ${response.status}`;
  if (response.status === 404) return ['hub-not-found', `The hub's ${answers}.`];
  // It may answer otherwise to who has cookies, or to a frame.
  if (!response.ok) return timeout(`Without cookies, its ${answers}`);
  const page = await response.text();
  if (!page.includes('name="lockstep-hub"')) return ['not-a-hub', "The hub's URL shows no hub."];
  // Throws where the page was altered on the way. Its script has texts such as "null", too.
  const apps = JSON.parse(page.split(' id="config">')[1]?.split('</script>')[0] ?? '').apps as { origin: string }[];
  // Not the location's: a sandboxed page has an opaque origin, whatever its URL says.
  const ours = window.origin;
  if (!apps.some((app) => [ours, ours.replace(/\/\/[^.]+/, '//*')].includes(app.origin)))
    return ['origin-refused', 'The hub does not list this origin: see "apps" in lockstep.config.json.'];
  const { refusalOf } = await import('./framing.js');
  const refusal = refusalOf(response.headers, [ours, ...(location.ancestorOrigins ?? [])], hub);
  return refusal
    ? ['frame-refused', `The hub may not be framed here: its ${refusal}.`]
    : timeout('Without cookies, its page is there and lists this origin');
}
