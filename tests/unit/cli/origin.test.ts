// What may stand in an allow-list: exact canonical origins and one whole label as `*`. Everything else is refused, with
// the canonical form beside it where there is one.

import { describe, expect, test } from 'vitest';
import { checkOrigin, isLoopback, siteOf } from '../../../js-glue/cli/origin.js';
import vectors from '../../vectors/config/origins.json' with { type: 'json' };

describe('a canonical origin is accepted as it is', () => {
  test.each([
    'https://portal.acme.com',
    'https://portal.acme.com:8443',
    'http://localhost:3000',
    'http://127.0.0.1:5173',
    'http://192.168.0.7',
    'http://portal.app.localhost:4001',
    'https://xn--bcher-kva.example',
    'https://*.preview.acme.com',
    'https://*.acme.com',
    'https://*.acme.co.uk:444',
    'https://*.acme.github.io',
    'http://*.app.localhost:4000',
    'https://intranet',
  ])('%s', (text) => {
    expect(checkOrigin(text)).toMatchObject({ origin: { text } });
  });
});

describe('what is not canonical names the canonical form', () => {
  test.each([
    ['https://acme.com/', 'a slash at the end', 'https://acme.com'],
    ['https://acme.com/app', 'a path', 'https://acme.com'],
    ['https://acme.com/app/', 'a path', 'https://acme.com'],
    ['https://acme.com?x', 'a query', 'https://acme.com'],
    ['https://acme.com/?x', 'a slash at the end, a query', 'https://acme.com'],
    ['https://acme.com#top', 'a fragment', 'https://acme.com'],
    ['https://ada@acme.com', 'a user name or password', 'https://acme.com'],
    ['https://ada:secret@acme.com/x?y#z', 'a user name or password, a path, a query, a fragment', 'https://acme.com'],
    ['https://Portal.acme.com', 'upper-case letters', 'https://portal.acme.com'],
    ['HTTPS://acme.com', 'upper-case letters', 'https://acme.com'],
    ['https://acme.com:443', 'the default port', 'https://acme.com'],
    ['http://acme.com:80', 'the default port', 'http://acme.com'],
    ['http://acme.com:080/', 'a slash at the end, the default port', 'http://acme.com'],
    ['https://bücher.example', 'letters outside ASCII', 'https://xn--bcher-kva.example'],
    ['https://*.Preview.acme.com/', 'a slash at the end, upper-case letters', 'https://*.preview.acme.com'],
    ['https://*.acme.com:443', 'the default port', 'https://*.acme.com'],
    ['http://0x7f.1', 'is not written the way a browser writes it', 'http://127.0.0.1'],
    ['https:acme.com', 'is not written the way a browser writes it', 'https://acme.com'],
    ['capacitor://localhost/', 'a slash at the end', 'capacitor://localhost'],
    ['Capacitor://LocalHost/index.html', 'a path, upper-case letters', 'capacitor://localhost'],
    ['app://-/index.html', 'a path', 'app://-'],
    [' https://acme.com', 'has no scheme', undefined],
    ['https://acme.com ', 'is not written the way a browser writes it', 'https://acme.com'],
  ])('%s', (text, reason, canonical) => {
    const verdict = checkOrigin(text);
    expect(verdict).toMatchObject({ sentence: expect.stringContaining(reason) });
    if (canonical !== undefined) expect(verdict).toMatchObject({ canonical, suggestion: `write "${canonical}"` });
  });

  test('the canonical form of every refused text is itself accepted', () => {
    for (const text of [
      'https://Ada@ACME.com:443/x?y#z',
      'https://*.ACME.com/',
      'http://0x7f.1/',
      'https://bücher.example',
    ]) {
      const verdict = checkOrigin(text);
      const canonical = 'canonical' in verdict ? verdict.canonical : undefined;
      expect(checkOrigin(canonical ?? '')).toMatchObject({ origin: { text: canonical } });
    }
  });
});

test('an origin of more bytes than a hub reads is refused, and not one of as many', () => {
  const origin = (length: number) => `${'a'.repeat(length - '://localhost'.length)}://localhost`;
  expect(checkOrigin(origin(512))).toMatchObject({ origin: { text: origin(512) } });
  const sentence = `the origin that begins with "${'a'.repeat(40)}" has more than 512 bytes`;
  expect(checkOrigin(origin(513))).toEqual({ sentence });
  expect(checkOrigin(origin(600))).toEqual({ sentence });
});

