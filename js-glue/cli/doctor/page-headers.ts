// Judges the headers of a hub's page, one by one, against those that `lockstep build` writes for its configuration. SECURITY.md says why
// each is there.

import type { Config } from '../config.js';
import { headersOf } from '../headers.js';
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
    /^(require-corp|credentialless)\s*(;|$)/.test(value ?? '')
      ? ['ok', `Cross-Origin-Embedder-Policy is ${shown(value ?? '')}.`]
      : [
          'warning',
          `Cross-Origin-Embedder-Policy ${is(value)} and not ${wanted}: apps with cross-origin isolation cannot embed the hub. ${deploy}`,
        ],
  'Cross-Origin-Resource-Policy': exactly(
    'Cross-Origin-Resource-Policy',
    'apps with cross-origin isolation cannot embed the hub',
  ),
  'Access-Control-Allow-Origin': exactly(
    'Access-Control-Allow-Origin',
    'an app whose hub fails cannot read the page to name the reason',
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
      ? ['ok', 'Permissions-Policy gives away what a hub never uses.']
      : ['warning', `Permissions-Policy ${is(value)} and lacks ${listed(missing)}, which a hub never uses. ${deploy}`];
  },
  'Referrer-Policy': exactly('Referrer-Policy', 'the hub tells where it is in requests'),
  'X-Content-Type-Options': exactly('X-Content-Type-Options', 'browsers may guess at types'),
};

export function pageHeaderFindings({ headers }: Pick<Answer, 'headers'>, config: Config): readonly Finding[] {
  const wanted = headersOf(config, { html: '', scriptName: '', moduleName: '' }).page;
  return [
    ...policyFindings(headers['content-security-policy'], wanted['Content-Security-Policy'] ?? '', config),
    finding('headers', 'x-frame-options', frameOptions(headers['x-frame-options'])),
    ...Object.entries(rules).map(([name, rule]) =>
      finding('headers', name.toLowerCase(), rule(headers[name.toLowerCase()], wanted[name] ?? '')),
    ),
    ...unwantedFindings(headers, 'The page'),
    ...(config.hub.scheme === 'https:' ? [finding('headers', 'strict-transport-security', transport(headers))] : []),
  ];
}

/** Headers that no answer of a hub may have. */
export function unwantedFindings(headers: Answer['headers'], what: string, about?: string): readonly Finding[] {
  const group = about === undefined ? 'headers' : 'files';
  const disposition = headers['content-disposition'];
  const judged: Readonly<Record<string, Judged>> = {
    'clear-site-data':
      headers['clear-site-data'] === undefined
        ? ['ok', `${what} has no Clear-Site-Data.`]
        : [
            'fault',
            `${what} has Clear-Site-Data ${shown(headers['clear-site-data'])}, which ends every session. Remove it.`,
          ],
    'set-cookie':
      headers['set-cookie'] === undefined
        ? ['ok', `${what} sets no cookie.`]
        : [
            'warning',
            `${what} sets a cookie, which a hub has no use for, and which keeps caches from keeping it. Let its server set none.`,
          ],
    'content-disposition':
      disposition === undefined || /^inline\b/i.test(disposition)
        ? ['ok', `${what} is shown, not saved.`]
        : ['fault', `${what} has Content-Disposition ${shown(disposition)}, so that browsers save it. Remove it.`],
  };
  return Object.entries(judged).map(([check, each]) => finding(group, check, each, about));
}

function frameOptions(value: string | undefined): Judged {
  return value === undefined
    ? ['ok', 'There is no X-Frame-Options.']
    : [
        'fault',
        `X-Frame-Options is ${shown(value)}, which cannot name several origins: apps are refused the hub wherever frame-ancestors does not overrule it. Remove it.`,
      ];
}

function transport(headers: Answer['headers']): Judged {
  const seconds = Number(/max-age\s*=\s*"?(\d+)/i.exec(headers['strict-transport-security'] ?? '')?.[1] ?? 0);
  return seconds > 0
    ? ['ok', 'Strict-Transport-Security is there.']
    : [
        'warning',
        'There is no Strict-Transport-Security, so the first visit may be led astray over http. It is yours to add, since it binds the whole host: max-age=31536000.',
      ];
}

function sameText(value: string | undefined, wanted: string): boolean {
  return value?.trim().toLowerCase() === wanted.toLowerCase();
}

function is(value: string | undefined): string {
  return value === undefined ? 'is missing' : `is ${shown(value)}`;
}
