// Why a hub did not answer in time. The embedder of a frame learns nothing about it (`load` fires for an error page
// too). So the hub's page is fetched, without credentials, and its text is examined. It names a cause only where it is
// sure. It is loaded when it is needed, and imports nothing of the first load, so that it stays a file of its own.

import type { LockstepErrorCode } from './errors.js';

export type Finding = readonly [code: LockstepErrorCode, message: string, options?: { readonly cause: unknown }];

/** By then the link has given up and reported a time-out. */
const waitMsMax = 5000;

/** Rejects when no cause can be named. */
export async function diagnose(hub: string, life: AbortSignal): Promise<Finding> {
  const signal = AbortSignal.any([life, AbortSignal.timeout(waitMsMax)]);
  const isForbidden = watchPolicy(new URL(hub).origin, signal);
  const init: RequestInit = { credentials: 'omit', cache: 'no-store', signal };
  try {
    const response = await fetch(hub, init);
    if (!response.ok) return ['hub-not-found', `The hub's URL answers ${response.status}.`];
    return findingOf(await response.text());
  } catch (cause) {
    const there = await fetch(hub, { ...init, mode: 'no-cors' }).catch(() => signal.aborted);
    // The event that says so is dispatched a moment after the fetch has failed.
    await new Promise((resolve) => setTimeout(resolve));
    if (there || isForbidden()) throw cause;
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

/** Of a page that can be fetched but did not answer in the frame. It lists the origins it allows (PROTOCOL.md §5). */
function findingOf(page: string): Finding {
  // Not the location's: a sandboxed page has an opaque origin, whatever its URL says.
  const { origin } = window;
  if (!page.includes('name="lockstep-hub"')) return ['not-a-hub', "The hub's URL shows no hub."];
  // The hub's script is in the page, too, and has texts such as "null"; and an embedder's origin is no app's.
  const config = page.split(' id="config">')[1]?.split('</script>')[0] ?? '';
  return [origin, origin.replace(/\/\/[^.]+/, '//*')].some((each) => config.includes(`"origin":"${each}"`))
    ? ['frame-refused', 'The hub may not be framed here: see its frame-ancestors and X-Frame-Options.']
    : ['origin-refused', 'The hub does not list this origin: see "apps" in lockstep.config.json.'];
}
