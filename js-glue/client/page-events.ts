// What happens to the page that the way to the hub must know of. It listens only; nothing here costs the page its place in the
// back/forward cache.

import { LockstepError, timedOut } from './errors.js';

/**
 * `seen`: the network is back, or the page is looked at. `woke`: the page comes from where it heard nothing, so that the hub's memory
 * may be old. `forbidden`: the page's own policy keeps it from the hub.
 */
export function watchPage(
  hub: URL,
  options: { readonly signal: AbortSignal },
  seen: () => void,
  woke: () => void,
  forbidden: (error: LockstepError) => void,
): void {
  document.addEventListener(
    'securitypolicyviolation',
    ({ disposition, blockedURI, effectiveDirective }) => {
      // A policy that merely reports forbids nothing.
      if (disposition !== 'enforce' || !blockedURI.startsWith(hub.origin)) return;
      // It may forbid the diagnosis, which says nothing about the hub. All else that is asked of the hub is its frame.
      forbidden(
        effectiveDirective === 'connect-src'
          ? timedOut()
          : new LockstepError('frame-blocked', "This page's frame-src forbids the hub."),
      );
    },
    options,
  );
  document.addEventListener('visibilitychange', () => document.hidden || seen(), options);
  document.addEventListener('resume', woke, options);
  addEventListener('pageshow', ({ persisted }) => persisted && woke(), options);
  addEventListener('online', seen, options);
}
