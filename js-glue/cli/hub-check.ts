// Whom the hub asks, as its owner writes it: a URL of the hub's own origin, or the provider itself. It goes into
// policies and into requests, so nothing is taken that could be read in two ways.

import type { Hub } from './config.js';
import { checkOrigin, isLoopback, parseUrl, registrableDomain, siteOf } from './origin.js';
import { type Finding, member, type Source } from './source.js';

/** A URL of the hub's own origin, absolute; or the provider. */
export type Check = { readonly url: string } | ProviderCheck;

export type ProviderCheck = {
  /** To the letter, as the provider writes it in `iss`. */
  readonly issuer: string;
  readonly clientId: string;
  /** Absent: the issuer has to be asked for it before a hub can be built. */
  readonly authorizationEndpoint?: string;
};

/** The provider that the hub asks by itself, where it does. */
export function providerOf({ check }: { readonly check?: Check | undefined }): ProviderCheck | undefined {
  return check !== undefined && 'issuer' in check ? check : undefined;
}

/** Where both are written, each is checked. */
export function checkCheck(
  source: Source,
  hub: Hub,
  discovered: string | undefined,
  faults: Finding[],
): Check | undefined {
  const check = member(source.value, 'check');
  const provider = checkProvider(source, hub, discovered, faults);
  const url = checkOwnUrl(source, 'check', '/session', hub, faults);
  const isObject = typeof check === 'object' && check !== null && !Array.isArray(check);
  if (isObject && !['url', 'issuer', 'clientId'].some((key) => Object.hasOwn(check, key)))
    faults.push(source.at(['check'], 'lacks the key "url"', 'add for example "url": "/session"'));
  if (member(check, 'url') === undefined) return provider;
  if (member(check, 'issuer') !== undefined)
    faults.push(source.at(['check'], '"check" has both "url" and "issuer", and one of them is asked', 'remove one'));
  return url === undefined ? undefined : { url };
}

/** In the order of PROTOCOL.md §5. */
export function builtCheck(check: Check): Check {
  if ('url' in check) return check;
  const { issuer, clientId, authorizationEndpoint } = check;
  return { issuer, clientId, ...(authorizationEndpoint !== undefined && { authorizationEndpoint }) };
}

/** A URL that the hub asks, in canonical form, when it is written so that it cannot be read in two ways. */
export function checkOwnUrl(
  source: Source,
  key: 'check' | 'push',
  example: string,
  hub: Hub,
  faults: Finding[],
): string | undefined {
  const text = member(member(source.value, key), 'url');
  if (typeof text !== 'string') return undefined;
  const fault = (sentence: string, suggestion?: string): undefined => {
    faults.push(source.at([key, 'url'], `"url" ${sentence}`, suggestion));
    return undefined;
  };

  const isPath = /^\/(?![/\\])/.test(text);
  const url = isPath ? new URL(text, hub.origin) : parseUrl(text);
  if (url === undefined) return fault('is neither a path nor a URL', `write for example "${example}"`);
  if (url.origin !== hub.origin)
    return fault(
      `must have the origin of the hub, ${hub.origin}, which is all a hub may ask`,
      `write for example "${example}"`,
    );
  if (url.username !== '' || url.password !== '')
    return fault('has a user name or password, which no request may carry');
  if (text.includes('#')) return fault('has a fragment, which is never sent');
  if (key === 'push' && text.includes('?')) return fault('has a query, in which the hub says whose session it is');
  // The path is written unquoted in the Content-Security-Policy and in the header files of several servers.
  if (!/^(\/[A-Za-z0-9._~-]+)*\/?$/.test(url.pathname))
    return fault('may have only letters, digits, . _ ~ and - between the slashes of its path');
  if (url.pathname.replace(/index\.html$/, '') === hub.path) return fault('is the page of the hub itself');
  const canonical = isPath ? url.href.slice(url.origin.length) : url.href;
  if (text !== canonical) return fault('is not in canonical form', `write "${canonical}"`);
  return url.href;
}

