// Why a hub did not answer in time. A frame tells its embedder nothing (`load` fires for an error page too), so the hub's page is
// fetched, without credentials, and its text looked at. It names a cause only where it is sure; else it says `timeout`.

import { LockstepError, timedOut } from './errors.js';

/** Never rejects. The caller ends it through the signal, early or late; ended early it answers `timeout`. */
export async function diagnose(hub: string, signal: AbortSignal): Promise<LockstepError> {
  const init: RequestInit = { credentials: 'omit', cache: 'no-store', signal };
  try {
    const response = await fetch(hub, init);
    if (!response.ok) return new LockstepError('hub-not-found', `The hub's URL answers ${response.status}.`);
    return judged(await response.text());
  } catch (cause) {
    const there = await fetch(hub, { ...init, mode: 'no-cors' }).catch(() => signal.aborted);
    // Where the page's own policy forbids to ask, the event that says so is on its way now, and is to be heard first.
    await new Promise((resolve) => setTimeout(resolve));
    return there ? timedOut(cause) : new LockstepError('hub-unreachable', 'The hub cannot be reached.', { cause });
  }
}

/** Of a page that came but did not answer. It lists the origins it allows (PROTOCOL.md §5). */
function judged(page: string): LockstepError {
  // Not the location's: a sandboxed page has an opaque origin, whatever its URL says.
  const { origin } = window;
  if (!page.includes('name="lockstep-hub"')) return new LockstepError('not-a-hub', "The hub's URL shows no hub.");
  return page.includes(`"${origin}"`) || page.includes(`"${origin.replace(/\/\/[^.]+/, '//*')}"`)
    ? new LockstepError('frame-refused', 'The hub may not be framed here: see its frame-ancestors and X-Frame-Options.')
    : new LockstepError('origin-refused', 'The hub does not list this origin: see "apps" in lockstep.config.json.');
}
