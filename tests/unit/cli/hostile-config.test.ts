// Texts that no owner would write: the configuration, origins, and the arguments of the command line. Whatever one is,
// it is taken as it stands or refused in a sentence; nothing is thrown, corrected, or printed as it is.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BuildResult, buildHub } from '../../../js-glue/cli/build.js';
import { wrongUsage } from '../../../js-glue/cli/command-doctor.js';
import { readBuiltConfig } from '../../../js-glue/cli/doctor/built-config.js';
import { readText, textBytesMax, writeFiles } from '../../../js-glue/cli/files.js';
import { readHub } from '../../../js-glue/cli/html.js';
import { checkOrigin, isCovered, isWeb } from '../../../js-glue/cli/origin.js';
import { alteredFrom } from '../altered.js';
import { artefacts, configText, everything, textOf } from './parts.js';

const dangerous = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const runs = { numRuns: 1_000 };
const buildOf = (text: string): BuildResult =>
  buildHub({ configText: text, configPath: 'lockstep.config.json', artefacts, version: '1.2.3' });

const hub = 'https://hub.acme.com/';
const full = {
  hub,
  apps: { 'https://portal.acme.com': everything, 'https://*.preview.acme.com': ['read'], 'app://-': ['read'] },
  embedders: ['https://teams.microsoft.com'],
  session: {
    idleTimeoutSeconds: 900,
    idleWarningSeconds: 60,
    checkBeforeExpirySeconds: 120,
    maxLifetimeSeconds: 43_200,
  },
  check: { url: '/session' },
};

/** Of origins and other texts: what is right, cut to pieces and put together with what is not. */
const pieces = [
  'https://',
  'http://',
  '*.',
  'acme.com',
  'portal.',
  ':443',
  ':80',
  ':0',
  '/',
  '?',
  '#',
  '@',
  '\\',
  '[::1]',
];
const odd = [
  '',
  ' ',
  '.',
  'co.uk',
  'null',
  'file://',
  'javascript:',
  'İ',
  'xn--',
  '%00',
  '\0',
  '\n',
  '\u202e',
  '\ud800',
  '"',
  ';',
  "'",
  '{',
];
const texts = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(...odd), fc.string({ unit: 'binary', maxLength: 3 })), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));
/** Mostly right ones, with or without something odd in a place of it. */
const label = fc.constantFrom(
  'portal',
  'hub',
  'a-1',
  'acme',
  'xn--bcher-kva',
  'com',
  'localhost',
  '127.0.0.1',
  '*',
  'A',
);
const scheme = fc.constantFrom('https', 'https', 'http', 'capacitor', 'app', 'chrome-extension', 'file', 'HTTPS');
const port = fc.constantFrom('', '', ':8443', ':443', ':80', ':0', ':99999');
const origins = fc
  .tuple(
    scheme,
    fc.array(label, { minLength: 1, maxLength: 3 }),
    port,
    fc.oneof(fc.constant(''), fc.constant(''), texts),
  )
  .map(([name, labels, at, rest]) => `${name}://${labels.join('.')}${labels.length > 1 ? '.com' : ''}${at}${rest}`);

test('K8.10: an origin is refused, or is what a browser writes', () => {
  fc.assert(
    fc.property(fc.oneof(origins, texts), (text) => {
      const verdict = checkOrigin(text);
      if ('sentence' in verdict) {
        if (verdict.canonical !== undefined) expect(checkOrigin(verdict.canonical)).toHaveProperty('origin');
        return;
      }
      const { origin } = verdict;
      expect(origin.text).toBe(text);
      expect(text).toMatch(/^[a-z][a-z0-9+.-]*:\/\/(\*\.)?[a-z0-9._-]+(:\d+)?$/);
      if (isWeb(origin.scheme) && !origin.wildcard) expect(new URL(text).origin).toBe(text);
      const sample = text.replace('*', 'any');
      expect(isCovered(sample, origin)).toBe(true);
      for (const other of [`${sample}.evil.com`, `${sample}0`, sample.replace('://', '://evil')])
        expect(isCovered(other, origin) && !origin.wildcard).toBe(false);
    }),
    { ...runs, numRuns: 3_000 },
  );
});

