// The wire vectors through the built WebAssembly: what the native tests prove of the codec holds for what users run.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openPort } from './port.js';

type Case = {
  readonly name: string;
  readonly text?: string;
  readonly base64?: string;
  readonly repeat?: { readonly before?: string; readonly text: string; readonly times: number };
  readonly hello?: true;
  readonly decoded: unknown;
  readonly refused?: string | null;
  readonly id?: number;
};

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL('../../vectors/wire/app-to-hub.json', import.meta.url), 'utf8'),
);

// Bytes that are no UTF-8 cannot come from a browser, whose texts are UTF-16: those cases are for the native tests.
const texts = cases.flatMap((each) => {
  const { text, repeat } = each;
  if (text !== undefined) return [{ ...each, text }];
  if (repeat) return [{ ...each, text: (repeat.before ?? '') + repeat.text.repeat(repeat.times) }];
  return [];
});

test.each(texts.filter(({ hello }) => hello))('hello: $name', async ({ text, decoded, refused }) => {
  const port = await openPort();
  port.hello(text);
  const kinds = port.received().map(({ type }) => type);
  if (decoded) expect(kinds).toEqual(['welcome']);
  else expect(kinds).toEqual(refused === 'version' ? ['goodbye'] : []);
  expect(port.isClosed()).toBe(!decoded);
});

/** Of a message that was understood. */
const decisions = ['already-expired', 'forbidden'];

test.each(texts.filter(({ hello }) => !hello))('message: $name', async ({ text, decoded, refused, id }) => {
  const port = await openPort();
  port.hello('{"lockstep":1,"type":"hello","client":"0.1.0"}');
  const before = port.received().length;
  port.says(text);
  const answers = port.received().slice(before);
  const refusals = answers.flatMap(({ error }) => (error ? [error.code] : []));
  if (decoded) expect(refusals.filter((code) => !decisions.includes(code))).toEqual([]);
  else if (id) expect(answers).toEqual([expect.objectContaining({ type: 'reply', id })]);
  else expect(answers).toEqual([]);
  if (!decoded && id) expect(refusals).toEqual([refused]);
});
