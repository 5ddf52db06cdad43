// Decides the HTTP headers a hub is served with. Those of the page are the hub's outer wall: who may embed it, what may run in it.
// The inner one is the hub's own check of every origin; these headers must never be narrower than it, nor replace it.

import type { Config } from './config.js';
import type { HubPage } from './html.js';

export type Headers = Readonly<Record<string, string>>;
export type HubHeaders = {
  readonly page: Headers;
  /** Of the script and the module, by file name. */
  readonly files: ReadonlyMap<string, Headers>;
};

/** Everything is public and the same for everybody; the client reads it to find out why a frame failed. */
const readable: Headers = { 'Cross-Origin-Resource-Policy': 'cross-origin', 'Access-Control-Allow-Origin': '*' };

export function headersOf(config: Config, { scriptName, moduleName }: HubPage): HubHeaders {
  return {
    page: pageHeaders(config),
    files: new Map([
      [scriptName, fileHeaders('text/javascript; charset=utf-8')],
      [moduleName, fileHeaders('application/wasm')],
    ]),
  };
}

function pageHeaders(config: Config): Headers {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': contentSecurityPolicy(config),
    // A page with COEP may embed the hub only if the hub has this and a Cross-Origin-Resource-Policy.
    'Cross-Origin-Embedder-Policy': 'require-corp',
    ...readable,
    'Cache-Control': 'public, max-age=300, stale-while-revalidate=3600',
    // Gives the hubs a process of their own in Chromium, shared by all tabs. In the app's process the hub's work waits some 50 ms
    // after a real click, since Chromium defers other tasks there in favour of what the user did: measured, a logout by a click
    // reached the other tab after 57 to 79 ms without this, and 3 to 9 ms with it.
    'Origin-Agent-Cluster': '?1',
    'Permissions-Policy':
      'camera=(), display-capture=(), fullscreen=(), geolocation=(), microphone=(), payment=(), usb=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}

/** A file's name changes with its content, so nobody need ever ask for it again. */
function fileHeaders(type: string): Headers {
  return {
    'Content-Type': type,
    ...readable,
    'Cache-Control': 'public, max-age=31536000, immutable',
    'X-Content-Type-Options': 'nosniff',
  };
}

function contentSecurityPolicy({ apps }: Config): string {
  // In a policy `https://*.acme.com` also matches `https://a.b.acme.com`, and http matches https. Both are wider than
  // the allow-list, and harmless: the hub's own check is the narrow one, and answers nobody else.
  const ancestors = apps.map(({ origin }) => origin.text).join(' ');
  return [
    "default-src 'none'",
    // For its own module.
    "connect-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${ancestors}`,
  ].join('; ');
}
