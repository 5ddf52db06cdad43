// Why a hub did not answer in time. A frame tells its embedder nothing (`load` fires for an error page too), so the hub's page is
// fetched, without credentials, and its text looked at, and the files it names are asked for. It names a cause only where it is
// sure. It is loaded when it is needed, and imports nothing that the first load has, so that it stays a file of its own.

import type { LockstepErrorCode } from './errors.js';

export type Finding = readonly [code: LockstepErrorCode, message: string, options?: { readonly cause: unknown }];

/** By then the app has been told that the hub did not answer in time. */
const waitMsMax = 5000;

/** Rejects when no cause can be named. */
export async function diagnose(hub: string, life: AbortSignal): Promise<Finding> {
  const signal = AbortSignal.any([life, AbortSignal.timeout(waitMsMax)]);
  const init: RequestInit = { credentials: 'omit', cache: 'no-store', signal };
  try {
    const response = await fetch(hub, init);
    if (!response.ok) return ['hub-not-found', `The hub's URL answers ${response.status}.`];
    const page = await response.text();
    return judged(page) ?? (await missing(page, response.url, signal)) ?? frameRefused;
  } catch (cause) {
    const there = await fetch(hub, { ...init, mode: 'no-cors' }).catch(() => signal.aborted);
    // Where the page's own policy forbids to ask, the event that says so is on its way now, and is to be heard first.
    await new Promise((resolve) => setTimeout(resolve));
    if (there) throw cause;
    return ['hub-unreachable', 'The hub cannot be reached.', { cause }];
  }
}

const frameRefused: Finding = [
  'frame-refused',
  'The hub may not be framed here: see its frame-ancestors and X-Frame-Options.',
];

/** A page that came but did not answer. It lists the origins it allows (PROTOCOL.md §5). */
function judged(page: string): Finding | undefined {
  // Not the location's: a sandboxed page has an opaque origin, whatever its URL says.
  const { origin } = window;
  if (!page.includes('name="lockstep-hub"')) return ['not-a-hub', "The hub's URL shows no hub."];
  if (page.includes(`"${origin}"`) || page.includes(`"${origin.replace(/\/\/[^.]+/, '//*')}"`)) return undefined;
  return ['origin-refused', 'The hub does not list this origin: see "apps" in lockstep.config.json.'];
}

/** The page's script and module (PROTOCOL.md §5). Asked of the server, not of a cache that may remember that they were missing. */
async function missing(page: string, url: string, signal: AbortSignal): Promise<Finding | undefined> {
  const named = [...new Set(page.match(/hub\.[0-9a-f]{16}\.(js|wasm)/g))].slice(0, 2);
  const init: RequestInit = { credentials: 'omit', cache: 'no-cache', signal };
  const answers = await Promise.all(named.map((name) => fetch(new URL(name, url), init)));
  // Many hosts answer with a page where there is no file.
  const found = answers.every(({ ok, headers }) => ok && !headers.get('content-type')?.startsWith('text/html'));
  return found ? undefined : ['hub-not-found', 'A file of the hub is missing: deploy the whole folder.'];
}
