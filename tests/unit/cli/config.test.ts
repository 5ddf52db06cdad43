// Every fault of a configuration is named, all at once, each with its place and what to write instead.

import { describe, expect, test } from 'vitest';
import { builtConfig, checkConfig, hubPathMax } from '../../../js-glue/cli/config.js';
import { build, configText, faults, sentences } from './parts.js';

const hub = '"hub": "https://hub.acme.com/"';
const apps = '"apps": {"https://a.acme.com": ["read", "login", "logout"]}';
const issuer = '"issuer": "https://login.acme.com"';

describe('a fault has a place, a sentence and a suggestion', () => {
  test.each([
    ['', '1:1  is empty  (run "npx lockstep init --force" for a start)'],
    ['// nothing', '1:1  is empty  (run "npx lockstep init --force" for a start)'],
    [`{${hub}, ${apps}`, /^1:\d+ {2}is not JSON: a closing brace } is expected here$/],
    [`{${hub} ${apps}}`, '1:33  is not JSON: a comma is expected here'],
    [`{${hub}, apps: {}}`, /^1:\d+ {2}is not JSON: /],
    [`{${hub}, ${apps}} {}`, /is not JSON: something follows the end/],
    [`{${hub}, ${apps}, "session": {"idleTimeoutSeconds": 0x10}}`, /is not JSON/],
    ['[]', '1:1  the configuration must be an object { … }, not a list'],
    ['null', '1:1  the configuration must be an object { … }, not null'],
    [`{${apps}}`, '1:1  lacks the key "hub"  (add for example "hub": "https://hub.acme.com/")'],
    [`{${hub}}`, /^1:1 {2}lacks the key "apps" {2}\(add for example/],
    [`{\n  ${hub},\n  ${apps},\n  "sesion": {}\n}`, '4:3  has the unknown key "sesion"  (did you mean "session"?)'],
    [
      `{${hub}, ${apps}, "limits": {}}`,
      /has the unknown key "limits" {2}\(allowed: hub, apps, embedders, inspect, session, check, issuer, push\)$/,
    ],
    [`{${hub}, ${apps}, "chek": {}}`, /has the unknown key "chek" {2}\(did you mean "check"\?\)$/],
    [`{${hub}, ${apps}, "check": {}}`, /lacks the key "url" {2}\(add for example "url": "\/session"\)$/],
    [`{${hub}, ${apps}, ${issuer}, "push": {}}`, /lacks the key "url" {2}\(add for example "url": "\/events"\)$/],
    [`{${hub}, ${apps}, "push": {"url": "/e"}}`, /"push" needs "issuer", whose sessions these are {2}\(.*`iss`/],
    [`{${hub}, ${apps}, ${issuer}, "push": {"url": "https://x.acme.com/e"}}`, /must have the origin of the hub/],
    [`{${hub}, ${apps}, ${issuer}, "push": {"url": "/e?tenant=1"}}`, /"url" has a query, in which the hub says/],
    [`{${hub}, ${apps}, "issuer": ""}`, /"issuer" is empty {2}\(add for example "issuer": "https:/],
    [`{${hub}, ${apps}, "issuer": "${'i'.repeat(513)}"}`, /"issuer" has more than 512 characters$/],
    [`{${hub}, ${apps}, "check": "/session"}`, /"check" must be an object \{ … \}, not text$/],
    [`{${hub}, ${apps}, "check": {"url": 1}}`, /"url" must be text in double quotes, not 1$/],
    [`{${hub}, ${apps}, "check": {"url": "/a", "uri": "/a"}}`, /unknown key "uri" {2}\(did you mean "url"\?\)$/],
    [`{${hub}, ${apps}, "__proto__": {}}`, /has the unknown key "__proto__"/],
    [
      `{${hub}, ${apps}, "session": {"idleTimeout": 5}}`,
      /unknown key "idleTimeout" {2}\(did you mean "idleTimeoutSeconds"\?\)$/,
    ],
    [`{${hub}, ${hub}, ${apps}}`, '1:34  has the key "hub" twice'],
    [
      `{${hub}, "apps": {"https://a.acme.com": ["read"], "https://a.acme.com": ["read"]}}`,
      /has the key "https:\/\/a.acme.com" twice/,
    ],
    [`{${hub}, "apps": {}}`, '1:42  allows no app  (add the origin of an app to "apps")'],
    [`{${hub}, "apps": ["https://a.acme.com"]}`, '1:42  "apps" must be an object { … }, not a list'],
    [`{"hub": 7, ${apps}}`, '1:9  "hub" must be text in double quotes, not 7'],
    [`{${hub}, "apps": {"https://a.acme.com": "read"}}`, /"https:\/\/a.acme.com" must be a list \[ … \], not text$/],
    [
      `{${hub}, "apps": {"https://a.acme.com": ["read", "logut"]}}`,
      /unknown capability "logut" {2}\(did you mean "logout"\?\)$/,
    ],
    [`{${hub}, "apps": {"https://a.acme.com": ["read", "administer"]}}`, /\(allowed: read, login, logout, activity\)$/],
    [`{${hub}, "apps": {"https://a.acme.com": ["read", 1]}}`, /has a capability that is not text/],
    [
      `{${hub}, "apps": {"https://a.acme.com": []}}`,
      /has an empty list of capabilities {2}\(begin with \["read"\], or remove the app\)$/,
    ],
    [
      `{${hub}, "apps": {"https://a.acme.com": ["logout"]}}`,
      /lacks the capability "read": without it an app learns nothing {2}\(add "read"\)$/,
    ],
    [`{${hub}, "apps": {"https://a.acme.com": ["read", "read"]}}`, /has a capability twice {2}\(remove one\)$/],
    [`{${hub}, ${apps}, "session": {"idleTimeoutSeconds": 0}}`, /"idleTimeoutSeconds" must be at least 1 second/],
    [
      `{${hub}, ${apps}, "session": {"maxLifetimeSeconds": 1.5}}`,
      /"maxLifetimeSeconds" must be a whole number, not 1.5$/,
    ],
    [
      `{${hub}, ${apps}, "session": {"maxLifetimeSeconds": "60"}}`,
      /"maxLifetimeSeconds" must be a whole number, not text$/,
    ],
    [`{${hub}, ${apps}, "session": {"persistence": "tab"}}`, /"persistence" must be "device" or "browser"$/],
    [`{${hub}, ${apps}, "session": {"persistence": true}}`, /"persistence" must be "device" or "browser"$/],
    [`{${hub}, ${apps}, "session": {"maxLifetimeSeconds": 1e12}}`, /must be at most 31,536,000 seconds \(a year\)$/],
    [
      `{${hub}, ${apps}, "session": {"idleWarningSeconds": 5}}`,
      /warns of nothing without "idleTimeoutSeconds" {2}\(add it\)$/,
    ],
    [
      `{${hub}, ${apps}, "session": {"idleTimeoutSeconds": 60, "idleWarningSeconds": 60}}`,
      /must be less than "idleTimeoutSeconds" {2}\(at most 59\)$/,
    ],
    [
      `{${hub}, ${apps}, "session": {"checkBeforeExpiry": 5}}`,
      /unknown key "checkBeforeExpiry" {2}\(did you mean "checkBeforeExpirySeconds"\?\)$/,
    ],
    [`{${hub}, ${apps}, "session": {"checkBeforeExpirySeconds": 0}}`, /must be at least 1 second/],
    [
      `{\n${hub}, ${apps},\n"session": {"maxLifetimeSeconds": 60, "checkBeforeExpirySeconds": 60}}`,
      /^3:\d+ {2}"checkBeforeExpirySeconds" must be less than "maxLifetimeSeconds".* {2}\(at most 59\)$/,
    ],
    [
      `{${hub}, "apps": {"https://A.acme.com/": ["read"]}}`,
      /^1:43 .*a slash at the end, upper-case letters.* {2}\(write "https:\/\/a.acme.com"\)$/,
    ],
  ])('%s', (text, expected) => {
    const found = faults(text);
    expect(found).toContainEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  test('brackets without end are a fault, not a crash', () => {
    expect(faults('['.repeat(200_000))).toEqual(['1:1  is nested too deeply to be a configuration']);
  });

  test.each(['{', '}', ']', '{"', '{"hub', '"', '/*', '{"hub":', '{,}', 'nul', '\0', '{"apps":{"":[', '\ud800'])(
    '%j is refused',
    (text) => {
      expect(faults(text)).not.toEqual([]);
    },
  );

  test('comments, trailing commas, a byte order mark and $schema are no faults', () => {
    expect(faults(`\uFEFF// ours\n{"$schema": "./x.json", ${hub}, /* all */ ${apps},}\n`)).toEqual([]);
  });

  test('line and column count from 1 whatever ends a line', () => {
    expect(faults(`{\r\n  ${hub},\r\n  ${apps},\r\n  "x": 1}`)[0]).toMatch(/^4:3 /);
    expect(faults(`{\r  ${hub},\r  ${apps},\r  "x": 1}`)[0]).toMatch(/^4:3 /);
  });
});

describe('the URL of the hub', () => {
  test.each([
    ['hub.acme.com', 'is not a URL'],
    ['ftp://hub.acme.com/', 'must begin with https:// or http://'],
    ['https://*.acme.com/', 'has a *'],
    ['https://hub.acme.com', 'must end with a slash'],
    ['https://hub.acme.com/lockstep', 'must end with a slash'],
    ['https://hub.acme.com/?x', 'has a query'],
    ['https://hub.acme.com/#x', 'has a fragment'],
    ['https://ada@hub.acme.com/', 'has a user name or password'],
    ['https://Hub.acme.com/', 'is not in canonical form'],
    ['https://hub.acme.com:443/', 'is not in canonical form'],
    ['https://hub_.acme.com/', 'has "_" in its host'],
    ['https://hub.acme.com/a"b/', 'may have only letters, digits'],
    ['https://hub.acme.com/a;b/', 'may have only letters, digits'],
    ['https://hub.acme.com//', 'may have only letters, digits'],
    [`https://hub.acme.com/${'a'.repeat(hubPathMax - 1)}/`, `has a path of over ${hubPathMax} characters`],
  ])('%s', (url, reason) => {
    expect(sentences(configText(['https://a.acme.com'], url))).toEqual(
      [`"hub" ${reason}`].map((text) => expect.stringContaining(text)),
    );
  });

  test('the canonical form is suggested', () => {
    const text = configText(['https://a.acme.com'], 'https://Hub.acme.com:443/lockstep/?x');
    expect(faults(text)).toEqual([expect.stringContaining('(write "https://hub.acme.com/lockstep/")')]);
  });

  test('a URL of the page itself is explained: some hosts answer at no other', () => {
    const text = configText(['https://a.acme.com'], 'https://acme.com/lockstep/index.html');
    expect(faults(text)).toEqual([
      expect.stringMatching(
        new RegExp(
          '"hub" names the page; a hub has the URL of its folder {2}' +
            String.raw`\(write "https://acme\.com/lockstep/"; .*cloudfront-function\.js.*\)`,
        ),
      ),
    ]);
  });

  test.each([
    'https://hub.acme.com/',
    'https://acme.com/lockstep/',
    'http://[::1]:3000/',
    'http://hub.app.localhost:4000/',
    `https://hub.acme.com/${'a'.repeat(hubPathMax - 2)}/`,
  ])('%s', (url) => {
    expect(faults(configText(['http://a.app.localhost'], url))).toEqual([]);
  });
});

describe('the URL of the check', () => {
  const at = (url: string, path = '') =>
    configText(['https://a.acme.com'], `https://hub.acme.com/${path}`, { check: { url } });
  const builtUrl = (text: string) => {
    const checked = checkConfig(text);
    return 'config' in checked ? JSON.parse(builtConfig(checked.config)).check?.url : checked.faults;
  };

  test.each([
    ['/session', 'https://hub.acme.com/session'],
    ['/api/v1/session/', 'https://hub.acme.com/api/v1/session/'],
    ['/session?app=a%26b', 'https://hub.acme.com/session?app=a%26b'],
    ['https://hub.acme.com/session', 'https://hub.acme.com/session'],
  ])('%s', (url, built) => {
    expect(builtUrl(at(url))).toBe(built);
  });

  test('a path is one of the origin, not of the hub', () => {
    expect(builtUrl(at('/session', 'lockstep/'))).toBe('https://hub.acme.com/session');
    expect(builtUrl(at('/', 'lockstep/'))).toBe('https://hub.acme.com/');
  });

  test.each([
    ['', 'is neither a path nor a URL', 'write for example "/session"'],
    ['session', 'is neither a path nor a URL', 'write for example "/session"'],
    ['https://', 'is neither a path nor a URL', 'write for example "/session"'],
    ['//hub.acme.com/session', 'is neither a path nor a URL', 'write for example "/session"'],
    ['/\\evil.com/', 'is neither a path nor a URL', 'write for example "/session"'],
    ['https://api.acme.com/session', 'must have the origin of the hub', 'write for example "/session"'],
    ['http://hub.acme.com/session', 'must have the origin of the hub', 'write for example "/session"'],
    ['https://hub.acme.com:8443/session', 'must have the origin of the hub', 'write for example "/session"'],
    ['blob:https://hub.acme.com/session', 'may have only letters', undefined],
    ['javascript:alert(1)', 'must have the origin of the hub', 'write for example "/session"'],
    ['/\t/evil.com', 'must have the origin of the hub', 'write for example "/session"'],
    ['/session#x', 'has a fragment', undefined],
    ['/ses sion', 'may have only letters', undefined],
    ['/session;a', 'may have only letters', undefined],
    ['/a//b', 'may have only letters', undefined],
    ['/', 'is the page of the hub itself', undefined],
    ['/index.html', 'is the page of the hub itself', undefined],
    ['https://hub.acme.com/?x', 'is the page of the hub itself', undefined],
    ['/a/../session', 'is not in canonical form', 'write "/session"'],
    ['/session?a b', 'is not in canonical form', 'write "/session?a%20b"'],
    ['https://Hub.acme.com:443/session', 'is not in canonical form', 'write "https://hub.acme.com/session"'],
    ['https://ada@hub.acme.com/session', 'has a user name or password', undefined],
  ])('%j is refused', (url, reason, suggestion) => {
    const checked = checkConfig(at(url));
    expect('faults' in checked && checked.faults).toMatchObject([
      { line: 1, sentence: expect.stringContaining(`"url" ${reason}`), ...(suggestion && { suggestion }) },
    ]);
  });

  test('with a fault in the hub it is not judged', () => {
    expect(sentences(configText(['https://a.acme.com'], 'hub', { check: { url: '/x' } }))).toEqual([
      '"hub" is not a URL',
    ]);
  });
});

describe('inspect', () => {
  const built = (text: string) => {
    const checked = checkConfig(text);
    return 'config' in checked ? JSON.parse(builtConfig(checked.config)) : checked.faults;
  };
  const apps = ['https://portal.acme.com', 'https://*.preview.acme.com'];
  const at = (...inspect: readonly unknown[]) => configText(apps, 'https://hub.acme.com/', { inspect });

  test('names apps one by one, and is nobody where it is left out', () => {
    expect(built(at(apps[0], 'https://a.preview.acme.com')).inspect).toEqual([apps[0], 'https://a.preview.acme.com']);
    expect(built(at())).not.toHaveProperty('inspect');
    expect(built(configText(apps))).not.toHaveProperty('inspect');
  });

  test.each([
    [[apps[1]], ['who may inspect is named one by one']],
    [['https://evil.com'], ['is no app']],
    [['portal'], ['"portal"']],
    [[apps[0], apps[0]], ['is the same origin as']],
  ])('%j is refused', (inspect, reasons) => {
    expect(sentences(at(...inspect))).toEqual(reasons.map((reason) => expect.stringContaining(reason)));
  });
});

describe('embedders', () => {
  const at = (...embedders: readonly unknown[]) =>
    configText(['https://portal.acme.com'], 'https://hub.acme.com/', { embedders });

  test('K5.9: they stand in the built configuration beside the apps, and an empty list does not', () => {
    const built = (text: string) => {
      const checked = checkConfig(text);
      return 'config' in checked ? JSON.parse(builtConfig(checked.config)) : checked.faults;
    };
    const embedders = ['https://teams.microsoft.com', 'https://*.lightning.force.com'];
    expect(built(at(...embedders))).toMatchObject({ apps: [{ origin: 'https://portal.acme.com' }], embedders });
    expect(built(at())).not.toHaveProperty('embedders');
  });

  test.each([
    [['https://teams.microsoft.com/'], ['has a slash at the end']],
    [['null'], ['opaque origin']],
    [['https://*'], ['* in a place of no meaning']],
    [['https://*.com'], ['puts *. on the single label']],
    [['https://portal.acme.com'], ['is an app, which may be above others anyway']],
    [['https://Portal.acme.com'], ['is an app, which may be above others anyway', 'has upper-case letters']],
    [
      ['https://a.com', 'https://A.com'],
      ['has upper-case letters', 'is the same origin as "https://a.com"'],
    ],
    [[1], ['must be text in double quotes, not 1']],
    [Array.from({ length: 1025 }, (_, i) => `https://a${i}.com`), ['"embedders" has more than 1,024 entries']],
  ])('%j is refused', (embedders, reasons) => {
    expect(sentences(at(...embedders))).toEqual(reasons.map((reason) => expect.stringContaining(reason)));
  });

  describe("K5.9: one that an app's pattern covers has that app's rights, and is refused as an embedder", () => {
    const below = (...embedders: readonly string[]) =>
      sentences(configText(['https://*.acme.com', 'https://*.acme.com:8443'], 'https://hub.acme.com/', { embedders }));

    test.each([
      ['https://portal.acme.com', 'https://*.acme.com'],
      ['https://portal.acme.com:8443', 'https://*.acme.com:8443'],
    ])('%s', (embedder, app) => {
      expect(below(embedder)).toEqual([`"${embedder}" is an app by "${app}", which may be above others anyway`]);
    });

    test('but not one beside the pattern', () => {
      const beside = ['https://acme.com', 'https://a.b.acme.com', 'https://*.b.acme.com', 'https://a.acme.com:444'];
      expect(
        below(...beside, 'http://a.acme.com', 'https://evil.com', 'app://a.acme.com', 'https://xacme.com'),
      ).toEqual([]);
    });

    test('nor a pattern that covers an app, since it covers others, too', () => {
      expect(sentences(at('https://*.acme.com'))).toEqual([]);
    });
  });
});

describe('apps and hub together', () => {
  test('an origin that becomes the same one as another is named with it', () => {
    expect(sentences(configText(['https://a.acme.com', 'https://A.acme.com:443']))).toContain(
      '"https://A.acme.com:443" is the same origin as "https://a.acme.com"',
    );
  });

  test.each([
    ['http://hub.acme.com/', 'https://a.acme.com', 'browsers block it'],
    ['http://hub.app.localhost:4000/', 'https://a.app.localhost', 'Safari blocks it'],
  ])('an http hub (%s) cannot serve an https app', (url, app, why) => {
    expect(sentences(configText([app], url))).toEqual([expect.stringContaining(why)]);
  });

  test(
    'an app on a public suffix inside the site of the hub is refused, since the hub would take it for ' + 'same-site',
    () => {
      const refused = sentences(configText(['https://shop.github.io'], 'https://hub.github.io/'));
      expect(refused).toEqual([]);
      expect(sentences(configText(['https://x.s3.us-west-1.amazonaws.com'], 'https://hub.amazonaws.com/'))).toEqual([
        expect.stringContaining('lies under a public suffix inside the hub\'s own site "amazonaws.com"'),
      ]);
    },
  );

  test('1,024 apps are allowed and one more is not', () => {
    const many = (count: number) => configText(Array.from({ length: count }, (_, i) => `https://app${i}.acme.com`));
    expect(sentences(many(1024))).toEqual([]);
    expect(sentences(many(1025))).toEqual(['has more than 1,024 apps']);
  });

  test('a configuration too large for the hub to read is refused', () => {
    const long = Array.from({ length: 1024 }, (_, i) => `https://a${i}.${`${'b'.repeat(60)}.`.repeat(3)}acme.com`);
    expect(sentences(configText(long))).toEqual(['makes a configuration over 262,144 bytes']);
  });
});

describe('warnings do not stop a build', () => {
  test.each([
    [['http://a.acme.com'], 'http://hub.acme.com/', ['the hub is plain http', '"http://a.acme.com" is plain http']],
    [['moz-extension://0ceaa7ee'], 'https://hub.acme.com/', ['is one installation of an extension']],
    [
      ['http://a.acme.com'],
      'https://hub.acme.com/',
      ['is plain http', 'Chromium and Safari take them for different sites'],
    ],
    [['https://hub.acme.com'], 'https://hub.acme.com/', ['is the origin of the hub']],
    [['http://a.app.localhost:1', 'http://localhost:2', 'http://127.0.0.1:3'], 'http://hub.app.localhost:4/', []],
    [['https://a.acme.com'], 'https://hub.acme.com/', []],
  ])('%s at %s', (origins, url, expected) => {
    expect(build(configText(origins, url)).warnings).toEqual(expected.map((text) => expect.stringContaining(text)));
  });

  test('where no app may log in or out', () => {
    expect(build(`{${hub}, "apps": {"https://a.acme.com": ["read"]}}`).warnings).toEqual([
      expect.stringContaining('no app has the capability "login": no session can begin'),
      expect.stringContaining('no app has the capability "logout": no app can end a session'),
    ]);
  });

  test('where a check falls due that nobody can do', () => {
    const checkedBy = (can: readonly string[], rest: object) =>
      build(
        JSON.stringify({
          hub: 'https://hub.acme.com/',
          apps: { 'https://a.acme.com': ['read', 'login'], 'https://b.acme.com': can },
          session: { checkBeforeExpirySeconds: 120 },
          ...rest,
        }),
      ).warnings;
    expect(checkedBy(['read', 'logout'], {})).toEqual([expect.stringContaining('nobody can do the check')]);
    expect(checkedBy(['read', 'logout'], { check: { url: '/session' } })).toEqual([]);
    expect(checkedBy(['read', 'login', 'logout'], {})).toEqual([]);
  });

  test('where a host would cut the headers off', () => {
    const many = (count: number) => configText(Array.from({ length: count }, (_, i) => `https://app${i}.acme.com`));
    expect(build(many(100)).warnings).toEqual([expect.stringContaining('Cloudflare Pages takes 2000')]);
    expect(build(many(400)).warnings).toEqual([expect.stringContaining('many servers refuse more than 8192')]);
  });
});

test('the built configuration is the one of the protocol, byte for byte', () => {
  const checked = checkConfig(`{
    "apps": {
      "https://portal.acme.com": ["activity", "logout", "login", "read"],
      "https://*.preview.acme.com": ["read"]
    },
    "push": { "url": "/events" },
    "issuer": "https://login.acme.com",
    "check": { "url": "/session" },
    "embedders": ["https://teams.microsoft.com"],
    "session": {
      "maxLifetimeSeconds": 43200, "checkBeforeExpirySeconds": 120, "idleWarningSeconds": 60, "idleTimeoutSeconds": 900
    },
    "hub": "https://hub.acme.com/"
  }`);
  expect('config' in checked && builtConfig(checked.config)).toBe(
    '{"hub":"https://hub.acme.com/","site":"https://acme.com",' +
      '"apps":[{"origin":"https://portal.acme.com","can":["read","login","logout","activity"]},' +
      '{"origin":"https://*.preview.acme.com","can":["read"]}],"embedders":["https://teams.microsoft.com"],' +
      '"session":{"idleTimeoutMs":900000,"idleWarningMs":60000,' +
      '"checkBeforeExpiryMs":120000,"maxLifetimeMs":43200000},' +
      '"check":{"url":"https://hub.acme.com/session"},"issuer":"https://login.acme.com",' +
      '"push":{"url":"https://hub.acme.com/events"}}',
  );
});

test.each([
  ['"persistence": "browser"', '{"persistence":"browser"}'],
  ['"persistence": "device"', '{}'],
])('the built configuration has %s only where it changes something', (member, built) => {
  const checked = checkConfig(`{${hub}, ${apps}, "session": {${member}}}`);
  expect('config' in checked && builtConfig(checked.config)).toContain(`"session":${built}`);
});
