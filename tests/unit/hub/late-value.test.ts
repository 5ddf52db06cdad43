// R1 and R10 at the border to the browser: the value of a storage event is merged where the store has another one by
// now, and only there.

import { expect, test } from 'vitest';
import { openPort } from './port.js';

const hello = '{"lockstep":1,"type":"hello","client":"0.1.0"}';
const ended = (more = '') =>
  '{"format":1,"created":[1,"a"],"ended":{"reason":"logout","at":1000000},"updated":[2,"b"],"lastEnd":2,"subject":"",' +
  `"signedInAt":1000000,"activeAt":1000000${more}}`;

async function signedIn(recordKey?: string) {
  const port = await openPort(recordKey);
  port.hello(hello);
  port.says('{"type":"login","id":1,"subject":"ada"}');
  expect(JSON.parse(port.stored() ?? '')).toMatchObject({ created: [1, 'a'], subject: 'ada' });
  return port;
}

test('an end that was overwritten is put back by a tab that receives it', async () => {
  const port = await signedIn();
  port.storageEvent(ended());
  expect(port.stored()).toBe(ended());
  expect(port.received().at(-1)).toMatchObject({
    type: 'changed',
    snapshot: { status: 'signed-out', reason: 'logout' },
  });
});

test('a value that is too long, has a lone surrogate, or is no record is nothing', async () => {
  const port = await signedIn();
  const before = port.stored();
  const said = port.received().length;
  for (const value of [ended(`,"x":"${'y'.repeat(8192)}"`), ended(',"x":"\ud800"'), '', '{"format":2}'])
    port.storageEvent(value);
  expect(port.stored()).toBe(before);
  expect(port.received().length).toBe(said);
});

test.each([
  ['an end', ended(), {}],
  ['its being gone', null, {}],
  ['a clear', null, { key: null }],
])('%s in another area is nothing', async (_, value, event) => {
  const port = await signedIn();
  const before = port.stored();
  const said = port.received().length;
  port.storageEvent(value, { ...event, storageArea: {} as Storage });
  expect(port.stored()).toBe(before);
  expect(port.received().length).toBe(said);
});

test.each([
  ['lockstep', 'lockstep/staging'],
  ['lockstep/staging', 'lockstep'],
  ['lockstep/staging', 'lockstep/staging/eu'],
])('to the hub of the key %s an end under the key %s is nothing, and a clear concerns it', async (recordKey, key) => {
  const port = await signedIn(recordKey);
  const before = port.stored();
  const said = port.received().length;
  for (const value of [ended(), null]) port.storageEvent(value, { key });
  expect(port.stored()).toBe(before);
  expect(port.received().length).toBe(said);
  port.storageEvent(null, { key: null });
  expect(port.received().at(-1)).toMatchObject({ snapshot: { status: 'signed-out', reason: 'cleared' } });
});

test('each of many changes is looked at, also where a text comes again', async () => {
  const port = await signedIn();
  const ada = port.stored() ?? '';
  const grace = ada.replaceAll('[1,"a"]', '[5,"b"]').replace('"ada"', '"grace"');
  const subject = () =>
    (port.received().at(-1) as { readonly snapshot?: { readonly subject?: string } }).snapshot?.subject;
  port.anotherWrites(grace);
  expect(subject()).toBe('grace');
  port.storageEvent(grace);
  // The older record is what the store shows again: the newer one is put back.
  port.anotherWrites(ada);
  expect(port.stored()).toBe(grace);
  port.anotherWrites(ended().replace('[1,"a"]', '[5,"b"]').replace('[2,"b"],"lastEnd":2', '[6,"b"],"lastEnd":6'));
  expect(port.received().at(-1)).toMatchObject({ snapshot: { status: 'signed-out', reason: 'logout' } });
});

test('a clear counts also where the store cannot be read any more', async () => {
  const port = await signedIn();
  port.refuseReads();
  port.storageEvent(null, { key: null });
  expect(port.received().at(-1)).toMatchObject({ snapshot: { status: 'signed-out', reason: 'cleared' } });
});