test('K8.10: a configuration is refused with its place, or built, and never anything else', () => {
  const altered = alteredFrom([full]).map((value) => JSON.stringify(value) ?? '');
  const renamed = fc.tuple(fc.constantFrom('portal', 'hub"', '/session', '900', '"read"'), texts);
  const moved = origins.map((origin) => JSON.stringify(full).replace('https://portal.acme.com', () => origin));
  const config = fc.oneof(
    { weight: 2, arbitrary: moved },
    { weight: 4, arbitrary: altered },
    { weight: 3, arbitrary: renamed.map(([from, to]) => JSON.stringify(full).replace(from, () => to)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: texts },
  );
  fc.assert(
    fc.property(config, (text) => {
      const result = buildOf(text);
      if ('faults' in result) {
        expect(result.faults.filter((fault) => !/^lockstep\.config\.json:\d+:\d+ {2}\S/.test(fault))).toEqual([]);
        expect(result.faults.filter((fault) => dangerous.test(fault))).toEqual([]);
        expect(result.count).toBeGreaterThan(0);
        return;
      }
      const headers: Record<string, Record<string, string>> = JSON.parse(textOf(result, 'headers.json'));
      for (const value of Object.values(headers[result.config.hub.path] ?? {}))
        expect(value).toMatch(/^[^"$\n\r{}&\\]+$/);
      const page = readHub(textOf(result, 'index.html'));
      expect(readBuiltConfig(page?.config ?? '', result.config.hub.url).config).toEqual(result.config);
    }),
    runs,
  );
});

describe('K8.10: a configuration that is too much is refused at once, in one sentence', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `a${index}`);
  const crowd = /has more members than a configuration can have/;

  test.each([
    ['a hundred thousand apps', configText(many(100_000).map((name) => `https://${name}.acme.com`)), crowd],
    ['unknown keys', `{${many(20_000).map((name) => `"${name}":1`)}}`, crowd],
    ['embedders', JSON.stringify({ ...full, embedders: many(20_000) }, null, 1), crowd],
    [
      'capabilities',
      JSON.stringify({ ...full, apps: { 'https://a.acme.com': many(20_000).map((a) => ({ a })) } }),
      crowd,
    ],
    ['one key again and again', `{${many(20_000).map(() => '"hub":1')}}`, crowd],
    ['lists in lists', `{"apps":{${many(2_000).map((name) => `"${name}":[1,2,3,4,5,6,7,8,9]`)}}}`, crowd],
    ['depth', '['.repeat(500_000), /is nested too deeply/],
    ['depth that is closed', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, /is nested too deeply/],
  ])('%s', (_, text, said) => {
    const began = process.cpuUsage();
    const result = buildOf(text);
    expect(result).toEqual({ faults: [expect.stringMatching(said)], count: 1 });
    // In microseconds, of this process alone.
    expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
  });

  test('a fault quotes no more of a long text than a line holds', () => {
    const result = buildOf(configText(['x'.repeat(1_000_000)], `https://${'a'.repeat(1_000_000)}/`));
    expect('faults' in result && result.faults.map(({ length }) => length < 2_000)).toEqual([true, true]);
  });

  test('faults without end are counted, and the first are named', () => {
    const result = buildOf('@ '.repeat(100_000));
    expect(result).toMatchObject({ count: expect.any(Number), faults: { length: 100 } });
    expect('faults' in result && result.count).toBeGreaterThan(10_000);
  });
});

test.each([
  ['numbers that JavaScript cannot hold', { session: { maxLifetimeSeconds: 'N' } }, '1e999', /not Infinity/],
  ['a number that is rounded', { session: { maxLifetimeSeconds: 'N' } }, '9007199254740993', /at most/],
  ['a prototype as a key', { N: { check: { url: '/x' } } }, '__proto__', /unknown key "__proto__"/],
  ['a prototype as an app', { apps: { N: ['read'] } }, '__proto__', /"__proto__" has no scheme/],
  ['the constructor as a key', { N: 1 }, 'constructor', /unknown key "constructor"/],
])('K8.10: %s: refused', (_, rest, by, said) => {
  const text = JSON.stringify({ ...full, ...rest }).replace(/"N"(?=[,}])|N(?=":)/, by);
  const result = buildOf(text);
  expect('faults' in result && result.faults).toContainEqual(expect.stringMatching(said));
  expect('url' in {} || 'check' in {}).toBe(false);
});

test('arguments of the doctor: whatever they are, they are refused or are the address of a page', () => {
  fc.assert(
    fc.property(texts, fc.oneof(texts, fc.double().map(String)), (url, timeout) => {
      if (wrongUsage({ url, timeout, browser: false }) !== undefined) return;
      const { protocol, username, password, search, hash } = new URL(url);
      expect(protocol).toMatch(/^https?:$/);
      expect([username, password, search, hash]).toEqual(['', '', '', '']);
      expect(Number(timeout)).toBeGreaterThan(0);
    }),
    { ...runs, examples: [['https://hub.acme.com/', '10']] },
  );
});

describe('files', () => {
  async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'lockstep-files-'));
    await use(folder).finally(() => rm(folder, { recursive: true, force: true }));
  }

  test('a file without end, one that is too long, and one that is no UTF-8 are not read as a text', () =>
    inFolder(async (folder) => {
      const path = join(folder, 'a');
      await writeFile(path, 'ä'.repeat(textBytesMax / 2));
      expect(await readText(path)).toHaveLength(textBytesMax / 2);
      await writeFile(path, 'a'.repeat(textBytesMax + 1));
      await expect(readText(path)).rejects.toThrow('more than 1,048,576 bytes');
      await writeFile(path, Buffer.from('\ufeff{}', 'utf16le'));
      await expect(readText(path)).rejects.toThrow('no UTF-8');
      if (process.platform !== 'win32')
        await expect(readText('/dev/zero')).rejects.toThrow('more than 1,048,576 bytes');
      await expect(readText(folder)).rejects.toThrow();
    }));

  test('K8.10: where one file cannot be written, none is changed, and nothing is left', () =>
    inFolder(async (folder) => {
      await writeFile(join(folder, 'a'), 'before');
      const files = new Map([
        ['a', 'after'],
        ['none/b', 'after'],
      ]);
      await expect(writeFiles(folder, files)).rejects.toThrow('ENOENT');
      expect(await readdir(folder)).toEqual(['a']);
      expect(await readFile(join(folder, 'a'), 'utf8')).toBe('before');
    }));
});
