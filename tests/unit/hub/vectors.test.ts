// The wire vectors through the built WebAssembly: what the native tests prove of the codec holds for what users run.
// A decoded message has no text of its own here, so each of its members is looked for in what the hub does next.

import { expect, test } from 'vitest';
import { openPort } from './port.js';
import { effectsOf, jsonOf, now, vectorsOf } from './vectors.js';

type Session = { readonly revision: number; readonly writer: string };
type Decoded = {
  readonly event: string;
  readonly id: number;
  readonly subject?: string;
  readonly sessionId?: string;
  readonly expiresAt?: number;
  readonly claims?: string;
  readonly session?: Session;
  readonly last?: { readonly session?: Session; readonly subject: string };
  readonly can: readonly string[];
  readonly call: number;
  readonly outcome: string;
  readonly refused?: string;
  readonly origin: string;
  readonly label: string;
  readonly style: string;
};
type Case = {
  readonly hello?: true;
  readonly decoded: Decoded | null;
  readonly refused?: string | null;
  readonly id?: number;
};

const vectors = vectorsOf<Case>('wire/app-to-hub.json');
const hellos = vectors.filter(({ hello }) => hello);
const messages = vectors.filter(({ hello }) => !hello);

const open = 'open A https://portal.acme.com';
const reply = (id: number, more: object = {}) => `tells its app ${JSON.stringify({ type: 'reply', id, ...more })}`;
const record = ({ revision, writer }: Session, subject = 'ada') => {
  const timestamp = [revision, writer];
  const times = { signedInAt: now, activeAt: now };
  return JSON.stringify({ format: 1, created: timestamp, updated: timestamp, subject, sessionId: 's', ...times });
};
const another: Session = { revision: 2, writer: 'another' };

test.each(hellos)('hello: $name', async ({ text, decoded, refused }) => {
  const port = await openPort();
  port.hello(text);
  const kinds = port.received().map(({ type }) => type);
  if (decoded) expect(kinds).toEqual(['welcome']);
  else expect(kinds).toEqual(refused === 'version' ? ['goodbye'] : []);
  expect(port.isClosed()).toBe(!decoded);
});

const lasts = hellos.flatMap(({ name, text, decoded }) => (decoded ? [{ name, text, last: decoded.last }] : []));

test.each(lasts)('what the app showed before: $name', async ({ text, last }) => {
  const missed = async (stored: string) => {
    const port = await openPort();
    port.anotherWrites(stored);
    port.hello(text);
    return port.received().map((message) => (message as { events?: unknown }).events);
  };
  const login = { type: 'login' };
  const userChange = { type: 'user-change', from: last?.subject };
  const afterAnother = last?.session ? [userChange] : last ? [login] : [];
  expect(await missed(record(another, 'grace'))).toEqual([afterAnother]);
  if (last?.session) expect(await missed(record(last.session, last.subject))).toEqual([[]]);
});

/** Of a message that was understood. */
const decisions = ['forbidden'];

