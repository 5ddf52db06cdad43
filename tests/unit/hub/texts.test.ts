// How a text crosses into the module: short ASCII by one way, all else by another.

import { expect, test } from 'vitest';
import { openPort } from './port.js';

const hello = '{"lockstep":1,"type":"hello","client":"0.1.0"}';

test.each([
  ['ASCII', 'Ada'],
  ['two bytes at the end', 'Adé'],
  ['three bytes at the start', '€da'],
  ['four bytes', 'A😀da'],
  ['long ASCII', 'x'.repeat(1500)],
  ['long, and beyond ASCII at the end', `${'x'.repeat(1500)}😀`],
])('a text comes through as it was: %s', async (_, name) => {
  const port = await openPort();
  port.hello(hello);
  port.says(JSON.stringify({ type: 'login', id: 1, subject: 'ada', claims: { name } }));
  expect(JSON.parse(port.stored() ?? '').claims).toEqual({ name });
  expect(port.received().find(({ type }) => type === 'changed')).toMatchObject({ snapshot: { claims: { name } } });
});

test.each([
  ['a lone surrogate', '{"type":"login","id":1,"subject":"\ud800"}'],
  ['too long', `{"type":"login","id":1,"subject":"${'x'.repeat(10_000)}"}`],
])('what cannot be read, or is over the bound, changes nothing: %s', async (_, message) => {
  const port = await openPort();
  port.hello(hello);
  port.says(message);
  expect(port.stored()).toBeNull();
  // Without a readable id there is nobody to answer.
  expect(port.received().at(-1)).toMatchObject({ type: 'welcome' });
});

test('K8.2: what is no text closes the port before anything of it is read', async () => {
  const port = await openPort();
  port.hello(hello);
  const unreadable = new Proxy({}, { get: () => expect.unreachable(), ownKeys: () => expect.unreachable() });
  port.says(unreadable);
  expect(port.isClosed()).toBe(true);
  port.says(JSON.stringify({ type: 'login', id: 1, subject: 'ada' }));
  expect(port.stored()).toBeNull();
});

test('K8.6: of a flood of handshakes one is refused by name, and the others are not even opened', async () => {
  const port = await openPort();
  for (let count = 0; count < 1_000; count++) port.hello(hello);
  const said = port.received().map(({ type, error }) => error?.code ?? type);
  expect(said.filter((each) => each === 'welcome')).toHaveLength(60);
  expect(said.filter((each) => each === 'rate-limited')).toHaveLength(1);
  expect(said.at(-1)).toBe('rate-limited');
  expect(port.opened()).toBe(61);
});

test.each([
  ['of another version', hello.replace('"lockstep":1', '"lockstep":2')],
  ['that is malformed', '{"lockstep":1}'],
  ['that is no text', 1],
])('K8.6: a flood of handshakes %s has the same end', async (_, text) => {
  const port = await openPort();
  port.hello(hello);
  for (let count = 0; count < 1_000; count++) port.hello(text);
  expect(port.opened()).toBe(61);
  expect(port.received().at(-1)?.error?.code).toBe('rate-limited');
  expect(port.received().filter(({ error }) => error?.code === 'rate-limited')).toHaveLength(1);
});
