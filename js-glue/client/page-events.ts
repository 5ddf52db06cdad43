// The events of the page that concern the connection to the hub. It only listens; nothing here costs the page its place
// in the back/forward cache.

import { addressOf } from './address.js';

export type PageEvents = {
  /**
   * The network is back, or the page has become visible, or it was frozen or in the back/forward cache: it has received
   * no events meanwhile, and its hub may be gone.
   */
  readonly seen: () => void;
  /** The page's own policy forbids to embed the hub. */
  readonly frameBlocked: () => void;
};

export function watchPage(hub: URL, events: PageEvents, signal: AbortSignal): void {
  const options = { signal };
  document.addEventListener(
    'securitypolicyviolation',
    ({ disposition, blockedURI, effectiveDirective }) => {
      // A policy that only reports forbids nothing.
      if (disposition !== 'enforce' || addressOf(blockedURI)?.origin !== hub.origin) return;
      // The directive that applies, or the one that it falls back to. Images and scripts of the hub's host are not the
      // frame.
      if (/^(frame|child|default)-src$/.test(effectiveDirective)) events.frameBlocked();
    },
    options,
  );
  document.addEventListener('visibilitychange', () => document.hidden || events.seen(), options);
  document.addEventListener('resume', events.seen, options);
  addEventListener('pageshow', ({ persisted }) => persisted && events.seen(), options);
  addEventListener('online', events.seen, options);
}

/** Chromium loads no cross-origin frame in a page that is prerendered, before that page is shown. */
export function isPrerendering(): boolean {
  return (document as { readonly prerendering?: boolean }).prerendering === true;
}
