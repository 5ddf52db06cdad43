// The doctor's smaller parts: the names of failures, where a browser is looked for, what is shown of a server's words.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { proxySwitches } from '../../../js-glue/cli/doctor/embed.js';
import { failureOf } from '../../../js-glue/cli/doctor/failure.js';
import { findBrowser } from '../../../js-glue/cli/doctor/find-browser.js';
import { shown } from '../../../js-glue/cli/doctor/finding.js';
import { reportOf, textOf } from '../../../js-glue/cli/doctor/report.js';
import { readProbed } from '../../../js-glue/cli/doctor/visit.js';
import { paintFor } from '../../../js-glue/cli/terminal.js';

describe('a failure has a name', () => {
  test.each([
    ['CERT_HAS_EXPIRED', 'has expired'],
    ['CERT_NOT_YET_VALID', 'not valid yet'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'signed by itself'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'NODE_EXTRA_CA_CERTS'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'the whole chain'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'another host name'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'does not speak TLS'],
    ['ENOTFOUND', 'DNS'],
    ['ECONNREFUSED', 'refuses the connection'],
    ['ECONNRESET', 'closes the connection'],
    ['HPE_INVALID_CONSTANT', 'no HTTP'],
    ['Z_DATA_ERROR', 'content coding'],
    ['E_UNKNOWN_TO_US', '(E_UNKNOWN_TO_US)'],
  ])('%s', (code, said) => {
    expect(failureOf(Object.assign(new Error('x'), { code }))).toContain(said);
  });

  test('also what is no error', () => {
    expect(failureOf(undefined)).toBe('cannot be asked (for no known reason)');
  });
});

describe('a browser is looked for', () => {
  const only = (there: string) => (path: string) => path === there;

  test('by its usual names, wherever PATH leads', () => {
    const there = join('/opt/bin', 'google-chrome');
    expect(findBrowser({ PATH: '/usr/bin:/opt/bin' }, 'linux', only(there))).toBe(there);
    expect(findBrowser({ PATH: '/usr/bin' }, 'linux', only(there))).toBeUndefined();
    expect(findBrowser({}, 'linux', () => true)).toBeUndefined();
  });

  test('where macOS and Windows have their programs', () => {
    const chrome = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(findBrowser({ PATH: '/usr/bin' }, 'darwin', only(chrome))).toBe(chrome);
    const edge = join('C:/Program Files', 'Microsoft/Edge/Application/msedge.exe');
    expect(findBrowser({ ProgramFiles: 'C:/Program Files' }, 'win32', only(edge))).toBe(edge);
  });
});

describe('what the page in the browser reports is checked before it is used', () => {
  const welcome = { welcome: true, ms: 3, scope: 'shared', medium: 'local-storage', version: '1.2.3' };
  const failure = { welcome: false, ms: 3, code: 'timeout', message: 'Nothing came.' };

  test.each([welcome, failure])('%j', (probed) => {
    expect(readProbed(JSON.stringify(probed))).toEqual(probed);
  });

  test.each([
    null,
    [],
    { ...welcome, ms: '\x1b[2J' },
    { ...welcome, scope: { toString: 1 } },
    { ...welcome, version: undefined },
    { ...failure, code: 7 },
    { ...failure, message: null },
    { welcome: 1 },
  ])('not %j', (hostile) => {
    expect(readProbed(JSON.stringify(hostile))).toBeUndefined();
  });

  test('nor what is no JSON', () => {
    expect(readProbed('{')).toBeUndefined();
    expect(readProbed(undefined)).toBeUndefined();
  });
});

test.each([
  ['SAMEORIGIN', 'SAMEORIGIN'],
  ['\x1b[31mred\x07', '\\u{1b}[31mred\\u{7}'],
  ['a\r\nb\u202e\u0085', 'a\\u{d}\\u{a}b\\u{202e}\\u{85}'],
  ['x'.repeat(300), `${'x'.repeat(200)}…`],
])('a word of a server cannot move the cursor, nor fill the screen: %j', (text, harmless) => {
  expect(shown(text)).toBe(harmless);
});

describe('K8.9: the browser reaches the hub alone', () => {
  test.each([
    ['https://hub.acme.com', 'https:', 'https://hub.acme.com:443'],
    ['http://hub.acme.localhost:8080', 'http:', 'http://hub.acme.localhost:8080'],
  ] as const)('%s', (origin, scheme, direct) => {
    expect(proxySwitches(undefined, { origin, scheme })).toEqual([
      '--proxy-server=http://127.0.0.1:1',
      `--proxy-bypass-list=<-loopback>;${direct}`,
    ]);
  });

  test('and through the proxy that is set, with which this machine is asked, too', () => {
    const hub = { origin: 'https://hub.acme.com', scheme: 'https:' } as const;
    expect(proxySwitches(new URL('http://ada:secret@proxy.acme.com:3128'), hub)).toEqual([
      '--proxy-server=http://proxy.acme.com:3128',
      '--proxy-bypass-list=<-loopback>',
    ]);
  });
});

test('a report on a terminal has colours, and no line is too long', () => {
  const sentence = `It ${'goes on and '.repeat(30)}ends.`;
  const report = reportOf({ version: '1.2.3', url: 'https://hub.acme.com/' }, [
    { group: 'address', check: 'a', state: 'ok', sentence },
    { group: 'headers', check: 'b', state: 'fault', sentence },
    { group: 'headers', check: 'c', state: 'ok', sentence: 'It is never told.' },
  ]);
  const text = textOf(report, paintFor({ isTTY: true }, {}));
  expect(text).toContain('\x1b[31m  fault');
  expect(text).toContain('1 of 2 checks are in order.');
  expect(text).not.toContain('It is never told.');
  expect(text).toContain('One fault, no warnings, 2 in order.'.replace('One', '1'));
  const lines = textOf(report, paintFor({}, {})).split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(120);
});
