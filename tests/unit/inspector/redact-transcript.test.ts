// What a transcript says of who signed in: nothing, and still enough to replay.

import { expect, test } from 'vitest';
import { eventMemberKinds, type Kind, memberKinds } from '../../../js-glue/inspector/members.js';
import { createRedact } from '../../../js-glue/inspector/redact-transcript.js';

const claims = '{"name":"Ada {\\"L\\"}","age":36}';
const stream = (session: string, subject: string) =>
  `wants the stream 1 of https://hub.acme.com/events for [sid|https://login.acme.com|${session}] and ` +
  `sub|https://login.acme.com|${subject} since 5`;
const changed = (subject: string, from: string) =>
  `tells its app {"snapshot":{"subject":"${subject}"},"events":[{"type":"user-change","from":"${from}"}]}`;
const lines = [
  `says {"type":"login","id":1,"subject":"ada","sessionId":"sid-ada","claims": ${claims.replaceAll(':', ': ')}}`,
  `stores {"created":[1,"a"],"subject":"ada","sessionId":"sid-ada","claims":${claims}}`,
  changed('grace', 'ada'),
  'hello https://portal.acme.com {"type":"hello","last":{"session":"1.a","subject":"\\u0061da"}}',
  stream('sid-ada', 'ada'),
  `fetched 1 {"active":true,"claims":${claims}}`,
  'says ada is no JSON',
  'fetched 2 ada is no JSON',
  'says ada {"type":"wake","id":1}',
];

test('no subject, session id or claim is left, wherever it was', () => {
  const redact = createRedact();
  const text = lines.map(redact).join('\n');
  for (const secret of ['ada', 'Ada', 'grace', '36', 'sid-ada', '\\u0061']) expect(text).not.toContain(secret);
});

test('the same value has the same alias, and what names nobody stays', () => {
  const redact = createRedact();
  expect(lines.slice(0, 5).map(redact)).toEqual([
    'says {"type":"login","id":1,"subject":"user-1","sessionId":"sid-1","claims": {"redacted":"claims-1"}}',
    'stores {"created":[1,"a"],"subject":"user-1","sessionId":"sid-1","claims":{"redacted":"claims-1"}}',
    changed('user-2', 'user-1'),
    'hello https://portal.acme.com {"type":"hello","last":{"session":"1.a","subject":"user-1"}}',
    stream('sid-1', 'user-1'),
  ]);
  const ended = 'stores {"ended":{"reason":"logout","by":"https://portal.acme.com","at":1},"subject":""}';
  expect(redact(ended)).toBe(ended);
  const scope = 'tells its app {"type":"changed","events":[{"type":"scope","scope":"shared","from":"partitioned"}]}';
  expect(redact(scope)).toBe(scope);
});

test.each([
  // As RFC 7662 has it.
  ['{"active":true,"username":"ada@acme.com","sub":"ada","exp":5}', '{"active":true}'],
  ['{"active":true,"expiresIn":60,"claims":{"name":"Ada"},"user":{"token":"ada"}}', ''],
  ['{"active":true,"claims":["Ada"]}', '{}'],
  ['{"active":false,"expiresAt":5}', '{"active":false,"expiresAt":5}'],
])('of an answer to a check there is no more than a hub reads: %s', (answer, left) => {
  const alias = '{"active":true,"expiresIn":60,"claims":{"redacted":"claims-1"}}';
  expect(createRedact()(`fetched 1 ${answer}`)).toBe(`fetched 1 ${left || alias}`);
});

const kindsOf = (kinds: Readonly<Record<string, Kind>>) => Object.entries(kinds);
const isOfUser = (kind: Kind) => kind === 'user' || kind === 'sid';

test.each(kindsOf(memberKinds).filter(([, kind]) => isOfUser(kind)))('%s has an alias, %s-1', (name, kind) => {
  expect(createRedact()(`stores {"updated":[1,"a"],"${name}":"ada"}`)).toBe(
    `stores {"updated":[1,"a"],"${name}":"${kind}-1"}`,
  );
});

test.each(
  Object.entries(eventMemberKinds).flatMap(([type, kinds]) =>
    kindsOf(kinds)
      .filter(([, kind]) => isOfUser(kind))
      .map(([name, kind]) => [type, name, kind] as const),
  ),
)('in %s, %s has an alias, %s-1, wherever in the event it is', (type, name, kind) => {
  const event = (value: string) => `tells its app {"events":[{"type":"${type}","more":"{a}","${name}":"${value}"}]}`;
  expect(createRedact()(event('ada'))).toBe(event(`${kind}-1`));
});
