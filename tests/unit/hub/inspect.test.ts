// The inspector's reading of a record in a cookie is that of PROTOCOL §4.2, which C++ writes.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readable } from '../../../bridge-html/inspect/cookie-text.js';

const protocol = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8');
const base64url = (text: string | number[]) => Buffer.from(text as string).toString('base64url');

test('each phrase of the protocol is read', () => {
  const table = protocol.slice(
    protocol.indexOf('\n    1  {"format"'),
    protocol.indexOf('\n   ```', protocol.indexOf('\n    1  {"format"')),
  );
  const phrases = [...table.matchAll(/(?:^|\s)(\d{1,2}) {2}(\S+)/g)];
  expect(phrases).toHaveLength(14);
  for (const [, number, phrase] of phrases) expect(readable(base64url([Number(number)]))).toBe(phrase);
});

test('with texts of any language between them; and what is no such text stays', () => {
  expect(readable(base64url('\u00011,"a"],"subject":"Ada Łovelace 🙂'))).toBe(
    '{"format":1,"created":[1,"a"],"subject":"Ada Łovelace 🙂',
  );
  for (const text of ['{"format":1}', '!', '_w']) expect(readable(text)).toBe(text);
});
