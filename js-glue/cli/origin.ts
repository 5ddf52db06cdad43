// Decides what is an origin an app may have: exactly scheme, host and port, as the browser writes it, with at most a
// leading `*.` for one label. Whatever else is written here is refused with the canonical form beside it; nothing is
// ever corrected silently, since an allow-list must read as it acts.

import { parse as parseDomain } from 'tldts';

/** A canonical origin of the allow-list. */
export type AppOrigin = {
  /** As `location.origin` writes it, or with a leftmost label `*`. */
  readonly text: string;
  /** `https:`, `http:`, or that of a native shell or an extension: `capacitor:`, `chrome-extension:`. */
  readonly scheme: string;
  /** Without the leading `*.`, so that a site can be found for it. */
  readonly host: string;
  readonly wildcard: boolean;
};

export type OriginVerdict =
  | { readonly origin: AppOrigin }
  | { readonly sentence: string; readonly suggestion?: string; readonly canonical?: string };

/** wasm/core/limits.hpp: origin_bytes_max. A hub refuses a configuration with a longer one. */
const originBytesMax = 512;
const hostBytesMax = 253; // RFC 1035 §2.3.4, without the root's dot
const labelBytesMax = 63;

/**
 * A page of one of these has the origin of another page, an opaque one, or there is no page of it at all. The hub
 * refuses them by itself, too: wasm/codec/origin.cpp.
 */
const schemesWithoutOrigin = ['about', 'blob', 'data', 'file', 'filesystem', 'ftp', 'javascript', 'ws', 'wss'];

export function checkOrigin(text: string): OriginVerdict {
  const notAnOrigin = refuseBeforeParsing(text);
  if (notAnOrigin !== undefined) return notAnOrigin;

  const wildcard = /^https?:\/\/\*\./i.test(text);
  const url = parseUrl(wildcard ? text.replace('*.', '') : text);
  if (url === undefined)
    return refused(`${quoted(text)} is not a valid origin`, 'write scheme://host or scheme://host:port');

  // URL leaves the capitals of a host where it does not know the scheme; browsers write an origin without them.
  const canonical = `${url.protocol}//${wildcard ? '*.' : ''}${url.host.toLowerCase()}`;
  const host = isWeb(url.protocol)
    ? (refuseHost(url.hostname) ?? (wildcard ? refuseWildcard(url.hostname) : undefined))
    : refuseHostOfOwnScheme(url.hostname.toLowerCase());
  if (host !== undefined) return refused(`${quoted(text)} ${host.sentence}`, host.suggestion);
  if (url.port === '0') return refused(`${quoted(text)} has the port 0, at which nothing listens`);
  if (canonical.length > originBytesMax)
    return refused(`the origin that begins with ${quoted(text.slice(0, 40))} has more than ${originBytesMax} bytes`);
  if (text !== canonical) {
    return { ...refused(`${quoted(text)} ${reasons(text, url)}`, `write "${canonical}"`), canonical };
  }
  return { origin: { text, scheme: url.protocol, host: url.hostname, wildcard } };
}

/** Whether the hub gives a page of `canonical` the rights of `app`: wasm/core/config.cpp. */
export function isCovered(canonical: string, app: AppOrigin): boolean {
  return canonical === app.text || (app.wildcard && canonical.replace(/\/\/[a-z\d-]+\./, '//*.') === app.text);
}

/** Of any other scheme only the native shell or the browser knows what its host means: it has no site. */
export function isWeb(scheme: string): boolean {
  return scheme === 'https:' || scheme === 'http:';
}

/** Scheme and registrable domain; the host itself where there is none (an IP address, a single label). */
export function siteOf(origin: { readonly scheme: string; readonly host: string }): string {
  return `${origin.scheme}//${registrableDomain(origin.host) ?? origin.host}`;
}

/** Private suffixes count: two customers of github.io are two sites to a browser, too. */
export function registrableDomain(host: string): string | undefined {
  return parseDomain(host, { allowPrivateDomains: true }).domain ?? undefined;
}

/** Hosts that browsers treat as this machine, and so as secure over plain http. */
export function isLoopback(host: string): boolean {
  return /^(.+\.)?localhost$|^127(\.\d+){3}$|^\[::1\]$/.test(host);
}

export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Why this host can stand in no allow-list and no header; nothing when it can. Host as URL writes it. */
export function refuseHost(host: string): { readonly sentence: string; readonly suggestion?: string } | undefined {
  // Chromium drops such a source from frame-ancestors, so the browser would never let the app embed the hub.
  if (host.startsWith('['))
    return refused('is an IPv6 address, which a Content-Security-Policy cannot name', 'use a host name');
  if (host.endsWith('.')) return refused('ends its host with a dot', `write the host as "${host.slice(0, -1)}"`);
  const labels = host.split('.');
  if (labels.includes('')) return refused('has an empty label in its host');
  if (host.length > hostBytesMax || labels.some((label) => label.length > labelBytesMax)) {
    return refused(`has a host that is too long: a label has at most ${labelBytesMax} bytes, a host ${hostBytesMax}`);
  }
  const strange = /[^a-z0-9.-]/.exec(host)?.[0];
  if (strange === undefined) return undefined;
  return refused(
    `has ${quoted(strange)} in its host, which a Content-Security-Policy cannot name`,
    'use letters, digits and -',
  );
}

