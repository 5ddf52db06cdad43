// `lockstep doctor`, judged without a network: a right deployment has nothing wrong, and each single thing that is
// altered gives exactly one finding, which names it.

import { describe, expect, test } from 'vitest';
import { hashOf, hashSource } from '../../../js-glue/cli/html.js';
import {
  answer,
  type Deployment,
  deployed,
  examined,
  given,
  watched,
  withHeaders,
  withPage,
  withPolicy,
  wrongs,
} from './deployment.js';
import { fallback, moduleDigits, script } from './parts.js';

const right = deployed();
const framing = deployed({ rest: { embedders: ['https://teams.microsoft.com', 'https://*.lightning.force.com'] } });
const shells = ['capacitor://localhost', 'app://-', 'shell://.'];

describe('a right deployment has nothing wrong', () => {
  test.each([
    ['as it is built', right],
    ['with check.url', deployed({ rest: { check: { url: '/session' } } })],
    ['for apps of schemes of their own', deployed({ apps: ['https://portal.acme.com', ...shells] })],
    ['with embedders', framing],
    ['below the root', deployed({ hub: 'https://acme.com/lockstep/' })],
    [
      'on this machine',
      deployed({ hub: 'http://hub.acme.localhost:8080/', apps: ['http://portal.acme.localhost:3000'] }),
    ],
    ['whose page is never kept', withHeaders(right, 'page', { 'cache-control': 'no-store' })],
    ['whose page is asked for each time', withHeaders(right, 'page', { 'cache-control': 'no-cache' })],
    ['whose http twin leads to it', { ...right, twin: answer(301, '', { location: 'https://hub.acme.com/' }) }],
    ['whose http twin shows nothing', { ...right, twin: answer(404, '', {}) }],
    ['with credentialless', withHeaders(right, 'page', { 'cross-origin-embedder-policy': 'credentialless' })],
  ] satisfies [string, Deployment][])('%s', async (_, deployment) => {
    expect(await wrongs(deployment)).toEqual([]);
  });

  test('and says of everything that was looked at what was found, in one sentence', async () => {
    const findings = await examined(right);
    expect(findings.length).toBeGreaterThan(25);
    for (const { sentence } of findings) expect(sentence).toMatch(/^\S.*\.$/);
    const names = findings.map(({ group, check, about }) => `${group} ${check} ${about}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

/** A name, the one thing that is altered, and what the one finding is to say. */
type Row = readonly [name: string, spoilt: Deployment, found: RegExp];

const page = (headers: Parameters<typeof withHeaders>[2]) => withHeaders(right, 'page', headers);
const answered = (status: number, body: string, headers = {}) => ({ ...right, page: answer(status, body, headers) });

// Where there is no hub, every other group is `not checked`, which is one reason given several times.
const address: readonly Row[] = [
  ['refuses connections', { ...right, page: { failure: 'refuses the connection' } }, /^fault reachable: .*refuses/],
  ['404', answered(404, ''), /^fault status: .*404/],
  ['500', answered(500, ''), /^fault status: .*500/],
  [
    'redirect',
    answered(302, '', { location: 'https://www.acme.com/' }),
    /^fault redirect: .*https:\/\/www\.acme\.com\//,
  ],
  ['redirect to itself', answered(307, '', { location: '/' }), /^fault redirect: .*\(307\)/],
  ['redirect to nowhere', answered(301, ''), /^fault redirect: .*nowhere/],
  ['a hostile redirect', answered(302, '', { location: '\x1b[2J\u009b' }), /^fault redirect: .*\\u\{1b\}\[2J\\u\{9b\}/],
  ['another page', answered(200, '<!doctype html><title>Welcome</title>'), /^fault hub: .*no hub/],
  ['binary', answered(200, '\0\xff\xfe'), /^fault hub: .*no hub/],
  ['without end', { ...right, page: { ...answer(200, 'x', {}), whole: false } }, /^fault hub: .*more than 1 bytes/],
];

test.each(address)('the address: %s', async (_, spoilt, found) => {
  const [first, ...rest] = await wrongs(spoilt);
  expect(first).toMatch(found);
  expect(rest.filter((each) => !/^not checked all: .*there is no hub to look at\.$/.test(each))).toEqual([]);
});

const rows: readonly Row[] = [
  ['a hub at the http twin', { ...right, twin: right.page }, /^warning http twin: .*plain http/],
  ['a page at the http twin', { ...right, twin: answer(200, 'hello', {}) }, /^warning http twin: /],
  [
    'the http twin leads elsewhere',
    { ...right, twin: answer(302, '', { location: '/x' }) },
    /^warning http twin: .*\/x/,
  ],

  [
    'another hub URL',
    { ...right, url: 'https://hub.acme.com/sub/' },
    /^fault hub: .*was built for https:\/\/hub\.acme\.com\//,
  ],
  [
    'another site',
    withPage(right, (html) => html.replace('"site":"https://acme.com"', '"site":"https://com"')),
    /site/,
  ],
  ['something added', withPage(right, (html) => `${html}<script src="x.js"></script>`), /^warning page: .*rewrites/],
  ['no login at all', capable(['read', 'logout']), /^warning advice: No app has the capability "login"/],

  [
    'an http app',
    deployed({ apps: ['http://old.acme.com'] }),
    /^warning scope: http:\/\/old\.acme\.com is plain http.*different sites/,
  ],
  [
    'http beside https',
    deployed({ apps: ['https://a.acme.com', 'http://a.acme.com'] }),
    /^warning scope: http:.*https twin/,
  ],
  [
    'another site',
    deployed({ apps: ['https://acme-other.com'] }),
    /^warning scope: .*not with all everywhere: all apps, or after a click in Chrome/,
  ],
  ['an app in the hub', deployed({ apps: ['https://hub.acme.com'] }), /^warning scope: .*is the origin of the hub/],

  ['X-Frame-Options', page({ 'x-frame-options': 'SAMEORIGIN' }), /^fault x-frame-options: .*SAMEORIGIN/],
  ['no HSTS', page({ 'strict-transport-security': undefined }), /^warning strict-transport-security: /],
  ['HSTS of no time', page({ 'strict-transport-security': 'max-age=0' }), /^warning strict-transport-security: /],
  ['text/plain', page({ 'content-type': 'text/plain' }), /^fault content-type: .*text\/plain/],
  ['no charset', page({ 'content-type': 'text/html' }), /^warning content-type: .*utf-8/],
  ['no COEP', page({ 'cross-origin-embedder-policy': undefined }), /^warning cross-origin-embedder-policy: /],
  ['COEP off', page({ 'cross-origin-embedder-policy': 'unsafe-none' }), /^warning cross-origin-embedder-policy: /],
  ['CORP same-site', page({ 'cross-origin-resource-policy': 'same-site' }), /^warning cross-origin-resource-policy: /],
  ['no CORS', page({ 'access-control-allow-origin': undefined }), /^warning access-control-allow-origin: /],
  ['no Origin-Agent-Cluster', page({ 'origin-agent-cluster': undefined }), /^warning origin-agent-cluster: /],
  ['Origin-Agent-Cluster ?0', page({ 'origin-agent-cluster': '?0' }), /^warning origin-agent-cluster: .*\?0/],
  ['no nosniff', page({ 'x-content-type-options': undefined }), /^warning x-content-type-options: /],
  ['Referrer-Policy', page({ 'referrer-policy': 'unsafe-url' }), /^warning referrer-policy: .*unsafe-url/],
  ['no Permissions-Policy', page({ 'permissions-policy': undefined }), /^warning permissions-policy: .*camera=\(\)/],
  [
    'storage-access=()',
    page({ 'permissions-policy': 'storage-access=()' }),
    /^fault permissions-policy: .*storage-access/,
  ],
  ['no Cache-Control', page({ 'cache-control': undefined }), /^warning cache-control: /],
  ['a day', page({ 'cache-control': 'max-age=86400' }), /^warning cache-control: .*86400/],
  ['immutable', page({ 'cache-control': 'max-age=31536000, immutable' }), /^fault cache-control: .*immutable/],
  ['Clear-Site-Data', page({ 'clear-site-data': '"storage"' }), /^fault clear-site-data: /],
  ['Set-Cookie', page({ 'set-cookie': 'lb=1' }), /^warning set-cookie: /],
  ['no compression', page({ 'content-encoding': undefined }), /^warning content-encoding: .*all \d+ bytes/],
  ['a compression of no kind', page({ 'content-encoding': 'identity' }), /^warning content-encoding: /],
  ['an attachment', page({ 'content-disposition': 'attachment' }), /^fault content-disposition: /],
];

function capable(can: readonly string[]): Deployment {
  const all = JSON.stringify(['read', 'login', 'logout', 'activity']);
  return withPage(right, (html) => html.replaceAll(all, JSON.stringify(can)));
}

test.each(rows)('one thing altered, one finding: %s', async (_, spoilt, found) => {
  const all = await wrongs(spoilt);
  expect(all).toEqual([expect.stringMatching(found)]);
});

test.each([
  ['no JSON', () => '{'],
  ['no configuration', () => '[]'],
  ['a wrong origin', (text: string) => text.replace('https://portal.acme.com', 'https://portal.acme.com/')],
  ['an app twice', (text: string) => text.replace('https://*.preview.acme.com', 'https://portal.acme.com')],
  ['an unknown capability', (text: string) => text.replace('"login"', '"admin"')],
  ['an origin that is no text', (text: string) => text.replace('"https://portal.acme.com"', '{"toString":1}')],
  ['an unknown member', (text: string) => text.replace('"session":{}', '"session":{"forEver":1}')],
])('a configuration that cannot be read is one fault, and what rests on it is not checked: %s', async (_, alter) => {
  const spoilt = withPage(right, (html) =>
    html.replace(/(id="config">)(.*?)(<\/script>)/, (_, a, text, b) => `${a}${alter(text)}${b}`),
  );
  const [first, ...rest] = await wrongs(spoilt);
  expect(first).toMatch(/^fault readable: /);
  expect(rest.filter((each) => !each.startsWith('not checked all:'))).toEqual([]);
  expect(rest).toHaveLength(3);
});

test('a hub of another version is reported as one, and nothing else of it is wrong', async () => {
  const other = withPage(right, (html) => html.replace(moduleDigits, `${moduleDigits}00`).replace('1.2.3', '1.3.0'));
  expect(await wrongs(other)).toEqual([
    expect.stringMatching(/^warning version: .*not those of Lockstep 1\.2\.3.* names Lockstep 1\.3\.0\./),
  ]);
});

test('a page that was built for another hub: nobody is asked but the one that was named', async () => {
  const other = deployed({
    hub: 'https://10.0.0.1/',
    apps: ['https://10.0.0.1:8443'],
    rest: { check: { url: '/session' } },
  });
  const { findings, asked, embedded } = await watched({ ...other, url: 'https://hub.acme.com/' });
  expect(asked).toEqual(['https://hub.acme.com/', 'http://hub.acme.com/', 'https://hub.acme.com/hub-fallback.js']);
  expect(embedded).toBe(false);
  const wrong = findings.filter(({ state }) => state !== 'ok').map(({ check, state }) => `${state} ${check}`);
  expect(wrong).toEqual(['fault hub', 'not checked all']);
});

test('a host that knows no index of a folder is distinguished from one where nothing is deployed', async () => {
  const denied = { ...right, page: answer(403, '<Error><Code>AccessDenied</Code></Error>', {}) };
  const indexed = new Map([['https://hub.acme.com/index.html', given(right.page)]]);
  const [fault] = (await watched(denied, indexed)).findings;
  expect(fault?.sentence).toMatch(/answers 403, .*index\.html shows the hub.*cloudfront-function\.js/);
  const [nothing] = (await watched(denied)).findings;
  expect(nothing?.sentence).toMatch(/answers 403\. Deploy/);
});

test.each<Row>([
  ['is missing', { ...right, fallback: answer(404, '', {}) }, /^warning fallback: .*answered with 404/],
  ['cannot be had', { ...right, fallback: { failure: 'refuses the connection' } }, /^warning fallback: .*refuses/],
  ['is of another build', { ...right, fallback: answer(200, 'other', {}) }, /^warning fallback: .*not the one/],
  ['has another type', { ...right, fallback: answer(200, fallback, {}) }, /^warning fallback: .*text\/javascript/],
])('K4.5: the fallback %s', async (_, spoilt, found) => {
  expect(await wrongs(spoilt)).toEqual([expect.stringMatching(found)]);
});

describe('the policy', () => {
  const policy = (alter: (text: string) => string) => withPolicy(right, alter);
  const source = (more: string) => policy((text) => text.replace("'wasm-unsafe-eval'", `'wasm-unsafe-eval' ${more}`));
  const ancestor = (more: string) => policy((text) => `${text} ${more}`);
  const less = (part: string) => policy((text) => text.replace(part, ''));
  const asking = deployed({ rest: { check: { url: '/session' } } });
  const asks = (alter: (text: string) => string) => withPolicy(asking, alter);
  const hash = hashSource(script);
  const second = (more: string) => policy((text) => `${text}, ${more}`);

  test.each([
    ['is missing', page({ 'content-security-policy': undefined }), /^fault content-security-policy: /],
    ['lacks wasm-unsafe-eval', less(" 'wasm-unsafe-eval'"), /^fault .*script-src: .*lacks 'wasm-unsafe-eval'/],
    [
      'has no script-src',
      less(`script-src ${hash} '${hashOf(fallback)}'`),
      /^fault .*script-src: .*'none' lacks 'sha256-.*run its script/,
    ],
    ['has another script', policy((text) => text.replace(hash, hashSource('other'))), /^fault .*script-src: .*run its/],
    [
      'has the hash in small letters',
      policy((text) => text.replace(hash, hash.toLowerCase())),
      /^fault .*script-src: /,
    ],
    ['lacks the fallback', less(` '${hashOf(fallback)}'`), /^fault .*script-src: .*may not run without WebAssembly/],
    ['has self instead of the hash', policy((text) => text.replace(hash, "'self'")), /^fault .*script-src: .*'self'/],
    [
      'has no connect-src for check.url',
      asks((text) => text.replace("connect-src 'self'; ", '')),
      /^fault .*check\.url/,
    ],
    ['has no default-src', less("default-src 'none'; "), /^warning .*default-src: .*missing/],
    ['has no base-uri', less("base-uri 'none'; "), /^warning .*base-uri: .*missing/],
    ['has no form-action', less("form-action 'none'; "), /^warning .*form-action: .*missing/],
    ['has unsafe-eval', source("'unsafe-eval'"), /^warning .*script-src: .*'unsafe-eval'/],
    ['has unsafe-inline', source("'unsafe-inline'"), /^warning .*script-src: .*'unsafe-inline'/],
    ['has a script host', source('https://cdn.com'), /^warning .*script-src: .*https:\/\/cdn\.com/],
    ['has strict-dynamic', source("'strict-dynamic'"), /^warning .*script-src: .*'strict-dynamic'/],
    ['has self', source("'self'"), /^warning .*script-src: .*'self'/],
    ['has script-src-elem', second("script-src-elem 'none'"), /^fault .*script-src: script-src-elem/],
    ['lets requests out', policy((text) => `connect-src *; ${text}`), /^warning .*connect-src: /],
    [
      'lets more requests out than the check',
      asks((text) => text.replace('connect-src', 'connect-src *')),
      /^warning .*connect-src: .*\*/,
    ],
    ['allows images', policy((text) => `img-src *; ${text}`), /^warning .*img-src: /],
    ['has a sandbox', policy((text) => `sandbox allow-scripts; ${text}`), /^fault .*sandbox: /],
    ['leaves an app out', less(' https://portal.acme.com'), /^fault .*frame-ancestors: .*leaves out https:\/\/portal/],
    [
      'K5.9: leaves an embedder out',
      withPolicy(framing, (text) => text.replace(' https://teams.microsoft.com', '')),
      /^fault .*frame-ancestors: .*leaves out https:\/\/teams/,
    ],
    ['leaves a wildcard out', less(' https://*.preview.acme.com'), /^fault .*frame-ancestors: .*https:\/\/\*\.preview/],
    [
      'has one app for a wildcard',
      policy((text) => text.replace('*.preview', 'a.preview')),
      /^fault .*frame-ancestors/,
    ],
    [
      'forbids every frame',
      policy((text) => text.replace(/ancestors .*/, "ancestors 'none'")),
      /^fault .*https:\/\/portal/,
    ],
    ['has another port', policy((text) => text.replace('portal.acme.com', 'portal.acme.com:8443')), /^fault .*portal/],
    [
      'has no frame-ancestors',
      policy((text) => text.replace(/; frame-ancestors.*/, '')),
      /^fault .*every page may frame/,
    ],
    ['has an origin too many', ancestor('https://evil.com'), /^warning .*frame-ancestors: .*https:\/\/evil\.com/],
    ['has a wider wildcard', ancestor('https://*.acme.com'), /^warning .*frame-ancestors: /],
    ['has an http twin', ancestor('http://portal.acme.com'), /^warning .*frame-ancestors: /],
    ['has every https origin', ancestor('https:'), /^warning .*frame-ancestors: .*https:/],
    ['has a second one for frames', second("frame-ancestors 'self'"), /^fault .*frame-ancestors: .*portal.* and /],
    [
      'has a second one for scripts',
      second(`script-src ${hash} '${hashOf(fallback)}'`),
      /^fault .*script-src: .*wasm-unsafe-eval/,
    ],
    ['has a second one by default', second("default-src 'self'"), /^fault .*script-src: .*run its script/],
  ] satisfies Row[])('%s', async (_, spoilt, found) => {
    expect(await wrongs(spoilt)).toEqual([expect.stringMatching(found)]);
  });

  test.each([
    ['in another case and spacing', policy((text) => text.replaceAll('; ', ' ;  ').replace("'none'", "'NONE'"))],
    ['with the origin of the hub instead of self', asks((text) => text.replace("'self'", 'https://hub.acme.com'))],
    ['with script-src-elem as script-src has it', second(`script-src-elem ${hash}`)],
    ['with reports', policy((text) => `${text}; report-to errors; upgrade-insecure-requests`)],
    ['with a second one that forbids more', second("object-src 'none'; img-src 'none'")],
    ['twice the same', policy((text) => `${text}, ${text}`)],
    ['wide, and a second one that is not', policy((text) => `img-src *, ${text}`)],
    ['a second directive of one name, which does not count', policy((text) => `${text}; script-src *`)],
  ])('may be written %s', async (_, deployment) => {
    expect(await wrongs(deployment)).toEqual([]);
  });
});