describe('what can never be an origin of an app is refused', () => {
  test.each([
    ['null', 'opaque origin'],
    ['file:///index.html', 'opaque origin'],
    ['file://', 'opaque origin'],
    ['data:text/html,x', 'no page has an origin of data:'],
    ['blob:https://acme.com/1', 'no page has an origin of blob:'],
    ['javascript://acme.com', 'no page has an origin of javascript:'],
    ['about:blank', 'no page has an origin of about:'],
    ['ws://acme.com', 'no page has an origin of ws:'],
    ['capacitor://*.localhost', 'is for a label of an http or https host'],
    ['capacitor://', 'has no host'],
    ['capacitor:localhost', 'has no host'],
    ["app://it's", 'in its host'],
    [`app://${'a'.repeat(254)}`, 'more than 253 bytes'],
    ['', 'has no scheme'],
    ['acme.com', 'has no scheme'],
    ['//acme.com', 'has no scheme'],
    ['localhost:3000', 'has no scheme'],
    ['*.acme.com', 'has no scheme'],
    ['__proto__', 'has no scheme'],
    ['/^https:\\/\\/.*acme\\.com$/', 'regular expression'],
    ['https://.*\\.acme\\.com', 'regular expression'],
    ['https://.*.acme.com', 'regular expression'],
    ['https://(a|b).acme.com', 'regular expression'],
    ['https://acme.com$', 'regular expression'],
    ['*', '* in a place of no meaning'],
    ['https://*', '* in a place of no meaning'],
    ['*://acme.com', '* in a place of no meaning'],
    ['https://a.*.acme.com', '* in a place of no meaning'],
    ['https://pre*.acme.com', '* in a place of no meaning'],
    ['https://*pre.acme.com', '* in a place of no meaning'],
    ['https://**.acme.com', '* in a place of no meaning'],
    ['https://*.*.acme.com', '* in a place of no meaning'],
    ['https://acme.com:*', '* in a place of no meaning'],
    ['https://acme.*', '* in a place of no meaning'],
    ['https://a b.com', 'not a valid origin'],
    ['https://acme.com:99999', 'not a valid origin'],
    ['https://', 'not a valid origin'],
    ['https://acme.com:0', 'the port 0'],
    ['https://acme.com.', 'ends its host with a dot'],
    ['https://acme..com', 'an empty label'],
    ['https://.acme.com', 'an empty label'],
    ['https://a_b.acme.com', '"_" in its host'],
    ['http://[::1]:3000', 'IPv6 address'],
    [`https://${'a'.repeat(64)}.com`, 'too long'],
    [`https://${'a.'.repeat(130)}com`, 'too long'],
  ])('%s', (text, reason) => {
    expect(checkOrigin(text)).toMatchObject({ sentence: expect.stringContaining(reason) });
    expect(checkOrigin(text)).not.toHaveProperty('canonical');
  });

  test.each([
    ['acme.com', 'write "https://acme.com"'],
    ['acme.com/path', 'write "https://acme.com"'],
    ['*.acme.com', 'write "https://*.acme.com"'],
    ['localhost:3000', 'write "http://localhost:3000"'],
    ['portal', 'begin with https://'],
    ['123', 'begin with https://'],
  ])('%s without a scheme: %s', (text, suggestion) => {
    expect(checkOrigin(text)).toMatchObject({ suggestion });
  });
});

test.each(vectors)('K7.7: $name: accepted $accepted, as by the hub itself', ({ text, accepted }) => {
  expect('origin' in checkOrigin(text)).toBe(accepted);
});

describe('*. is refused where strangers could have a name', () => {
  test.each([
    ['https://*.com', 'the single label'],
    ['https://*.localhost', 'the single label'],
    ['https://*.intranet', 'the single label'],
    ['https://*.co.uk', 'the public suffix'],
    ['https://*.github.io', 'the public suffix'],
    ['https://*.vercel.app', 'the public suffix'],
    // *.kawasaki.jp is a rule of the list: every name below is a suffix itself.
    ['https://*.kawasaki.jp', 'the public suffix'],
    ['http://*.127.0.0.1', 'IP address'],
    ['http://*.[::1]', 'IPv6 address'],
  ])('%s', (text, reason) => {
    expect(checkOrigin(text)).toMatchObject({ sentence: expect.stringContaining(reason) });
  });
});

test.each([
  ['https://hub.acme.co.uk', 'https://acme.co.uk'],
  ['https://hub.acme.github.io', 'https://acme.github.io'],
  ['https://acme.com:8443', 'https://acme.com'],
  ['http://127.0.0.1:3000', 'http://127.0.0.1'],
  ['http://[::1]:3000', 'http://[::1]'],
  ['http://localhost:3000', 'http://localhost'],
  ['http://hub.app.localhost:3000', 'http://app.localhost'],
  ['https://intranet', 'https://intranet'],
  ['https://co.uk', 'https://co.uk'],
])('the site of %s is %s', (origin, site) => {
  const { protocol, hostname } = new URL(origin);
  expect(siteOf({ scheme: protocol, host: hostname })).toBe(site);
});

test.each([
  ['localhost', true],
  ['a.b.localhost', true],
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['[::1]', true],
  ['localhost.acme.com', false],
  ['evil-localhost', false],
  ['127.acme.com', false],
  ['10.0.0.1', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