function refuseBeforeParsing(text: string): OriginVerdict | undefined {
  if (text === 'null') {
    return refused('"null" is what every opaque origin shows (sandboxed frames, data: URLs); it can never be allowed');
  }
  const [, scheme] = /^([a-z][a-z0-9+.-]*):/i.exec(text) ?? [];
  const isOwnScheme = scheme !== undefined && text.startsWith('//', scheme.length + 1) && !/^https?$/i.test(scheme);
  const star = text.replace(/^(https?:\/\/)?\*\./i, '').includes('*');
  // The brackets of an IPv6 address are no regular expression, nor is the + of a scheme.
  const plain = text.replace(/\/\/(\*\.)?\[[0-9a-f:.]*\]/i, '//').replace(/^[a-z][a-z0-9+.-]*:/i, '');
  if (/[\\^$()[\]{}|+]/.test(plain) || /\/\/\.\*/.test(text)) {
    return refused(
      `${quoted(text)} looks like a regular expression; origins are exact`,
      'list each origin, or write *. for one label',
    );
  }
  if (isOwnScheme && text.includes('*'))
    return refused(`${quoted(text)} has *, which is for a label of an http or https host`, 'list each origin');
  if (star) {
    return refused(
      `${quoted(text)} has * in a place of no meaning; it matches one whole label, at the left end`,
      'write for example "https://*.preview.acme.com"',
    );
  }
  if (scheme?.toLowerCase() === 'file') {
    return refused(
      `${quoted(text)}: pages from file: have an opaque origin and never match`,
      'serve the app over http',
    );
  }
  // `localhost:3000` would parse as a URL of the scheme `localhost`.
  if (scheme === undefined || /^[^:/]+:\d+(\/|$)/.test(text)) {
    const url = parseUrl(`https://${text}`);
    const local = url !== undefined && isLoopback(url.hostname);
    const named = url?.hostname.includes('.') && !/^\d+$/.test(text);
    const known = named || local ? `write "${local ? 'http' : 'https'}://${url?.host}"` : undefined;
    return refused(`${quoted(text)} has no scheme`, known ?? 'begin with https://');
  }
  if (schemesWithoutOrigin.includes(scheme.toLowerCase()))
    return refused(`${quoted(text)} can never match: no page has an origin of ${scheme}:`);
  return undefined;
}

function refuseHostOfOwnScheme(host: string): { readonly sentence: string; readonly suggestion?: string } | undefined {
  if (host === '')
    return refused('has no host', 'write what location.origin shows there, such as "capacitor://localhost"');
  if (host.length > hostBytesMax) return refused(`has a host of more than ${hostBytesMax} bytes`);
  const strange = /[^a-z0-9._-]/.exec(host)?.[0];
  return strange === undefined ? undefined : refused(`has ${quoted(strange)} in its host`);
}

function refuseWildcard(host: string): { readonly sentence: string; readonly suggestion?: string } | undefined {
  const domain = parseDomain(host, { allowPrivateDomains: true });
  if (domain.isIp) return refused('puts *. before an IP address, which has no subdomains');
  const below = `x.${host}`;
  // Whoever registers a name below the suffix would be allowed: so the probe must belong to somebody above it.
  const owner = registrableDomain(below);
  if (owner !== undefined && owner !== below) return undefined;
  const what = host.includes('.') ? 'the public suffix' : 'the single label';
  return refused(
    `puts *. on ${what} "${host}", below which every name is a site of its own`,
    `put a domain of yours between: "*.yours.${host}"`,
  );
}

/** Everything by which a parseable text differs from its canonical form, in one phrase. */
function reasons(text: string, url: URL): string {
  const [, authority = '', rest = ''] = /^[^:]*:\/*([^/?#\\]*)(.*)$/s.exec(text) ?? [];
  const host = authority.replace(/^.*@/s, '');
  const extra = [
    authority.includes('@') && 'a user name or password',
    /^[/\\](?=$|[?#])/.test(rest) && 'a slash at the end',
    /^[/\\][^?#]/.test(rest) && 'a path',
    rest.split('#')[0]?.includes('?') && 'a query',
    rest.includes('#') && 'a fragment',
    /:\d*$/.test(host) && url.port === '' && 'the default port',
    /[A-Z]/.test(text.slice(0, text.length - rest.length)) && 'upper-case letters',
    /[^\p{ASCII}]/u.test(host) && 'letters outside ASCII, which a browser writes as punycode',
  ].filter((reason) => typeof reason === 'string');
  if (extra.length === 0) return 'is not written the way a browser writes it';
  return `has ${extra.join(', ')}; an origin is only scheme, host and port in canonical form`;
}

function refused(sentence: string, suggestion?: string): { readonly sentence: string; readonly suggestion?: string } {
  return suggestion === undefined ? { sentence } : { sentence, suggestion };
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
