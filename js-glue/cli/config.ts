// Turns the owner's text into the configuration of a hub, or into every fault of it at once. What a schema cannot say
// is decided here: origins, the hub's URL, how times and schemes fit together. Must never correct anything silently.

import { builtCheck, type Check, checkCheck, checkOwnUrl, providerOf, providerWarnings } from './hub-check.js';
import {
  type AppOrigin,
  checkOrigin,
  isCovered,
  isLoopback,
  isWeb,
  type OriginVerdict,
  parseUrl,
  refuseHost,
  registrableDomain,
  siteOf,
} from './origin.js';
import { type Capability, capabilities, hasShape, type Shape, shapeFaults } from './shape.js';
import { type Finding, member, readSource, type Source } from './source.js';

export type App = { readonly origin: AppOrigin; readonly can: readonly Capability[] };

export type Hub = {
  readonly url: string;
  readonly origin: string;
  readonly scheme: 'http:' | 'https:';
  readonly host: string;
  /** Ends with a slash. */
  readonly path: string;
};

export type Config = {
  readonly hub: Hub;
  readonly apps: readonly App[];
  /** Who else may be above an app in the page: for `frame-ancestors`, without any right. */
  readonly embedders: readonly AppOrigin[];
  /** Whose pages may inspect all hubs of a browser: apps, each written as the one origin that it is. */
  readonly inspect: readonly AppOrigin[];
  readonly session: NonNullable<Shape['session']>;
  readonly check?: Check;
  /** Absolute, of the hub's origin. */
  readonly push?: { readonly url: string };
  readonly issuer?: string;
};

export type Checked =
  | { readonly config: Config; readonly warnings: readonly Finding[] }
  | { readonly faults: readonly Finding[] };

// wasm/core/limits.hpp: config_bytes_max. A larger text the hub would refuse.
const builtBytesMax = 262_144;

/** Where the record is in a cookie, its name has the path in it (PROTOCOL.md §4.2), and both have 4,096 bytes. */
export const hubPathMax = 80;

/** `discovered`: the authorization endpoint that the issuer has named, for a configuration that does not. */
export function checkConfig(text: string, discovered?: string): Checked {
  const source = readSource(text);
  const faults = [...source.faults];
  if (source.root === undefined) return { faults: inOrder(faults) };
  faults.push(...shapeFaults(source));

  const hub = checkHub(source, faults);
  const origins = checkApps(source, faults);
  const embedders = checkEmbedders(source, origins, faults);
  const inspect = checkInspect(source, origins, faults);
  checkTimes(source, faults);
  const check = hub && checkCheck(source, hub, discovered, faults);
  const pushUrl = hub && checkOwnUrl(source, 'push', '/events', hub, faults);
  checkIssuer(source, faults);
  if (hub !== undefined) checkTogether(source, hub, origins, faults);
  if (faults.length > 0 || hub === undefined || !hasShape(source.value)) return { faults: inOrder(faults) };

  const { apps, session = {}, issuer } = source.value;
  const config: Config = {
    hub,
    apps: origins.map((origin) => ({ origin, can: capabilities.filter((each) => apps[origin.text]?.includes(each)) })),
    embedders,
    inspect,
    session,
    ...(check !== undefined && { check }),
    ...(issuer !== undefined && { issuer }),
    ...(pushUrl !== undefined && { push: { url: pushUrl } }),
  };
  if (Buffer.byteLength(builtConfig(config)) > builtBytesMax) {
    return { faults: [source.at(['apps'], `makes a configuration over ${builtBytesMax.toLocaleString('en')} bytes`)] };
  }
  return { config, warnings: inOrder(warningsOf(source, config)) };
}

