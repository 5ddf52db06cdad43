// The doctor looks at servers that may be anybody's. Whatever one of them says: it is examined to the end and in a
// moment, no other server is asked for its sake, and nothing that could move a cursor reaches the terminal.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builtConfig, checkConfig } from '../../../js-glue/cli/config.js';
import { examine } from '../../../js-glue/cli/doctor/examine.js';
import type { Answer, Failure } from '../../../js-glue/cli/doctor/fetch.js';
import { type Finding, finding } from '../../../js-glue/cli/doctor/finding.js';
import { reportOf, textOf } from '../../../js-glue/cli/doctor/report.js';
import { paintFor, print } from '../../../js-glue/cli/terminal.js';
import { alteredFrom } from '../altered.js';
import { answer, deployed, given, hubUrl, watched, withHeaders, withPage, withPolicy } from './deployment.js';
import { artefacts, configText } from './parts.js';

const escapes = ['\x1b[2J', '\x1b]0;title\x07', '\u009b31m', '\u202e', '\r', '\u2028', '\x7f', '\ud800', '\x1b[31m'];
/** What a terminal would act upon, and what would turn its text around. */
const dangerous = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const wild = fc.array(fc.oneof(fc.constantFrom(...escapes), fc.string({ unit: 'binary' })), { maxLength: 4 });
const text = wild.map((parts) => parts.join(''));
const right = given(deployed({ rest: { check: { url: '/session' } } }).page);
const names = [...Object.keys(right.headers), 'location', 'x-frame-options', 'clear-site-data', 'content-disposition'];

/** A header that is right, with something put into it, or anything. */
const header = (name: string) =>
  fc.oneof(
    text,
    fc.tuple(text, text).map(([before, after]) => `${before}${right.headers[name] ?? ''}${after}`),
  );
const headers = fc
  .constantFrom(...names)
  .chain((name) => fc.record({ name: fc.constant(name), value: header(name) }))
  .map(({ name, value }) => ({ ...right.headers, [name]: value }));

const configs = [
  configText(['https://portal.acme.com'], hubUrl, { check: { url: '/session' }, session: { idleTimeoutSeconds: 60 } }),
  configText(['https://10.0.0.1:8443'], 'https://10.0.0.1/', { check: { url: '/session' } }),
].map((owners) => {
  const checked = checkConfig(owners);
  if ('faults' in checked) throw new Error(checked.faults[0]?.sentence);
  return JSON.parse(builtConfig(checked.config));
});
const page = fc
  .oneof(
    alteredFrom(configs).map((config) => JSON.stringify(config) ?? ''),
    text,
  )
  .map((config) =>
    Buffer.from(right.body)
      .toString()
      .replace(/(id="config">)(.*?)(<\/script>)/, (_, before, __, after) => `${before}${config}${after}`),
  );
const body = fc.oneof({ weight: 3, arbitrary: page }, { weight: 1, arbitrary: text });
const status = fc.constantFrom(200, 200, 200, 301, 304, 403, 404, 500, 999);
const answered: fc.Arbitrary<Answer | Failure> = fc.oneof(
  { weight: 9, arbitrary: fc.tuple(status, body, headers).map(([code, html, said]) => answer(code, html, said)) },
  { weight: 1, arbitrary: text.map((failure) => ({ failure })) },
);

async function examined(answers: readonly (Answer | Failure)[]) {
  const asked: string[] = [];
  let embedded: string | undefined;
  const findings = await examine({
    url: hubUrl,
    look: async (url) => {
      asked.push(url);
      return answers[asked.length % answers.length] as Answer;
    },
    parts: artefacts,
    version: '1.2.3',
    waitingFor: () => {},
    embed: async ({ hub }) => {
      embedded = hub.origin;
      return [];
    },
  });
  return { findings, asked, embedded };
}

/** On a terminal with colours, and as JSON: all that a person or a program is given. */
function printed(findings: readonly Finding[]): readonly string[] {
  const said: string[] = [];
  const stream = { isTTY: true, write: (each: string) => said.push(each) };
  const report = reportOf({ version: '1.2.3', url: hubUrl }, findings);
  print(stream, textOf(report, paintFor(stream, {})));
  print({ write: stream.write }, JSON.stringify(report, null, 2));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those of the report's own colours
  return said.flatMap((each) => each.replace(/\x1b\[(?:1|22|2|33|31|39)m/g, '').split('\n'));
}

test('K8.9: whatever a server says, nobody else is asked, and no control character is printed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(answered, { minLength: 1, maxLength: 4 }), async (answers) => {
      const { findings, asked, embedded } = await examined(answers);
      expect(asked.map((url) => new URL(url).host)).toEqual(asked.map(() => new URL(hubUrl).host));
      expect([undefined, new URL(hubUrl).origin]).toContain(embedded);
      // Before any colour is put around it.
      expect(JSON.stringify(findings)).not.toMatch(dangerous);
      expect(findings.filter(({ sentence }) => dangerous.test(sentence))).toEqual([]);
      expect(printed(findings).filter((line) => dangerous.test(line))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('K8.9: no output writes a foreign text as it is', () => {
  const said: string[] = [];
  for (const each of escapes) {
    const hostile = finding('headers', each, ['fault', `It is ${each}.`], each);
    expect(Object.values(hostile).filter((member) => dangerous.test(member))).toEqual([]);
    print({ isTTY: false, write: (line) => said.push(line) }, `one ${each}\ntwo\n`);
  }
  expect(said.join('').replaceAll('\n', '')).not.toMatch(dangerous);
  expect(said[0]).toBe('one \\u{1b}[2J\ntwo\n');
});

describe('K8.9: a page takes no longer to examine than its length', () => {
  const scripts = '<script>'.repeat(60_000);
  const sources = Array.from({ length: 4_000 }, (_, index) => `a${index}.b`).join(' ');
  const apps = Array.from({ length: 1_000 }, (_, index) => `https://a${index}.acme.com`);
  const many = deployed({ apps });

  test.each([
    ['script elements without end', withPage(deployed(), (html) => html.replace('<script>', scripts))],
    ['openings of a configuration', withPage(deployed(), (html) => ' id="config">'.repeat(30_000) + html)],
    ['a thousand apps and thousands of sources', withPolicy(many, (policy) => `${policy} ${sources}`)],
    [
      'sources that cover none of a thousand apps',
      withPolicy(many, (policy) => policy.replace(/ancestors .*/, `ancestors ${sources}`)),
    ],
    [
      'spaces',
      withHeaders(deployed(), 'page', {
        'cache-control': ' '.repeat(16_000),
        'permissions-policy': ','.repeat(16_000),
      }),
    ],
  ])('examined in a moment: %s', async (_, deployment) => {
    const began = process.cpuUsage();
    expect((await watched(deployment)).findings.length).toBeGreaterThan(3);
    // In microseconds, of this process alone.
    expect(process.cpuUsage(began).user).toBeLessThan(2_000_000);
  });
});
