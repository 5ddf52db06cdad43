// A false hub, or a newer one, may send anything. Whatever it is: nothing is thrown into the app's page, and no
// listener is given a snapshot or an event with a member of the wrong kind. Here a message crosses its port at once, so
// that a fault is thrown where it was caused.

import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { LockstepError } from '../../../js-glue/client/index.js';
import type { SessionEvents } from '../../../js-glue/client/types.js';
import { decode } from '../../../js-glue/client/wire.js';
import { eventTypes } from '../../../js-glue/inspector/members.js';
import { alteredFrom } from '../altered.js';
import { changed, openPage, outcome, settled, signedIn, signedOut, welcome } from './page.js';

type Members = Readonly<Record<string, unknown>>;

const full = {
  ...signedIn,
  sessionId: 's',
  signedInAt: 1,
  expiresAt: 8_640_000_000_000_000,
  idleAt: 3,
  idleWarning: true,
};
const unavailable = {
  ...signedOut,
  status: 'unavailable',
  reason: undefined,
  error: { code: 'version', message: 'm' },
};
const membersOfEvents: Readonly<Record<Exclude<keyof SessionEvents, 'error'>, object>> = {
  login: { own: true },
  logout: { reason: 'logout', endedBy: 'https://billing.acme.com' },
  'user-change': { from: 'u-1' },
  'idle-warning': { idleAt: 3 },
  'idle-resume': {},
  scope: { scope: 'shared', from: 'alone' },
};
const events = Object.entries(membersOfEvents).map(([type, members]) => ({ type, ...members }));
const messages: readonly object[] = [
  { ...welcome, session: '3.w', lastEnd: '2.cookie', snapshot: full, events },
  changed(full, { session: '3.w', events }),
  changed({ ...signedOut, endedBy: 'https://billing.acme.com' }, { events }),
  changed(unavailable),
  { type: 'reply', id: 1 },
  { type: 'reply', id: 1, outcome: 'active' },
  { type: 'reply', id: 1, error: { code: 'forbidden', message: 'm' } },
  { type: 'duty', call: 1, duty: 'check', reason: 'expiry', sessionId: 's' },
  { type: 'duty', call: 2, duty: 'end', reason: 'logout' },
  { type: 'cancel', call: 1 },
  { type: 'error-notice', error: { code: 'storage-failed', message: 'm' } },
  { type: 'goodbye', error: { code: 'replaced', message: 'm' } },
];

const altered = alteredFrom(messages).map((message) => JSON.stringify(message) ?? '');
/** Numbers that JSON can write and JavaScript cannot hold. */
const overflowing = altered.map((text) => text.replace(/:\d+/g, ':1e999'));
const text = fc.oneof(
  { weight: 8, arbitrary: altered },
  { weight: 1, arbitrary: overflowing },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string() },
);

const isText = (member: unknown) => typeof member === 'string';
const isTime = (member: unknown) => Number.isSafeInteger(member) || (Number.isInteger(member) && Number(member) < 1e16);
const isTrue = (member: unknown) => member === true;
const isError = (member: unknown) => member instanceof LockstepError && isText(member.code) && isText(member.message);
const isClaims = (member: unknown) => Object.prototype.toString.call(member) === '[object Object]';
const kinds: Readonly<Record<string, (member: unknown) => boolean>> = {
  ...Object.fromEntries(['status', 'reason', 'endedBy', 'subject', 'sessionId', 'from'].map((name) => [name, isText])),
  ...Object.fromEntries(['scope', 'medium', 'upgrade'].map((name) => [name, isText])),
  ...Object.fromEntries(['signedInAt', 'expiresAt', 'idleAt'].map((name) => [name, isTime])),
  idleWarning: isTrue,
  own: isTrue,
  claims: isClaims,
  error: isError,
  snapshot: (member) => faultsOf(member as Members).length === 0,
};

/** Which members of a snapshot or an event are none. */
function faultsOf(members: Members): readonly string[] {
  const status = members.status as 'signed-in';
  const needed = { 'signed-in': ['subject'], unavailable: ['error'] }[status] ?? [];
  const places = 'status' in members ? ['scope', 'medium', 'upgrade', ...needed] : [];
  const wrong = Object.entries(members).filter(
    ([name, member]) => Object.hasOwn(kinds, name) && !kinds[name]?.(member),
  );
  return [...wrong.map(([name]) => name), ...places.filter((name) => !Object.hasOwn(members, name))];
}

/** The two ends of a channel, over which a message arrives at once. */
function createChannel() {
  const end = () => ({ onmessage: null as null | ((event: { readonly data: unknown }) => void), close() {} });
  const [one, other] = [end(), end()];
  const port1 = Object.assign(one, { postMessage: (data: unknown) => other.onmessage?.({ data }) });
  return { port1, port2: Object.assign(other, { postMessage: (data: unknown) => port1.onmessage?.({ data }) }) };
}

