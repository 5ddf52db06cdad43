// Compares the Content-Security-Policy that a page came with against the one that `lockstep build` writes for its
// configuration. Every policy of an answer must allow what a hub needs; what the strictest of them forbids is
// forbidden.

import type { Config, Hub } from '../config.js';
import { ancestorsOf as wantedAncestorsOf } from '../headers.js';
import { type AppOrigin, isWeb } from '../origin.js';
import { type Finding, finding, type Judged, listed, shown } from './finding.js';

type Policy = ReadonlyMap<string, readonly string[]>;

const group = 'headers';
const name = 'content-security-policy';
const advice = 'Write it as the header file of the build has it.';

/** Each source of these a hub cannot run without; all others only forbid. */
const needed = ['script-src', 'connect-src', 'frame-src'];
const isHash = (source: string) => source.startsWith("'sha256-");

/** In a policy they neither help nor hurt a hub. */
const harmless =
  /^(report-uri|report-to|upgrade-insecure-requests|block-all-mixed-content|require-trusted-types-for|trusted-types)$/;

export function policyFindings(header: string | undefined, wantedHeader: string, config: Config): readonly Finding[] {
  if (header === undefined || header.trim() === '') {
    const sentence =
      'The page has no Content-Security-Policy: every page may frame it, and nothing limits what runs in ' +
      'it. Deploy the headers of the build, too.';
    return [finding(group, name, ['fault', sentence])];
  }
  const policies = readPolicies(header);
  const [wanted = new Map()] = readPolicies(wantedHeader);
  const directives = [...wanted.keys()].filter((directive) => directive !== 'frame-ancestors');
  return [
    ...directives.map((directive) =>
      finding(group, `${name} ${directive}`, directiveOf(directive, policies, wanted.get(directive) ?? [], config.hub)),
    ),
    finding(group, `${name} frame-ancestors`, ancestorsOf(policies, config)),
    finding(group, `${name} sandbox`, sandboxOf(policies)),
    ...othersOf(policies, wanted),
  ];
}

/**
 * Content Security Policy Level 3 §2.2: policies are separated by commas, directives by semicolons; of two of one name
 * the first counts.
 */
