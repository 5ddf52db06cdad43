// The events of the page that concern the connection to the hub. It only listens; nothing here costs the page its place
// in the back/forward cache.

import { addressOf } from './address.js';

/**
 * `seen`: the network is back, or the page has become visible, or it was frozen or in the back/forward cache, which is
 * `isBack`: it has received no events meanwhile, and its hub may be gone. `frameBlocked`: the page's own policy forbids
 * to embed it.
 */
export function watchPage(
  hub: URL,
  seen: (isBack: boolean) => void,
  frameBlocked: () => void,
  signal: AbortSignal,
): void {
  const options = { signal };
  document.addEventListener(
    'securitypolicyviolation',
    ({ disposition, blockedURI, effectiveDirective }) => {
      // A policy that only reports forbids nothing.
      if (disposition !== 'enforce' || addressOf(blockedURI)?.origin !== hub.origin) return;
      // The directive that applies, or the one that it falls back to. Images and scripts of the hub's host are not the
      // frame.
      if (/^(frame|child|default)-src$/.test(effectiveDirective)) frameBlocked();
    },
    options,
  );
  const awake = () => seen(false);
  document.addEventListener('visibilitychange', () => document.hidden || awake(), options);
  document.addEventListener('resume', awake, options);
  addEventListener('pageshow', ({ persisted }) => persisted && seen(true), options);
  addEventListener('online', awake, options);
}

/** Chromium loads no cross-origin frame in a page that is prerendered, before that page is shown. */
export function isPrerendering(): boolean {
  return (document as { readonly prerendering?: boolean }).prerendering === true;
}