/** Sends these texts to an app that uses everything, and gives all that it was given. */
async function givenBy(texts: readonly string[]) {
  const page = openPage();
  vi.stubGlobal('MessageChannel', function Channel() {
    return createChannel();
  });
  const given: Members[] = [];
  const note = (event: object) => void given.push(event as Members);
  const play = (call: object) => {
    note({ reason: '', ...call, signal: undefined });
    return Promise.reject(new Error('not now'));
  };
  const session = page.connect({ checkSession: play, endSession: play });
  session.subscribe(note);
  for (const type of eventTypes) session.on(type, note);
  const asked = [outcome(session.check()), outcome(session.logout())];
  page.load();
  for (const each of texts) page.hub.send(each);
  session.touch();
  note(session.getSnapshot());
  await page.close();
  await Promise.all(asked);
  return given;
}

const runs = { numRuns: 400 };

test('K8.8: whatever a false hub sends, nothing is thrown, and no listener is given what is malformed', async () => {
  const opening = fc.constantFrom(JSON.stringify(welcome), JSON.stringify({ ...welcome, snapshot: full }), '');
  await fc.assert(
    fc.asyncProperty(opening, fc.array(text, { minLength: 1, maxLength: 6 }), async (first, texts) => {
      const given = await givenBy([first, ...texts]);
      expect(given.flatMap(faultsOf)).toEqual([]);
      expect('polluted' in {}).toBe(false);
    }),
    runs,
  );
});

test('K8.8: what a false hub was seen to send is dropped', async () => {
  const seen = [
    [null],
    [{ type: 'change', status: 'signed-out' }],
    [{ type: { toString: 1 } }],
    [{ type: 'error', error: 7 }],
    [{ type: 'logout', reason: {} }],
  ].map((list) => JSON.stringify(changed(signedIn, { events: list })));
  for (const each of seen) expect(decode(each), each).toBeUndefined();
  const call = { type: 'duty', call: 1, duty: { toString: 1 }, reason: 'expiry' };
  const odd = [...seen, changed(signedIn, { session: { toString: 1 } }), call, { ...call, duty: 'check', reason: 7 }];
  const given = await givenBy([welcome, ...odd].map((each) => (isText(each) ? each : JSON.stringify(each)) as string));
  expect(given.map(({ status, reason }) => [status, reason])).toEqual([
    ['signed-out', 'never'],
    ['signed-out', 'never'],
  ]);
});

test('K8.8: no depth of a message is thrown into the page', async () => {
  const depths = Array.from({ length: 40 }, (_, step) => Math.round(100 * 1.2 ** step));
  const nest = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  const texts = depths.flatMap((depth) => [
    JSON.stringify(changed({ ...full, claims: { deep: 0 } })).replace('"deep":0', `"deep":${nest(depth)}`),
    JSON.stringify(changed(full, { trace: 0 })).replace('"trace":0', `"trace":${nest(depth)}`),
    JSON.stringify(changed(full, { events: 0 })).replace('"events":0', `"events":${nest(depth)}`),
  ]);
  const given = await givenBy([JSON.stringify(welcome), ...texts]);
  expect(given.length).toBeGreaterThan(2);
});

test('a newer hub may add members and events: the rest of the message counts', () => {
  const name = fc
    .stringMatching(/^[a-z]\w{0,9}$/)
    .filter((each) => !(each in kinds) && !/At$|^(type|claims)$/.test(each));
  const added = fc.dictionary(name, fc.string());
  fc.assert(
    fc.property(added, fc.dictionary(name, fc.jsonValue()), added, (toSnapshot, toMessage, toEvent) => {
      const list = [
        { ...toEvent, type: 'tenant-change' },
        { ...toEvent, type: 'login' },
      ];
      const message = decode(
        JSON.stringify({ ...toMessage, ...changed({ ...toSnapshot, ...full }, { events: list }) }),
      );
      expect(message).toMatchObject({ type: 'changed', snapshot: full, events: list });
    }),
    { ...runs, examples: [[{ ownerAt2: 'x', owner: 'x', errorText: 'x' }, { trace: [1] }, { how: 'passkey' }]] },
  );
});

test('a false hub that repeats a call does not have it done twice at a time', async () => {
  const page = openPage();
  const check = vi.fn(() => new Promise<never>(() => {}));
  page.connect({ checkSession: check });
  await page.welcome();
  for (let turn = 0; turn < 3; turn++) page.hub.send({ type: 'duty', call: 1, duty: 'check', reason: 'expiry' });
  await settled();
  expect(check).toHaveBeenCalledOnce();
  await page.close();
});
