// A hub that asks the provider: what of a configuration is refused, what is built, and what the doctor finds wrong.

import { describe, expect, test } from 'vitest';
import { checkConfig } from '../../../js-glue/cli/config.js';
import { discover } from '../../../js-glue/cli/discover.js';
import type { Answer, Failure } from '../../../js-glue/cli/doctor/fetch.js';
import { providerFindings } from '../../../js-glue/cli/doctor/provider.js';
import { callbackHash, hashOf, readHub } from '../../../js-glue/cli/html.js';
import { answer, deployed, examined, withHeaders } from './deployment.js';
import { artefacts, ask, build, configText, faults, textOf } from './parts.js';

const issuer = 'https://login.acme.com';
const check = { issuer, clientId: 'lockstep-hub', authorizationEndpoint: `${issuer}/authorize` };
const apps = ['https://portal.acme.com'];
const hub = 'https://hub.acme.com/';
const textWith = (more: object, rest: object = {}) => configText(apps, hub, { check: { ...check, ...more }, ...rest });

describe('refused', () => {
  test.each([
    [{ url: '/session' }, /"check" has both "url" and "issuer"/],
    [{ clientId: undefined }, /lacks the key "clientId" {2}\(add for example "clientId": "lockstep-hub"\)/],
    [{ issuer: undefined }, /lacks the key "issuer"/],
    [{ issuer: '' }, /"issuer" is empty/],
    [{ issuer: 'login.acme.com' }, /"issuer" is not a URL/],
    [{ issuer: 'http://login.acme.com' }, /"issuer" is plain http: anybody on the way could say/],
    [{ issuer: 'ftp://login.acme.com' }, /"issuer" must begin with https/],
    [{ issuer: 'https://ada:pw@login.acme.com' }, /"issuer" has a user name or password/],
    [{ issuer: `${issuer}?tenant=a` }, /"issuer" has a query or a fragment/],
    [{ issuer: 'https://LOGIN.acme.com' }, /"issuer" is not in canonical form {2}\(begin with "https:\/\/login\.acme/],
    [{ issuer: 'https://login.acme.com/a/../b' }, /"issuer" is not in canonical form {2}\(write ".*\/b", if the prov/],
    [{ issuer: 'https://[::1]' }, /"issuer" has an origin that cannot be used: .*IPv6/],
    [{ clientId: 'lock\u202estep' }, /"clientId" has a character that is no printable ASCII/],
    [{ clientId: 'a\nb' }, /"clientId" has a character that is no printable ASCII/],
    [{ clientId: ' hub' }, /"clientId" begins or ends with a space {2}\(write "hub"\)/],
    [{ clientId: 'x'.repeat(257) }, /"clientId" has more than 256 characters/],
    [{ authorizationEndpoint: `${issuer}/authorize#x` }, /"authorizationEndpoint" has a fragment/],
    [{ authorizationEndpoint: 'http://login.acme.com/authorize' }, /"authorizationEndpoint" is plain http/],
    [{ authorizationEndpoint: `${issuer}:443/authorize` }, /"authorizationEndpoint" is not in canonical form/],
    [{ authorizationEndpoint: "https://login.acme.com; script-src 'unsafe-inline'" }, /"authorizationEndpoint" is not/],
    [{ scope: 'openid' }, /unknown key "scope"/],
  ])('%j', (more, sentence) => {
    expect(faults(textWith(more))).toEqual([expect.stringMatching(sentence)]);
  });

  test('another issuer than that of push, since a session has one provider', () => {
    const rest = { issuer: 'https://id.acme.com', push: { url: '/events' } };
    expect(faults(textWith({}, rest))).toEqual([expect.stringMatching(/"issuer" is another than that of "check"/)]);
    expect(faults(textWith({}, { ...rest, issuer }))).toEqual([]);
  });

  test('a provider under a public suffix inside the site of the hub', () => {
    const text = configText(['https://portal.amazonaws.com'], 'https://hub.amazonaws.com/', {
      check: { ...check, authorizationEndpoint: 'https://x.s3.us-west-1.amazonaws.com/authorize' },
    });
    expect(faults(text)).toEqual([expect.stringContaining('lies under a public suffix inside the hub')]);
  });
});

test.each(['http://localhost:4400', 'http://login.localhost:4400/', 'https://acme.auth0.com/', `${issuer}/realms/a`])(
  'an issuer is taken to the letter: %s',
  (text) => {
    const checked = checkConfig(textWith({ issuer: text }));
    expect('config' in checked && checked.config.check).toEqual({ ...check, issuer: text });
  },
);

test.each([
  [{}, 0],
  [{ authorizationEndpoint: 'https://acme.eu.auth0.com/authorize' }, 1],
])('a provider of another site is warned of, since its no does not count: %j', (more, count) => {
  const { warnings } = build(textWith(more));
  expect(warnings.filter((each) => each.includes('another site than the hub'))).toHaveLength(count);
});

describe('built', () => {
  const built = build(textWith({}));
  const headers = JSON.parse(textOf(built, 'headers.json'));
  const page = headers['/'];

  test('the page holds the script that asks, and names the callback page; without a provider neither is there', () => {
    expect(readHub(textOf(built, 'index.html'))?.asking).toEqual({ ask, callback: callbackHash(artefacts.callback) });
    expect(textOf(built, 'callback.html')).toBe(artefacts.callback);
    expect(JSON.parse(readHub(textOf(built, 'index.html'))?.config ?? '').check).toEqual(check);
    const without = build(configText(apps));
    expect(readHub(textOf(without, 'index.html'))).not.toHaveProperty('asking');
    expect(without.files.has('callback.html')).toBe(false);
  });

  test('the policy allows a frame of the provider and of the callback page, its two scripts, and no more', () => {
    const without = JSON.parse(textOf(build(configText(apps)), 'headers.json'))['/']['Content-Security-Policy'];
    const [fallback = ''] = /'sha256-[^']*' 'wasm/.exec(without) ?? [];
    const scripts = fallback.replace("'wasm", `'${hashOf(ask)}' '${callbackHash(artefacts.callback)}' 'wasm`);
    expect(page['Content-Security-Policy']).toBe(
      `${without} ${hub.slice(0, -1)}`
        .replace('; script-src', `; frame-src ${issuer} ${hub}callback.html; script-src`)
        .replace(fallback, scripts),
    );
  });

  test('the callback page is served as the hub is, but kept nowhere; and nothing below COEP', () => {
    expect(headers['/callback.html']).toEqual({ ...page, 'Cache-Control': 'no-store' });
    expect(page).not.toHaveProperty('Cross-Origin-Embedder-Policy');
    for (const name of ['_headers', '.htaccess', 'Caddyfile', 'Dockerfile', 'nginx.conf'])
      expect(textOf(built, name), name).toContain('callback.html');
    // Cloudflare Pages sends on to this one.
    expect(textOf(built, '_headers')).toMatch(/^\/callback$/m);
  });

  test('a query of the endpoint is not in the policy', () => {
    const policy = JSON.parse(
      textOf(build(textWith({ authorizationEndpoint: `${issuer}/authorize?p=b2c` })), 'headers.json'),
    )['/']['Content-Security-Policy'];
    expect(policy).toContain(`frame-src ${issuer} ${hub}callback.html;`);
  });

  test('nothing is built while the endpoint is not known', () => {
    const text = textWith({ authorizationEndpoint: undefined });
    expect(faults(text)).toEqual([expect.stringContaining('lacks the key "authorizationEndpoint"')]);
  });
});

describe('discovery', () => {
  const metadata = (more: object) => answer(200, JSON.stringify({ issuer, authorization_endpoint: 'x', ...more }), {});
  const url = `${issuer}/.well-known/openid-configuration`;

  test.each([
    [issuer, url],
    [`${issuer}/`, url],
    [`${issuer}/realms/a`, `${issuer}/realms/a/.well-known/openid-configuration`],
  ])('%s is asked at %s', async (given, wanted) => {
    const asked: string[] = [];
    const found = await discover(given, async (at) => {
      asked.push(at);
      return metadata({ issuer: given });
    });
    expect([asked, found]).toEqual([[wanted], { endpoint: 'x' }]);
  });

  test.each<[string, Answer | Failure, string]>([
    ['refuses', { failure: 'refuses the connection' }, 'refuses the connection'],
    ['404', answer(404, '', {}), 'is answered with 404'],
    ['a page', answer(200, '<!doctype html>', {}), 'no metadata'],
    ['null', answer(200, 'null', {}), 'no metadata'],
    ['no endpoint', metadata({ authorization_endpoint: undefined }), 'no metadata'],
    ['a slash more', metadata({ issuer: `${issuer}/` }), `says that the issuer is "${issuer}/"`],
  ])('an issuer that answers with %s is named, with a cure', async (_, said, sentence) => {
    expect(await discover(issuer, async () => said)).toMatchObject({
      sentence: expect.stringContaining(sentence),
      suggestion: expect.stringContaining('authorizationEndpoint'),
    });
  });
});

describe('the doctor', () => {
  const asking = deployed({ apps, rest: { check } });
  const built = build(textWith({}));
  const page = readHub(textOf(built, 'index.html'));
  const callback = answer(200, artefacts.callback, JSON.parse(textOf(built, 'headers.json'))['/callback.html']);
  const redirect = (members: string) => (asked: string) =>
    answer(303, '', {
      location: `${hub}callback.html?state=${new URL(asked).searchParams.get('state')}&${members}`,
    });

  async function found(
    said: { readonly callback?: Answer | Failure; readonly answer?: (url: string) => Answer | Failure },
    named: string | null = issuer,
  ): Promise<readonly string[]> {
    if (page === undefined) throw new Error('There is no page.');
    const findings = await providerFindings({
      check,
      hub: built.config.hub,
      page,
      issuer: named ?? undefined,
      look: async (url) => {
        if (url === `${hub}callback.html`) return said.callback ?? callback;
        if (url.endsWith('openid-configuration'))
          return answer(200, JSON.stringify({ issuer, authorization_endpoint: check.authorizationEndpoint }), {});
        return (said.answer ?? redirect('error=login_required'))(url);
      },
    });
    return findings.map(({ state, check: name, sentence }) => `${state} ${name}: ${sentence}`);
  }

  test('finds a hub and a provider in order, and does not ask one that only the page names', async () => {
    expect(await found({})).toEqual([
      expect.stringMatching(/^ok callback\.html/),
      expect.stringMatching(/^ok provider: .*a stranger is not signed in/),
    ]);
    const nobody = () => {
      throw new Error('The provider was asked.');
    };
    expect((await found({ answer: nobody }, null))[1]).toMatch(
      /^not checked .*add --issuer https:\/\/login\.acme\.com/,
    );
    const wrong = await examined(asking);
    expect(wrong.filter(({ check: name }) => name === 'provider')).toMatchObject([{ state: 'not checked' }]);
  });

  test.each<[string, Answer | Failure, RegExp]>([
    ['missing', answer(404, '', {}), /is answered with 404/],
    ['of another build', answer(200, '<script>1</script>', callback.headers), /is not the one/],
    ['a download', { ...callback, headers: { ...callback.headers, 'content-type': 'text/plain' } }, /text\/html/],
    ['kept from frames', { ...callback, headers: { ...callback.headers, 'x-frame-options': 'DENY' } }, /X-Frame-Opt/],
    [
      'kept from its script',
      { ...callback, headers: { ...callback.headers, 'content-security-policy': "script-src 'self'" } },
      /policy whose script-src forbids/,
    ],
    [
      'kept from the hub',
      { ...callback, headers: { ...callback.headers, 'content-security-policy': `frame-ancestors ${apps[0]}` } },
      /policy whose frame-ancestors forbids/,
    ],
  ])('a callback page that is %s', async (_, said, sentence) => {
    const [first] = await found({ callback: said });
    expect(first).toMatch(/^fault callback\.html/);
    expect(first).toMatch(sentence);
  });

  test.each<[string, (url: string) => Answer | Failure, RegExp]>([
    ['a page', () => answer(400, 'redirect_uri', {}), /^fault .*Register https:\/\/hub\.acme\.com\/callback\.html as/],
    ['its login page', () => answer(302, '', { location: '/login' }), /^fault .*leads to \/login.*Register/],
    ['a failure', () => ({ failure: 'refuses the connection' }), /^fault .*refuses/],
    ['another error', redirect('error=invalid_scope&error_description=no+openid'), /^fault .*invalid_scope: no openid/],
    ['a code', redirect('code=x'), /^warning .*signed in/],
    ['another issuer', redirect('error=login_required&iss=https%3A%2F%2Fx.y'), /^fault .*Correct "issuer"/],
    ['no state', () => answer(303, '', { location: `${hub}callback.html?error=login_required` }), /^fault .*state/],
  ])('a provider that answers with %s', async (_, said, sentence) => {
    const [, second = ''] = await found({ answer: said });
    expect(second.replace('provider: ', '')).toMatch(sentence);
  });

  test('finds nothing wrong with a page that has push as well', async () => {
    const both = deployed({ apps, rest: { check, issuer, push: { url: '/events' } } });
    const wrong = (await examined(both)).filter(({ state }) => state !== 'ok').map(({ check: name }) => name);
    // The stand-in for a server has no callback page.
    expect(wrong).toEqual(['callback.html', 'provider']);
  });

  test('a provider that is not the one of the page', async () => {
    expect((await found({}, 'https://id.acme.com'))[1]).toMatch(/^fault provider: The page asks/);
  });

  test('headers that keep the answer from the hub', async () => {
    const spoilt = withHeaders(asking, 'page', { 'cross-origin-embedder-policy': 'require-corp' });
    const wrong = (await examined(spoilt)).filter(({ state }) => state === 'fault').map(({ check: name }) => name);
    expect(wrong).toContain('cross-origin-embedder-policy');
    const policy = asking.page as Answer;
    const header = policy.headers['content-security-policy']?.replace(/ frame-src [^;]*;/, '');
    const tight = await examined(withHeaders(asking, 'page', { 'content-security-policy': header }));
    expect(tight).toContainEqual(
      expect.objectContaining({ state: 'fault', sentence: expect.stringContaining('ask the provider in a frame') }),
    );
  });
});