function readPolicies(header: string): readonly Policy[] {
  const policies = header.split(',').map((text) => {
    const policy = new Map<string, readonly string[]>();
    for (const directive of text.split(';')) {
      const [name = '', ...sources] = directive.trim().split(/\s+/);
      const key = name.toLowerCase();
      // The case of letters matters only in a hash or a nonce.
      const read = sources.map((source) => (/^'(sha\d+|nonce)-/i.test(source) ? source : source.toLowerCase()));
      if (key && !policy.has(key)) policy.set(key, read);
    }
    return policy;
  });
  return policies.filter(({ size }) => size > 0);
}

/** What a policy says of this, by itself or by default; nothing where it allows everything. */
function effective(policy: Policy, directive: string): readonly string[] | undefined {
  const own = policy.get(directive);
  return own ?? (needed.includes(directive) ? policy.get('default-src') : undefined);
}

function directiveOf(directive: string, policies: readonly Policy[], wanted: readonly string[], hub: Hub): Judged {
  const lists = policies.map((policy) => effective(policy, directive));
  for (const source of needed.includes(directive) ? wanted : []) {
    const forbids = lists.find((list) => list !== undefined && !allowsSource(list, source, hub));
    if (forbids !== undefined)
      return [
        'fault',
        `${directive} ${shown(forbids.join(' '))} lacks ${source}: the hub may not ${purposeOf(source, wanted)}. ` +
          'Add it.',
      ];
  }
  const hash = wanted.find(isHash);
  const forbidsElement = policies.some((policy) => {
    const elements = hash === undefined ? undefined : policy.get('script-src-elem');
    return elements !== undefined && !allowsSource(elements, hash ?? '', hub);
  });
  if (forbidsElement)
    return ['fault', `script-src-elem lacks ${hash}: the hub may not run its script. Remove script-src-elem.`];

  const extras = lists.map((list) => (list === undefined ? undefined : extraOf(list, wanted, hub)));
  const tightest = leastOf(extras);
  if (tightest === undefined)
    return [
      'warning',
      `${directive} is missing, and so allows everything; it should be ${wanted.join(' ')}. ${advice}`,
    ];
  if (tightest.length > 0)
    return ['warning', `${directive} allows ${shown(listed(tightest))}, which a hub never needs. ${advice}`];
  return ['ok', `${directive} is ${wanted.join(' ')}.`];
}

function purposeOf(source: string, wanted: readonly string[]): string {
  if (source === wanted.find(isHash)) return 'run its script';
  if (isHash(source)) return 'run without WebAssembly, where a browser has none';
  if (source === "'self'") return 'ask check.url and push.url';
  return source.startsWith('http') ? 'ask the provider in a frame' : 'run its WebAssembly';
}

function extraOf(list: readonly string[], wanted: readonly string[], hub: Hub): readonly string[] {
  const allowed = wanted.includes("'self'") ? [...wanted, hub.origin, `${hub.origin}/`] : wanted;
  return list.filter((source) => source !== "'none'" && source !== "'report-sample'" && !allowed.includes(source));
}

/** Of several lists all must allow: the shortest is what counts. Nothing where no policy has one. */
function leastOf(lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const said = lists.filter((list) => list !== undefined);
  return said.reduce<readonly string[] | undefined>(
    (least, list) => (least === undefined || list.length < least.length ? list : least),
    undefined,
  );
}

function allowsSource(list: readonly string[], source: string, hub: Hub): boolean {
  if (source === "'wasm-unsafe-eval'") return list.includes(source) || list.includes("'unsafe-eval'");
  // A hash beside it makes a browser overlook 'unsafe-inline'.
  if (isHash(source)) return list.includes(source) || (list.includes("'unsafe-inline'") && !list.some(isHash));
  const { protocol, hostname, port } = new URL(source === "'self'" ? hub.origin : source);
  const parts = { scheme: protocol, host: hostname, port, wildcard: false };
  return list.some((each) => each === source || coverOf(each, hub)(parts));
}

function ancestorsOf(policies: readonly Policy[], config: Config): Judged {
  const { apps, embedders, hub } = config;
  const origins = [...apps.map(({ origin }) => origin), ...embedders];
  const lists = policies.map((policy) => policy.get('frame-ancestors'));
  const said = lists.filter((list) => list !== undefined);
  if (said.length === 0)
    return ['fault', `frame-ancestors is missing: every page may frame the hub, listed or not. ${advice}`];
  // Each is read once: a server may name thousands of sources, and a page thousands of origins.
  const covers = said.map((list) => [...new Set(list)].map((source) => coverOf(source, hub)));
  const isRefused = (parts: Parts) => covers.some((list) => !list.some((each) => each(parts)));
  const refused = origins.filter((origin) => isRefused(partsOf(origin))).map(({ text }) => text);
  if (refused.length > 0) {
    const named = refused.length > 5 ? [...refused.slice(0, 5), `${refused.length - 5} more`] : refused;
    return ['fault', `frame-ancestors leaves out ${listed(named)}: browsers refuse the hub there. ${advice}`];
  }
  const exact = wantedAncestorsOf(config);
  const extra = leastOf(said.map((list) => list.filter((source) => !exact.includes(source.replace(/\/$/, '')))));
  if (extra !== undefined && extra.length > 0)
    return [
      'warning',
      `frame-ancestors names ${shown(listed(extra))}, which the configuration does not list; the hub ` +
        `itself answers nobody there. ${advice}`,
    ];
  const named = apps.length === 1 ? 'the app' : `all ${apps.length} apps`;
  return ['ok', `frame-ancestors names ${named}${embedders.length > 0 ? ', the embedders' : ''} and no other.`];
}

type Parts = { readonly scheme: string; readonly host: string; readonly port: string; readonly wildcard: boolean };

function partsOf({ text, scheme, host, wildcard }: AppOrigin): Parts {
  return { scheme, host, port: portOf(text.replace('*.', '')), wildcard };
}

function portOf(origin: string): string {
  return new URL(origin).port;
}

/** Other schemes have none. */
const defaultPort = (scheme: string) => (({ 'https:': '443', 'http:': '80' }) as Record<string, string>)[scheme] ?? '';

/** What this source covers: Content Security Policy Level 3 §6.7.2.8. For `*.` every name below it has to match. */
function coverOf(source: string, hub: Hub): (origin: Parts) => boolean {
  if (source === '*') return ({ scheme }) => isWeb(scheme);
  if (source === "'self'") {
    const ours = portOf(hub.origin);
    return ({ scheme, host, port, wildcard }) =>
      !wildcard && scheme === hub.scheme && host === hub.host && port === ours;
  }
  const schemeFits = (wanted: string, { scheme }: Parts) =>
    wanted === scheme || (wanted === 'http:' && scheme === 'https:');
  if (/^[a-z][a-z0-9+.-]*:$/.test(source)) return (origin) => schemeFits(source, origin);
  const parts = /^(?:([a-z][a-z0-9+.-]*:)\/\/)?(\*\.)?([^:/*]+|\*)(?::(\d+|\*))?(?:\/.*)?$/.exec(source);
  if (parts === null) return () => false;
  const [, scheme = hub.scheme, star, host = '', port] = parts;
  return (origin) => schemeFits(scheme, origin) && hostFits(origin, host, star) && portFits(origin, scheme, port);
}

function hostFits(origin: Parts, host: string, star: string | undefined): boolean {
  if (host === '*') return true;
  return star
    ? `${origin.wildcard ? '.' : ''}${origin.host}`.endsWith(`.${host}`)
    : !origin.wildcard && host === origin.host;
}

function portFits(origin: Parts, scheme: string, wanted: string | undefined): boolean {
  const actual = origin.port || defaultPort(origin.scheme);
  const upgraded = actual === '443' && (wanted === '80' || (wanted === undefined && scheme === 'http:'));
  return wanted === '*' || (wanted ?? defaultPort(scheme)) === actual || upgraded;
}

/** The directive by which a callback page may not be in a frame of the hub, or its script may not run. */
export function forbidsCallback(header: string, hash: string, hub: Hub): string | undefined {
  const forbids = (directive: string, source: string) =>
    readPolicies(header).some((policy) => {
      const list = policy.get(directive);
      return list !== undefined && !allowsSource(list, source, hub);
    });
  return [
    ['script-src', `'${hash}'`],
    ['frame-ancestors', hub.origin],
  ].find(([directive = '', source = '']) => forbids(directive, source))?.[0];
}

function sandboxOf(policies: readonly Policy[]): Judged {
  return policies.some((policy) => policy.has('sandbox'))
    ? ['fault', 'sandbox takes from the hub its origin, and with it its storage. Remove it from the policy.']
    : ['ok', 'The policy has no sandbox.'];
}

/** Directives that a build does not write: they can only allow what default-src forbids, unless they forbid as well. */
function othersOf(policies: readonly Policy[], wanted: Policy): readonly Finding[] {
  const known = (directive: string) =>
    wanted.has(directive) || directive === 'frame-ancestors' || directive === 'sandbox' || harmless.test(directive);
  const names = new Set(policies.flatMap((policy) => [...policy.keys()]).filter((directive) => !known(directive)));
  return [...names].flatMap((directive) => {
    const kept = directive === 'script-src-elem' ? (wanted.get('script-src') ?? []) : [];
    const open = policies.every((policy) =>
      (policy.get(directive) ?? policy.get('default-src') ?? ['*']).some(
        (source) => source !== "'none'" && !kept.includes(source),
      ),
    );
    if (!open) return [];
    const sentence = `${shown(directive)} allows what a hub never needs. Remove it.`;
    return [finding(group, `${name} ${shown(directive)}`, ['warning', sentence])];
  });
}