/** The configuration as the hub reads it: PROTOCOL.md §5, byte for byte. */
export function builtConfig({ hub, apps, embedders, session, check, issuer, push, inspect }: Config): string {
  return JSON.stringify({
    hub: hub.url,
    site: siteOf(hub),
    apps: apps.map(({ origin, can }) => ({ origin: origin.text, can })),
    ...(embedders.length > 0 && { embedders: embedders.map(({ text }) => text) }),
    session: {
      ...inMs('idleTimeoutMs', session.idleTimeoutSeconds),
      ...inMs('idleWarningMs', session.idleWarningSeconds),
      ...inMs('checkBeforeExpiryMs', session.checkBeforeExpirySeconds),
      ...inMs('maxLifetimeMs', session.maxLifetimeSeconds),
      ...(session.persistence === 'browser' && { persistence: session.persistence }),
    },
    check: check && builtCheck(check),
    issuer,
    push,
    ...(inspect.length > 0 && { inspect: inspect.map(({ text }) => text) }),
  });
}

function inMs(name: string, seconds: number | undefined): Readonly<Record<string, number>> {
  return seconds === undefined ? {} : { [name]: seconds * 1000 };
}

function checkHub(source: Source, faults: Finding[]): Hub | undefined {
  const text = member(source.value, 'hub');
  if (typeof text !== 'string') return undefined;
  const fault = (sentence: string, suggestion?: string): undefined => {
    faults.push(source.at(['hub'], `"hub" ${sentence}`, suggestion));
    return undefined;
  };

  const url = parseUrl(text);
  if (text.includes('*')) return fault('has a *; a hub has one URL', 'write for example "https://hub.acme.com/"');
  if (url === undefined) return fault('is not a URL', 'write for example "https://hub.acme.com/"');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return fault('must begin with https:// or http://');

  const isPage = url.pathname.endsWith('/index.html');
  const path = url.pathname.replace(/index\.html$/, '').replace(/\/?$/, '/');
  const canonical = `${url.protocol}//${url.host}${path}`;
  const host = url.hostname.startsWith('[') ? undefined : refuseHost(url.hostname);
  if (host !== undefined) return fault(host.sentence, host.suggestion);
  // The path is written unquoted in the header files of several servers.
  if (!/^(\/[A-Za-z0-9._~-]+)*\/$/.test(path))
    return fault('may have only letters, digits, . _ ~ and - between the slashes of its path');
  if (path.length > hubPathMax) return fault(`has a path of over ${hubPathMax} characters`);
  if (text === canonical) {
    return { url: canonical, origin: url.origin, scheme: url.protocol, host: url.hostname, path };
  }
  const index =
    'S3 behind CloudFront, which answers at no folder below its root, is taught to by the ' +
    'cloudfront-function.js of the build';
  if (isPage && text === `${canonical}index.html`)
    return fault('names the page; a hub has the URL of its folder', `write "${canonical}"; ${index}`);
  const extra = [
    /^[^/?#]*\/\/[^/?#]*@/.test(text) && 'has a user name or password',
    text.split('#')[0]?.includes('?') && 'has a query',
    text.includes('#') && 'has a fragment',
    !/^[^?#]*\/([?#]|$)/.test(text) && 'must end with a slash',
  ].filter((reason) => typeof reason === 'string');
  return fault(extra.length > 0 ? extra.join(', ') : 'is not in canonical form', `write "${canonical}"`);
}

function checkApps(source: Source, faults: Finding[]): readonly AppOrigin[] {
  const apps = member(source.value, 'apps');
  if (typeof apps !== 'object' || apps === null || Array.isArray(apps)) return [];
  const texts = Object.keys(apps);
  return checkOrigins(texts, (index, ...said) => {
    faults.push(source.atKey(['apps', texts[index] ?? ''], ...said));
  });
}

function checkEmbedders(source: Source, apps: readonly AppOrigin[], faults: Finding[]): readonly AppOrigin[] {
  const embedders = member(source.value, 'embedders');
  if (!Array.isArray(embedders)) return [];
  const fault: OriginFault = (index, ...said) => {
    faults.push(source.at(['embedders', String(index)], ...said));
  };
  for (const [index, text] of embedders.entries()) {
    const canonical = typeof text === 'string' ? canonicalOf(checkOrigin(text)) : undefined;
    const app = apps.find((each) => canonical !== undefined && isCovered(canonical, each));
    if (app === undefined) continue;
    const what = app.text === canonical ? 'is an app' : `is an app by "${app.text}"`;
    fault(index, `${JSON.stringify(text)} ${what}, which may be above others anyway`, 'remove it here');
  }
  // What is no text is a fault of the shape already.
  return checkOrigins(
    embedders.map((text) => (typeof text === 'string' ? text : undefined)),
    fault,
  );
}

function checkInspect(source: Source, apps: readonly AppOrigin[], faults: Finding[]): readonly AppOrigin[] {
  const inspect = member(source.value, 'inspect');
  if (!Array.isArray(inspect)) return [];
  const fault: OriginFault = (index, ...said) => {
    faults.push(source.at(['inspect', String(index)], ...said));
  };
  const origins = checkOrigins(
    inspect.map((text) => (typeof text === 'string' ? text : undefined)),
    fault,
  );
  for (const origin of origins) {
    const index = inspect.indexOf(origin.text);
    if (origin.wildcard) fault(index, `"${origin.text}" has a *: who may inspect is named one by one`);
    else if (!apps.some((app) => isCovered(origin.text, app)))
      fault(index, `"${origin.text}" is no app, and only an app has a hub to inspect by`, 'add it to "apps"');
  }
  return origins;
}

function canonicalOf(verdict: OriginVerdict): string | undefined {
  return 'origin' in verdict ? verdict.origin.text : verdict.canonical;
}

type OriginFault = (index: number, sentence: string, suggestion?: string) => void;

/** The origins of one list, each of which may be there once. */
function checkOrigins(texts: readonly (string | undefined)[], fault: OriginFault): readonly AppOrigin[] {
  const firstWritten = new Map<string, string>();
  const origins: AppOrigin[] = [];
  for (const [index, text] of texts.entries()) {
    if (text === undefined) continue;
    const verdict = checkOrigin(text);
    const canonical = canonicalOf(verdict);
    const earlier = canonical === undefined ? undefined : firstWritten.get(canonical);
    if ('sentence' in verdict) fault(index, verdict.sentence, verdict.suggestion);
    if (earlier !== undefined) fault(index, `${JSON.stringify(text)} is the same origin as "${earlier}"`, 'remove one');
    if (canonical !== undefined && earlier === undefined) firstWritten.set(canonical, text);
    if ('origin' in verdict && earlier === undefined) origins.push(verdict.origin);
  }
  return origins;
}

function checkTimes(source: Source, faults: Finding[]): void {
  const session = member(source.value, 'session');
  const timeout = member(session, 'idleTimeoutSeconds');
  const warning = member(session, 'idleWarningSeconds');
  const at = ['session', 'idleWarningSeconds'];
  if (warning !== undefined && timeout === undefined) {
    faults.push(source.at(at, '"idleWarningSeconds" warns of nothing without "idleTimeoutSeconds"', 'add it'));
  }
  if (typeof warning === 'number' && typeof timeout === 'number' && warning >= timeout) {
    faults.push(source.at(at, '"idleWarningSeconds" must be less than "idleTimeoutSeconds"', `at most ${timeout - 1}`));
  }
  const before = member(session, 'checkBeforeExpirySeconds');
  const lifetime = member(session, 'maxLifetimeSeconds');
  if (typeof before === 'number' && typeof lifetime === 'number' && before >= lifetime) {
    const sentence =
      '"checkBeforeExpirySeconds" must be less than "maxLifetimeSeconds": else every session begins with a check';
    faults.push(source.at(['session', 'checkBeforeExpirySeconds'], sentence, `at most ${lifetime - 1}`));
  }
}

/** Without the issuer a session's channel has no name: PROTOCOL.md, "Push". */
function checkIssuer(source: Source, faults: Finding[]): void {
  const hasPush = typeof member(source.value, 'push') === 'object';
  const issuer = member(source.value, 'issuer');
  if (hasPush && issuer === undefined)
    faults.push(source.at(['push'], '"push" needs "issuer", whose sessions these are', 'the `iss` of the provider'));
  const asked = member(member(source.value, 'check'), 'issuer');
  if (issuer !== undefined && asked !== undefined && issuer !== asked)
    faults.push(source.at(['issuer'], '"issuer" is another than that of "check", and a session has one provider'));
}

function checkTogether(source: Source, hub: Hub, origins: readonly AppOrigin[], faults: Finding[]): void {
  const site = registrableDomain(hub.host);
  for (const origin of origins) {
    const at = ['apps', origin.text];
    if (hub.scheme === 'http:' && origin.scheme === 'https:') {
      // A loopback hub is no mixed content to Chromium and Firefox, but it is to Safari, and it is never the same site.
      const why = isLoopback(hub.host) ? 'Safari blocks it and Chromium splits its storage' : 'browsers block it';
      faults.push(
        source.atKey(
          at,
          `"${origin.text}" cannot embed an http hub in an https page: ${why}`,
          'serve the hub over https',
        ),
      );
    }
    // The hub finds its own site by suffix, so a public suffix below its site would make it claim a shared session.
    const isBelow = isWeb(origin.scheme) && origin.host.endsWith(`.${site}`);
    if (site !== undefined && isBelow && registrableDomain(origin.host) !== site) {
      faults.push(
        source.atKey(
          at,
          `"${origin.text}" lies under a public suffix inside the hub's own site "${site}"`,
          'give the hub a domain that is no parent of a public suffix',
        ),
      );
    }
  }
}

function warningsOf(source: Source, { hub, apps, session, check }: Config): Finding[] {
  const warnings: Finding[] = [];
  const insecure = 'without https anybody on the way can read and change it; fine for development';
  if (hub.scheme === 'http:' && !isLoopback(hub.host))
    warnings.push(source.at(['hub'], `the hub is plain http: ${insecure}`));
  for (const { origin } of apps) {
    const warn = (sentence: string) =>
      warnings.push(source.atKey(['apps', origin.text], `"${origin.text}" ${sentence}`));
    if (origin.scheme === 'http:' && !isLoopback(origin.host)) warn(`is plain http: ${insecure}`);
    if (origin.scheme === 'http:' && hub.scheme === 'https:') {
      warn('is http and the hub https: Chromium and Safari take them for different sites');
    }
    if (origin.scheme === 'moz-extension:')
      warn('is one installation of an extension: Firefox gives each another origin, unless a policy of yours sets it');
    if (origin.text === hub.origin) {
      warn('is the origin of the hub: every script there can read and write the stored session; give the hub its own');
    }
  }
  const provider = providerOf({ check });
  if (provider) warnings.push(...providerWarnings(source, provider, hub));
  for (const [capability, outcome] of [
    ['login', 'no session can begin'],
    ['logout', 'no app can end a session'],
  ] as const) {
    if (!apps.some(({ can }) => can.includes(capability))) {
      warnings.push(source.at(['apps'], `no app has the capability "${capability}": ${outcome}`));
    }
  }
  const canCheck = ({ can }: App) => can.includes('login') && can.includes('logout');
  if (session.checkBeforeExpirySeconds !== undefined && check === undefined && !apps.some(canCheck)) {
    const sentence = 'nobody can do the check: it needs "check", or an app with the capabilities "login" and "logout"';
    warnings.push(source.at(['session', 'checkBeforeExpirySeconds'], sentence));
  }
  return warnings;
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => a.line - b.line || a.column - b.column);
}
