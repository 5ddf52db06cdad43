// Decides the HTTP headers a hub is served with. They are the hub's outer wall: who may embed it, what may run in it.
// The inner one is the hub's own check of every origin; these headers must never be narrower than it, nor replace it.

import { callbackName } from './artefacts.js';
import type { Config } from './config.js';
import { providerOf } from './hub-check.js';
import type { AppOrigin } from './origin.js';

export type Headers = Readonly<Record<string, string>>;

/** A new build is in use soon, and nobody waits for the server meanwhile. */
const fiveMinutes = 'public, max-age=300, stale-while-revalidate=3600';

/** Those of the client's script, which pages of other origins load: with COEP, and with a hash of their own, too. */
export const clientHeaders: Headers = {
  'Content-Type': 'text/javascript; charset=utf-8',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Access-Control-Allow-Origin': '*',
  'Cache-Control': fiveMinutes,
  'X-Content-Type-Options': 'nosniff',
};

/** `scripts`: the source expressions of the page's script and its fallback. */
export function headersOf(config: Config, scripts: string): Headers {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': `${pagePolicy(config, scripts)}; frame-ancestors ${ancestorsOf(config).join(' ')}`,
    // A page with COEP may embed the hub only if the hub has this and a Cross-Origin-Resource-Policy. Below it browsers
    // refuse the answer of a provider, which has no such header: a redirect, too (measured in Chromium).
    ...(providerOf(config) ? {} : { 'Cross-Origin-Embedder-Policy': 'require-corp' }),
    'Cross-Origin-Resource-Policy': 'cross-origin',
    // The page is the same for everybody; the client reads it to find out why a frame failed.
    'Access-Control-Allow-Origin': '*',
    // It must see whether it was one of these that forbade the frame.
    'Access-Control-Expose-Headers': 'Content-Security-Policy, X-Frame-Options',
    'Cache-Control': fiveMinutes,
    // Gives the hubs a process of their own in Chromium, shared by all tabs. In the app's process the hub's work waits
    // some 50 ms after a real click, since Chromium defers other tasks there in favour of what the user did: measured,
    // a logout by a click reached the other tab after 57 to 79 ms without this, and 3 to 9 ms with it.
    'Origin-Agent-Cluster': '?1',
    'Permissions-Policy':
      'camera=(), display-capture=(), fullscreen=(), geolocation=(), microphone=(), payment=(), usb=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}

/**
 * What the page says of itself, too, for a host that sends no header of ours; a `<meta>` can say all but
 * `frame-ancestors`.
 *
 * A file is allowed by its hash, too, where the element that loads it has the same (`integrity`). Not by `'self'`: that
 * is every file of the hub's server. Nor by `'strict-dynamic'`: with that a script that got into the page could load
 * more of them from anywhere.
 */
export function pagePolicy(config: Config, scripts: string): string {
  const { hub, check, push } = config;
  const asksItself = push !== undefined || (check !== undefined && 'url' in check);
  const endpoint = providerOf(config)?.authorizationEndpoint;
  return [
    "default-src 'none'",
    ...(asksItself ? ["connect-src 'self'"] : []),
    // The frame that asks the provider, on its way to it and back. What the provider shows in it has no place here.
    ...(endpoint === undefined ? [] : [`frame-src ${new URL(endpoint).origin} ${hub.url}${callbackName}`]),
    `script-src ${scripts} 'wasm-unsafe-eval'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/**
 * In a policy `https://*.acme.com` also matches `https://a.b.acme.com`, http matches https, and a scheme alone all of
 * its pages. All three are wider than the allow-list, and harmless: the hub's own check is the narrow one, and answers
 * nobody else.
 */
export function ancestorsOf(config: Config): readonly string[] {
  const { hub, apps, embedders } = config;
  // The callback page is in a frame of the hub; hosts that have one set of headers for the whole folder know no other.
  const own = providerOf(config) ? [hub.origin] : [];
  return [...new Set([...[...apps.map(({ origin }) => origin), ...embedders].map(sourceOf), ...own])];
}

/**
 * Content Security Policy Level 3 §2.3.1: the host of a source expression has letters, digits, `-` and single dots. A
 * native shell may have another one (`app://.`), of which only the scheme can be said. For all others the origin itself
 * can: all engines compare scheme, host and port as they stand.
 */
export function sourceOf({ text, scheme, host }: AppOrigin): string {
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(host) ? text : scheme;
}
