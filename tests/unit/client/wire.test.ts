// The wire (PROTOCOL.md §2 and §3) from the client's side: the vectors that the hub's codec is checked against as well,
// and texts that no hub writes.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LockstepError } from '../../../js-glue/client/index.js';
import { clientVersion } from '../../../js-glue/client/limits.js';
import { type AppMessage, decode, encode } from '../../../js-glue/client/wire.js';
import { changed, openPage, settled, signedIn, signedOut, welcome } from './page.js';

type ToHub = { readonly name: string; readonly text: string; readonly client?: true; readonly decoded: Decoded };
type Decoded = { readonly event: string; readonly [member: string]: unknown };
type ToApp = { readonly name: string; readonly text: string; readonly message: Message; readonly newer?: true };
type Message = { readonly type: string; readonly [member: string]: unknown };
const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../vectors/wire/${name}.json`, import.meta.url), 'utf8'));
const ours = (read('app-to-hub') as ToHub[]).filter(({ client }) => client);
const theirs = read('hub-to-app') as ToApp[];

/** What the client would be asked to write, out of what the hub understood. */
function asked({ event, ...members }: Decoded): AppMessage {
  const token = (timestamp: unknown) => {
    const { revision, writer } = Object(timestamp);
    return timestamp && `${revision}.${writer}`;
  };
  const { claims, session, last, lastEnd, id, ...rest } = members;
  const { session: lastSession, subject } = Object(last);
  return {
    ...(event === 'hello' && { lockstep: 1 }),
    type: event,
    ...(id ? { id } : {}),
    ...rest,
    ...(event === 'scope' && { label: rest.label || undefined, style: rest.style || undefined }),
    session: token(session),
    claims: claims && JSON.parse(String(claims)),
    lastEnd: (lastEnd as [revision: number, medium: string] | undefined)?.join('.'),
    last: last && { session: token(lastSession), subject: subject || undefined },
  } as AppMessage;
}

test('there are vectors', () => {
  expect(ours.length).toBeGreaterThan(10);
  expect(theirs.length).toBeGreaterThan(10);
});

test.each(ours.map((vector) => [vector.name, vector] as const))('to the hub: %s', (_, { text, decoded }) => {
  expect(encode(asked(decoded))).toBe(text);
});

test.each(theirs.map((vector) => [vector.name, vector] as const))('to the app: %s', (_, { text, message, newer }) => {
  const decoded = decode(text);
  if (newer && !['welcome', 'changed', 'reply', 'duty', 'cancel', 'error-notice', 'goodbye'].includes(message.type)) {
    expect(decoded).toBeUndefined();
    return;
  }
  // An error has no JSON of its own: code and message stand for it.
  const plain = JSON.parse(
    JSON.stringify(decoded, (_, value) =>
      value instanceof LockstepError ? { code: value.code, message: value.message } : value,
    ),
  );
  if (message.type === 'changed') plain.capabilities = undefined;
  expect(plain).toEqual(message);
});

test("the hello names the package's version", () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  expect(clientVersion).toBe(version);
});

const noMessages: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['an object', { type: 'changed' }],
  ['a text that is no JSON', '{"type":'],
  ['null', 'null'],
  ['a number', '5'],
  ['an array', '[]'],
  ['no type', '{}'],
  ['an unknown type', '{"type":"reset"}'],
  ['the name of a prototype', '{"type":"__proto__"}'],
  ['a changed without a snapshot', '{"type":"changed","events":[]}'],
  ['a changed without events', JSON.stringify({ type: 'changed', snapshot: signedOut })],
  ['a snapshot that is null', '{"type":"changed","snapshot":null,"events":[]}'],
  ['a status of the client alone', JSON.stringify(changed({ ...signedIn, status: 'connecting' }))],
  ['an unknown status', JSON.stringify(changed({ ...signedIn, status: 'signed-in!' }))],
  ['a status that is an array', JSON.stringify(changed({ ...signedIn, status: ['signed', 'in'] }))],
  ['a snapshot without a scope', JSON.stringify(changed({ ...signedIn, scope: undefined }))],
  ['an unavailable hub without a reason', JSON.stringify(changed({ ...signedOut, status: 'unavailable' }))],
  ['claims that are null', JSON.stringify(changed({ ...signedIn, claims: null }))],
  ['a time that is a text', JSON.stringify(changed({ ...signedIn, expiresAt: '5' }))],
  ['capabilities that are a number', JSON.stringify({ ...welcome, capabilities: 5 })],
];

test.each(noMessages)('%s is no message', (_, text) => {
  expect(decode(text)).toBeUndefined();
});

test('texts that are no messages change nothing, whenever they come', async () => {
  const page = openPage();
  const session = page.connect();
  const texts = noMessages.map(([, text]) => text).filter((text) => typeof text === 'string');
  page.load();
  for (const text of texts) page.hub.send(text);
  await settled();
  expect(session.getSnapshot().status).toBe('connecting');

  await page.welcome({ snapshot: signedIn });
  const before = session.getSnapshot();
  const pending = session.logout();
  for (const text of [...texts, '{"type":"reply"}', '{"type":"reply","id":"1"}', '{"type":"reply","id":7}'])
    page.hub.send(text);
  await settled();
  expect(session.getSnapshot()).toBe(before);
  page.hub.send({ type: 'reply', id: 1, error: 'not an object' });
  await expect(pending).rejects.toBeInstanceOf(LockstepError);
  await page.close();
});

test('a name of a prototype in claims stays plain data', () => {
  const text = JSON.stringify(changed(signedIn)).replace('"name":"Ada"', '"__proto__":{"admin":true}');
  const message = decode(text);
  const { claims } = message?.type === 'changed' ? message.snapshot : {};
  expect(claims?.admin).toBeUndefined();
  expect(Object.keys(claims ?? {})).toEqual(['__proto__']);
});

test('a code that this client does not know is passed on, with its message', () => {
  const message = decode('{"type":"reply","id":1,"error":{"code":"of-a-later-hub","message":"Do that."}}');
  expect(message).toMatchObject({ type: 'reply', error: { code: 'of-a-later-hub', message: 'Do that.' } });
});
