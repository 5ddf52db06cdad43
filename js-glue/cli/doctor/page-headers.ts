// Judges the headers of a hub's page, one by one, against those that `lockstep build` writes for its configuration.
// SECURITY.md says why each is there.

import type { Config } from '../config.js';
import { headersOf } from '../headers.js';
import { type HubPage, scriptSources } from '../html.js';
import { pageCache } from './cache.js';
import type { Answer } from './fetch.js';
import { type Finding, finding, type Judged, listed, shown } from './finding.js';
import { policyFindings } from './policy.js';

type Rule = (value: string | undefined, wanted: string) => Judged;

const deploy = 'Deploy the headers of the build.';

/** A header that has this value, and nothing goes wrong at once without it. */
const exactly =
  (name: string, harm: string): Rule =>
  (value, wanted) =>
    sameText(value, wanted)
      ? ['ok', `${name} is ${wanted}.`]
      : ['warning', `${name} ${is(value)} and not ${wanted}: ${harm}. ${deploy}`];

const rules: Readonly<Record<string, Rule>> = {
  'Content-Type': (value, wanted) => {
    if (!/^text\/html\s*(;|$)/i.test(value ?? ''))
      return ['fault', `Content-Type ${is(value)} and not ${wanted}: browsers do not show it as a page. ${deploy}`];
    return /charset\s*=\s*"?utf-8/i.test(value ?? '')
      ? ['ok', `Content-Type is ${wanted}.`]
      : ['warning', `Content-Type ${is(value)} and does not say charset=utf-8. ${deploy}`];
  },
  'Cross-Origin-Embedder-Policy': (value, wanted) =>
    wanted === '' ? noEmbedderPolicy(value) : embedderPolicy(value, wanted),
  'Cross-Origin-Resource-Policy': exactly(
    'Cross-Origin-Resource-Policy',
    'apps with cross-origin isolation cannot embed the hub',
  ),
  'Access-Control-Allow-Origin': exactly(
    'Access-Control-Allow-Origin',
    'an app whose hub fails cannot read the page to name the reason',
  ),
  'Access-Control-Expose-Headers': exactly(
    'Access-Control-Expose-Headers',
    'an app that may not frame the hub learns of a time-out, and not of the reason',
  ),
  'Cache-Control': pageCache,
  'Origin-Agent-Cluster': exactly(
    'Origin-Agent-Cluster',
    "Chromium runs the hub in the app's process, where a logout by a click reaches the other tabs some 50 ms later",
  ),
  'Permissions-Policy': (value, wanted) => {
    const said = new Set((value ?? '').toLowerCase().replaceAll(/\s/g, '').split(','));
    if (said.has('storage-access=()'))
      return [
        'fault',
        'Permissions-Policy has storage-access=(), which forbids the hub its storage on other sites. Remove it.',
      ];
    const missing = wanted.split(', ').filter((each) => !said.has(each));
    return missing.length === 0
      ? ['ok', 'Permissions-Policy switches off what a hub never uses.']
      : ['warning', `Permissions-Policy ${is(value)} and lacks ${listed(missing)}, which a hub never uses. ${deploy}`];
  },
  'Referrer-Policy': exactly('Referrer-Policy', 'requests of the hub carry its URL'),
  'X-Content-Type-Options': exactly('X-Content-Type-Options', 'browsers may guess at types'),
};

function embedderPolicy(value: string | undefined, wanted: string): Judged {
  return /^(require-corp|credentialless)\s*(;|$)/.test(value ?? '')
    ? ['ok', `Cross-Origin-Embedder-Policy is ${shown(value ?? '')}.`]
    : [
        'warning',
        `Cross-Origin-Embedder-Policy ${is(value)} and not ${wanted}: apps with cross-origin isolation ` +
          `cannot embed the hub. ${deploy}`,
      ];
}

function noEmbedderPolicy(value: string | undefined): Judged {
  return value === undefined || /^unsafe-none\s*(;|$)/.test(value)
    ? ['ok', 'There is no Cross-Origin-Embedder-Policy.']
    : [
        'fault',
        `Cross-Origin-Embedder-Policy is ${shown(value)}: browsers refuse the answer of the provider in a frame of ` +
          'the hub. Remove it.',
      ];
}

export function pageHeaderFindings({ headers, body }: Answer, config: Config, page: HubPage): readonly Finding[] {
  const wanted = headersOf(config, scriptSources(page));
  return [
    ...policyFindings(headers['content-security-policy'], wanted['Content-Security-Policy'] ?? '', config),
    finding('headers', 'x-frame-options', frameOptions(headers['x-frame-options'])),
    finding('headers', 'content-encoding', compression(headers, body.length)),
    ...Object.entries(rules).map(([name, rule]) =>
      finding('headers', name.toLowerCase(), rule(headers[name.toLowerCase()], wanted[name] ?? '')),
    ),
    ...unwantedFindings(headers),
    ...(config.hub.scheme === 'https:' ? [finding('headers', 'strict-transport-security', transport(headers))] : []),
  ];
}

/** Headers that a hub's page may not have. */
function unwantedFindings(headers: Answer['headers']): readonly Finding[] {
  const disposition = headers['content-disposition'];
  const judged: Readonly<Record<string, Judged>> = {
    'clear-site-data':
      headers['clear-site-data'] === undefined
        ? ['ok', 'The page has no Clear-Site-Data.']
        : [
            'fault',
            `The page has Clear-Site-Data ${shown(headers['clear-site-data'])}, which ends every session. Remove it.`,
          ],
    'set-cookie':
      headers['set-cookie'] === undefined
        ? ['ok', 'The page sets no cookie.']
        : [
            'warning',
            'The page sets a cookie, which a hub has no use for, and which keeps caches from keeping it. ' +
              'Let its server set none.',
          ],
    'content-disposition':
      disposition === undefined || /^inline\b/i.test(disposition)
        ? ['ok', 'The page is shown, not saved.']
        : ['fault', `The page has Content-Disposition ${shown(disposition)}, so that browsers save it. Remove it.`],
  };
  return Object.entries(judged).map(([check, each]) => finding('headers', check, each));
}

function compression({ 'content-encoding': coding }: Answer['headers'], bytes: number): Judged {
  return /^(br|gzip|x-gzip|deflate|zstd)$/i.test(coding?.trim() ?? '')
    ? ['ok', `The page travels as ${coding}.`]
    : [
        'warning',
        `The page travels without compression, all ${bytes} bytes. Let the server compress it, as brotli or gzip.`,
      ];
}

function frameOptions(value: string | undefined): Judged {
  return value === undefined
    ? ['ok', 'There is no X-Frame-Options.']
    : [
        'fault',
        `X-Frame-Options is ${shown(value)}, which cannot name several origins: apps are refused the hub ` +
          'wherever frame-ancestors does not overrule it. Remove it.',
      ];
}

function transport(headers: Answer['headers']): Judged {
  const seconds = Number(/max-age\s*=\s*"?(\d+)/i.exec(headers['strict-transport-security'] ?? '')?.[1] ?? 0);
  return seconds > 0
    ? ['ok', 'Strict-Transport-Security is there.']
    : [
        'warning',
        'There is no Strict-Transport-Security, so the first visit may be led astray over http. It is ' +
          'yours to add, since it binds the whole host: max-age=31536000.',
      ];
}

function sameText(value: string | undefined, wanted: string): boolean {
  return value?.trim().toLowerCase() === wanted.toLowerCase();
}

function is(value: string | undefined): string {
  return value === undefined ? 'is missing' : `is ${shown(value)}`;
}