/** `discovered`: as `checkConfig` has it. */
function checkProvider(
  source: Source,
  hub: Hub,
  discovered: string | undefined,
  faults: Finding[],
): ProviderCheck | undefined {
  const check = member(source.value, 'check');
  const [issuer, clientId] = [member(check, 'issuer'), member(check, 'clientId')];
  const endpoint = member(check, 'authorizationEndpoint') ?? discovered;
  const count = faults.length;
  // What is empty is a fault of the shape already.
  if (typeof issuer === 'string' && issuer !== '') checkIssuerUrl(source, issuer, faults);
  if (typeof clientId === 'string') checkClientId(source, clientId, faults);
  if (typeof endpoint === 'string' && endpoint !== '') checkEndpoint(source, endpoint, hub, faults);
  if (typeof issuer !== 'string' || typeof clientId !== 'string' || faults.length > count) return undefined;
  return { issuer, clientId, ...(typeof endpoint === 'string' && { authorizationEndpoint: endpoint }) };
}

type Fault = (sentence: string, suggestion?: string) => unknown;

function faultAt(source: Source, key: string, faults: Finding[]): Fault {
  return (sentence, suggestion) =>
    faults.push(source.at(['check', key], `${JSON.stringify(key)} ${sentence}`, suggestion));
}

/** OpenID Connect Discovery 1.0 §3: an https URL without query or fragment. A slash at its end is a part of it. */
function checkIssuerUrl(source: Source, text: string, faults: Finding[]): void {
  const fault = faultAt(source, 'issuer', faults);
  const url = checkProviderUrl(text, fault);
  if (url === undefined) return;
  if (/[?#]/.test(text)) fault('has a query or a fragment, which no issuer has');
  else if (text !== url.href && `${text}/` !== url.href)
    fault('is not in canonical form', `write "${url.href}", if the provider does`);
}

/** RFC 6749 §3.1: a URL without a fragment; a query of its own stays in every request. */
function checkEndpoint(source: Source, text: string, hub: Hub, faults: Finding[]): void {
  const fault = faultAt(source, 'authorizationEndpoint', faults);
  const url = checkProviderUrl(text, fault);
  if (url === undefined) return;
  if (text.includes('#')) return void fault('has a fragment, which is never sent');
  if (text !== url.href) return void fault('is not in canonical form', `write "${url.href}"`);
  const site = registrableDomain(hub.host);
  if (site !== undefined && url.hostname.endsWith(`.${site}`) && registrableDomain(url.hostname) !== site)
    fault(
      `lies under a public suffix inside the hub's own site "${site}"`,
      'give the hub a domain that is no parent of a public suffix',
    );
}

/** What both have in common: a host that a policy can name, and a line on which nobody else can answer. */
function checkProviderUrl(text: string, fault: Fault): URL | undefined {
  const url = parseUrl(text);
  const example = 'write for example "https://login.acme.com"';
  if (url === undefined) return void fault('is not a URL', example);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return void fault('must begin with https://', example);
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return void fault('is plain http: anybody on the way could say that the session has ended', 'write https://');
  if (url.username !== '' || url.password !== '') return void fault('has a user name or password');
  const verdict = checkOrigin(url.origin);
  if ('sentence' in verdict) return void fault(`has an origin that cannot be used: ${verdict.sentence}`);
  // Two spellings of a host are two texts to a policy, and to whoever compares issuers.
  if (!text.startsWith(url.origin)) return void fault('is not in canonical form', `begin with "${url.origin}"`);
  return url;
}

/** RFC 6749 §A.1: printable ASCII. */
function checkClientId(source: Source, text: string, faults: Finding[]): void {
  const fault = faultAt(source, 'clientId', faults);
  if (/[^\x20-\x7e]/.test(text)) fault('has a character that is no printable ASCII, which no client identifier has');
  else if (text !== text.trim()) fault('begins or ends with a space', `write "${text.trim()}"`);
}

/** What a provider brings about that is of another site: PROTOCOL.md §5. */
export function providerWarnings(
  source: Source,
  { issuer, authorizationEndpoint }: ProviderCheck,
  hub: Hub,
): readonly Finding[] {
  const url = new URL(authorizationEndpoint ?? issuer);
  if (siteOf({ scheme: url.protocol, host: url.hostname }) === siteOf(hub)) return [];
  const sentence =
    `"${url.origin}" is of another site than the hub: browsers may keep its cookies from it there, so this check can ` +
    'prolong a session, and never end one';
  return [source.at(['check', 'issuer'], sentence, 'give the provider a name on the site of the hub')];
}