test.each(messages)('message: $name', async ({ text, decoded, refused, id }) => {
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

/** What a hub must do about a message, if it was decoded so: one function for each type of message. */
const consequences: Readonly<Record<string, (text: string, decoded: Decoded) => Promise<void>>> = {
  async login(text, { id, subject, sessionId, expiresAt, claims }) {
    // One that has passed counts as absent: for some vectors it is the first millisecond of all.
    const early = expiresAt !== undefined && expiresAt <= now ? [`clock -${now}`] : [];
    const effects = await effectsOf(...early, open, `A says ${text}`);
    const stored = jsonOf(effects, 'stores') ?? '';
    const { subject: storedSubject, sessionId: storedSessionId, expiresAt: storedExpiresAt } = JSON.parse(stored);
    expect({ subject: storedSubject, sessionId: storedSessionId, expiresAt: storedExpiresAt }).toEqual({
      subject,
      sessionId,
      expiresAt: expiresAt || undefined,
    });
    // As a text, since numbers and the order of members are kept as they were written.
    expect(/"claims":(\{.*\})\}$/s.exec(stored)?.[1]).toBe(claims);
    expect(effects).toContain(reply(id));
  },

  async logout(text, { id, session }) {
    const ends = async (stored: Session) => {
      const effects = await effectsOf(`store ${record(stored)}`, open, `A says ${text}`);
      expect(effects).toContain(reply(id));
      return effects.some((effect) => effect.startsWith('stores ') && effect.includes('"reason":"logout"'));
    };
    expect(await ends(another)).toBe(session === undefined);
    // A session whose revision is at the bound has no next one.
    if (session && session.revision < 2 ** 50) expect(await ends(session)).toBe(true);
  },

  async check(text, { id }) {
    expect(await effectsOf(open, `A says ${text}`)).toEqual([reply(id, { outcome: 'inactive' })]);
  },

  async duties(text, { can }) {
    const both = 'A says {"type":"duties","can":["check","end"]}';
    const given = async (request: string) =>
      (await effectsOf(`store ${record(another)}`, open, both, `A says ${text}`, request)).includes(
        'asks for the lock',
      );
    expect(await given('A says {"type":"check","id":9}')).toBe(can.includes('check'));
    expect(await given('A says {"type":"logout","id":9}')).toBe(can.includes('end'));
  },

  async outcome(text, { call, outcome, expiresAt, claims, refused }) {
    const isOfEnd = outcome === 'done';
    const answering = async (answer: string) =>
      await effectsOf(
        `store ${record(another)}`,
        open,
        'A says {"type":"duties","can":["check","end"]}',
        `A says {"type":"${isOfEnd ? 'logout' : 'check'}","id":9}`,
        'A lock granted',
        `A says ${answer}`,
      );
    // The hub's first call is 1.
    if (call !== 1) expect(await answering(text)).toEqual([]);
    const effects = await answering(text.replace(`"call":${call}`, '"call":1'));
    const stored = JSON.parse(jsonOf(effects, 'stores') ?? '');
    if (isOfEnd) {
      expect(stored.duty.state).toBe('done');
      return;
    }
    expect(effects).toContain(reply(9, { outcome }));
    expect(stored.expiresAt).toBe(expiresAt);
    expect(stored.claims && JSON.stringify(stored.claims)).toBe(claims);
    expect(stored.ended?.reason).toBe(outcome === 'inactive' ? 'revoked' : undefined);
    const errors = effects.flatMap((effect) => /"error-notice","error":\{"code":"([^"]*)"/.exec(effect)?.[1] ?? []);
    expect(errors).toEqual(refused ? [refused] : []);
  },

  async allows(text, { id, origin }) {
    const config = { hub: 'https://hub.acme.com/', site: 'https://acme.com' };
    const reader = { origin: 'https://reader.acme.com', can: ['read'] };
    const start = [
      `config ${JSON.stringify({ ...config, apps: [reader, { origin, can: [] }] })}`,
      `open A ${reader.origin}`,
    ];
    expect(await effectsOf(...start, `A says ${text}`)).toEqual([reply(id)]);
  },

  async scope(text, { id, label, style }) {
    const asked = ['capabilities nothing possible', open, `A says ${text}`];
    expect(await effectsOf(...asked)).toEqual([`shows a button ${label} [${style}]`]);
    expect(await effectsOf(...asked, 'A capabilities first-party useless asked')).toContain(reply(id));
  },

  async touch(text) {
    const config = JSON.stringify({
      hub: 'https://hub.acme.com/',
      site: 'https://acme.com',
      apps: [{ origin: 'https://portal.acme.com', can: ['read', 'activity'] }],
      session: { idleTimeoutMs: 900_000 },
    });
    const lines = [`config ${config}`, `store ${record(another)}`, open, 'clock +60000', `A says ${text}`];
    expect(JSON.parse(jsonOf(await effectsOf(...lines), 'stores') ?? '').activeAt).toBe(now + 60_000);
  },

  async wake(text, { id }) {
    const [changed, replied, ...others] = await effectsOf(open, `store ${record(another)}`, `A says ${text}`);
    expect(changed).toMatch(/^tells its app .*"changed".*"ada"/);
    expect([replied, others]).toEqual([reply(id), []]);
  },

  async goodbye(text) {
    expect(await effectsOf(open, `A says ${text}`)).toEqual(['closes port 1']);
  },
};

test('every type of message has a vector that is decoded', () => {
  const types = new Set(messages.map(({ decoded }) => decoded?.event));
  types.delete(undefined);
  expect([...types].sort()).toEqual(Object.keys(consequences).sort());
});

const decodedMessages = messages.flatMap(({ name, text, decoded }) => (decoded ? [{ name, text, decoded }] : []));

test.each(decodedMessages)('each member of what was decoded takes effect: $name', async ({ text, decoded }) => {
  await consequences[decoded.event]?.(text, decoded);
});
