// The duties of an app: which of them the hub knows, how its functions are called, and what becomes of each call.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type CheckSession, type ConnectOptions, connect, type EndSession } from '../../../js-glue/client/index.js';
import { hubUrl, openPage, type Page, playedByHand, record, settled, signedIn } from './page.js';

let page: Page;
beforeEach(() => {
  page = openPage();
});
afterEach(() => page.close());

const active = () => ({ active: true });
const check = { type: 'duty', call: 1, duty: 'check', reason: 'expiry' } as const;
const end = { type: 'duty', call: 2, duty: 'end', reason: 'idle' } as const;
const sent = (type: string) => page.hub.received.filter((message) => message.type === type);

async function open(options: Partial<ConnectOptions>) {
  const session = page.connect(options);
  await settled();
  await page.welcome({ snapshot: signedIn });
  return session;
}

async function ask(message: object): Promise<void> {
  page.hub.send(message);
  await settled();
}

test.each<[string, Partial<ConnectOptions>, unknown]>([
  ['both duties', { checkSession: active, endSession: () => {} }, [{ type: 'duties', can: ['check', 'end'] }]],
  ['a check', { checkSession: active }, [{ type: 'duties', can: ['check'] }]],
  ['an end', { endSession: () => {} }, [{ type: 'duties', can: ['end'] }]],
  ['nothing', {}, []],
])('an app that can do %s says so after the welcome', async (_, options, duties) => {
  await open(options);
  expect(page.hub.received).toEqual(duties);
});

test('a hub that was reloaded gets the duties again, and so does one that took the place of a dead one', async () => {
  await open({ checkSession: active });
  await page.welcome();
  expect(sent('duties')).toHaveLength(2);
  page.violate({});
  page.hub.send({ type: 'goodbye', error: { code: 'replaced', message: 'Replaced.' } });
  await settled();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(page.framesMade()).toBe(2);
  await page.welcome();
  expect(sent('duties')).toEqual(Array(3).fill({ type: 'duties', can: ['check'] }));
});

test('the duties come before the requests that wait, which may need them', async () => {
  const session = page.connect({ checkSession: active });
  session.check().catch(() => {});
  await settled();
  await page.welcome();
  expect(page.hub.received.map(({ type }) => type)).toEqual(['duties', 'check']);
});

test('a check is called with its reason, and its result is the outcome', async () => {
  const checkSession = vi.fn<CheckSession>(() => ({
    active: true,
    expiresAt: 1764000600000.9,
    claims: { name: 'Ada' },
  }));
  await open({ checkSession });
  await ask(check);
  expect(checkSession).toHaveBeenCalledExactlyOnceWith({ reason: 'expiry', signal: expect.any(AbortSignal) });
  expect(page.hub.texts.slice(1)).toEqual([
    '{"type":"outcome","call":1,"outcome":"active","expiresAt":1764000600000,"claims":{"name":"Ada"}}',
  ]);
});

test.each<[string, CheckSession, object]>([
  ['active', active, { outcome: 'active' }],
  ['active, later', async () => ({ active: true }), { outcome: 'active' }],
  [
    'active with nothing to add',
    () => ({ active: true, expiresAt: undefined, claims: null }) as never,
    { outcome: 'active' },
  ],
  ['inactive', () => ({ active: false, claims: { name: 'Ada' } }), { outcome: 'inactive' }],
])('a session that is %s', async (_, checkSession, expected) => {
  await open({ checkSession });
  await ask(check);
  expect(sent('outcome')).toEqual([{ type: 'outcome', call: 1, ...expected }]);
});

test('an end is called with its reason, and is done when the function is', async () => {
  const { calls, play } = playedByHand<void>();
  await open({ endSession: play });
  await ask(end);
  expect(calls.map(({ reason }) => reason)).toEqual(['idle']);
  expect(sent('outcome')).toEqual([]);
  calls[0]?.answer();
  await settled();
  expect(sent('outcome')).toEqual([{ type: 'outcome', call: 2, outcome: 'done' }]);
});

const secret = 'eyJhbGciOi-secret';
const fault = new Error('the network is down');
test.each<[string, ConnectOptions['checkSession'] | unknown, unknown]>([
  [
    'throws',
    () => {
      throw fault;
    },
    fault,
  ],
  ['rejects', () => Promise.reject(fault), fault],
  ['gives nothing', () => {}, expect.objectContaining({ code: 'invalid-argument' })],
  ['gives null', () => null, expect.objectContaining({ code: 'invalid-argument' })],
  ['gives true', () => true, expect.objectContaining({ code: 'invalid-argument' })],
  [
    'gives a truthy active',
    () => ({ active: 1 }),
    expect.objectContaining({ message: 'active must be true or false.' }),
  ],
  ['gives no active', () => ({ expiresAt: 1764000600000 }), expect.objectContaining({ code: 'invalid-argument' })],
  [
    'gives a time as text',
    () => ({ active: true, expiresAt: secret }),
    expect.objectContaining({ code: 'invalid-argument' }),
  ],
  [
    'gives a time in seconds',
    () => ({ active: true, expiresAt: 1764000600 }),
    expect.objectContaining({ message: 'expiresAt must be in ms, expiresIn in s.' }),
  ],
  [
    'gives a time without end',
    () => ({ active: true, expiresAt: Infinity }),
    expect.objectContaining({ code: 'invalid-argument' }),
  ],
  [
    'gives a time after all',
    () => ({ active: true, expiresAt: Number.MAX_SAFE_INTEGER }),
    expect.objectContaining({ code: 'invalid-argument' }),
  ],
  [
    'gives a lifetime that is no number',
    () => ({ active: true, expiresIn: secret }),
    expect.objectContaining({ code: 'invalid-argument' }),
  ],
  [
    'gives a lifetime after all',
    () => ({ active: true, expiresIn: Number.MAX_SAFE_INTEGER }),
    expect.objectContaining({ code: 'invalid-argument' }),
  ],
  [
    'gives claims that are no JSON',
    () => ({ active: true, claims: { at: new Date() } }),
    expect.objectContaining({ code: 'invalid-argument' }),
  ],
  [
    'gives claims as a text',
    () => ({ active: true, claims: secret }),
    expect.objectContaining({ code: 'invalid-argument' }),
  ],
  [
    'gives claims over 2 KiB',
    () => ({ active: true, claims: { secret: 'é'.repeat(1_020) } }),
    expect.objectContaining({ message: 'claims must be at most 2 KiB.' }),
  ],
  [
    'ends with claims that are no JSON',
    () => ({ active: false, claims: [] }),
    expect.objectContaining({ code: 'invalid-argument' }),
  ],
])(
  'a check that %s is unknown, which ends no session, and the app receives the reason (R7)',
  async (_, checkSession, cause) => {
    const session = await open({ checkSession: checkSession as CheckSession });
    const events = record(session);
    const errors: unknown[] = [];
    session.on('error', ({ error }) => errors.push(error));
    await ask(check);
    expect(sent('outcome')).toEqual([{ type: 'outcome', call: 1, outcome: 'unknown' }]);
    expect(events).toEqual([{ type: 'error', code: 'duty-failed' }]);
    expect(errors).toEqual([expect.objectContaining({ name: 'LockstepError', code: 'duty-failed', cause })]);
    expect(`${errors}${(errors[0] as Error).cause}`).not.toContain(secret);
    expect(session.getSnapshot().status).toBe('signed-in');
  },
);

test('a check may give a lifetime in the place of a time', async () => {
  vi.spyOn(Date, 'now').mockReturnValue(1_764_000_000_000);
  await open({ checkSession: () => ({ active: true, expiresIn: 300, expiresAt: 1_764_000_600_000 }) });
  await ask(check);
  expect(sent('outcome')).toEqual([{ type: 'outcome', call: 1, outcome: 'active', expiresAt: 1_764_000_300_000 }]);
});

test('claims of just 2 KiB pass', async () => {
  await open({ checkSession: () => ({ active: true, claims: { a: 'é'.repeat(1_020) } }) });
  await ask(check);
  expect(sent('outcome')).toMatchObject([{ outcome: 'active' }]);
});

test('an end that rejects is unknown as well', async () => {
  const session = await open({ endSession: () => Promise.reject(fault) });
  const events = record(session);
  await ask(end);
  expect(sent('outcome')).toEqual([{ type: 'outcome', call: 2, outcome: 'unknown' }]);
  expect(events).toEqual([{ type: 'error', code: 'duty-failed' }]);
});

test.each(['answers', 'fails'])(
  'a cancelled call is aborted, and when it %s nevertheless that has no effect',
  async (how) => {
    const { calls, play } = playedByHand<{ active: boolean }>();
    const session = await open({ checkSession: play });
    const events = record(session);
    await ask(check);
    await ask({ type: 'cancel', call: 7 });
    expect(calls[0]?.signal.aborted).toBe(false);
    await ask({ type: 'cancel', call: 1 });
    expect(calls[0]?.signal.aborted).toBe(true);
    if (how === 'answers') calls[0]?.answer({ active: false });
    else calls[0]?.fail(fault);
    await settled();
    expect([sent('outcome'), events]).toEqual([[], []]);
  },
);

test('two calls at once are two calls', async () => {
  const checks = playedByHand<{ active: boolean }>();
  const ends = playedByHand<void>();
  await open({ checkSession: checks.play, endSession: ends.play });
  await ask(check);
  await ask(end);
  await ask({ type: 'cancel', call: 1 });
  ends.calls[0]?.answer();
  await settled();
  expect([checks.calls[0]?.signal.aborted, ends.calls[0]?.signal.aborted]).toEqual([true, false]);
  expect(sent('outcome')).toEqual([{ type: 'outcome', call: 2, outcome: 'done' }]);
});

test('when the hub is reloaded what the old one asked is aborted, and the new one gets no answer to it', async () => {
  const { calls, play } = playedByHand<{ active: boolean }>();
  await open({ checkSession: play });
  await ask(check);
  await page.welcome();
  expect(calls[0]?.signal.aborted).toBe(true);
  // The new hub counts its calls from the beginning.
  await ask(check);
  calls[0]?.answer({ active: false });
  calls[1]?.answer({ active: true });
  await settled();
  expect(sent('outcome')).toEqual([{ type: 'outcome', call: 1, outcome: 'active' }]);
});

test.each(['beforeunload', 'pagehide'])(
  'after %s only an answer is an outcome of a check: the browser fails requests',
  async (type) => {
    const { calls, play } = playedByHand<{ active: boolean }>();
    const session = await open({ checkSession: play });
    const events = record(session);
    await ask(check);
    page.window.dispatchEvent(new Event(type));
    calls[0]?.fail(fault);
    await ask({ ...check, call: 2 });
    calls[1]?.fail(fault);
    await ask({ ...check, call: 3 });
    calls[2]?.answer({ active: true });
    await settled();
    const answered = { type: 'outcome', call: 3, outcome: 'active' };
    expect([sent('outcome'), events]).toEqual([[answered], []]);
    // Who is there after the longest call has stayed.
    await vi.advanceTimersByTimeAsync(10_000);
    await ask({ ...check, call: 4 });
    calls[3]?.fail(fault);
    await settled();
    expect(sent('outcome')).toEqual([answered, { type: 'outcome', call: 4, outcome: 'unknown' }]);
    expect(events).toEqual([{ type: 'error', code: 'duty-failed' }]);
  },
);

test('an end that fails while its page is left has to be done elsewhere', async () => {
  const { calls, play } = playedByHand<void>();
  await open({ endSession: play });
  await ask(end);
  page.window.dispatchEvent(new Event('beforeunload'));
  calls[0]?.fail(fault);
  await settled();
  expect(sent('outcome')).toEqual([{ type: 'outcome', call: 2, outcome: 'unknown' }]);
});

test('a session without duties, and one that is closed, does not listen to being left', async () => {
  const isListening = () => page.listeners().some((type) => /unload|pagehide/.test(type));
  const session = await open({ checkSession: active });
  expect(isListening()).toBe(true);
  session.close();
  await open({});
  expect(isListening()).toBe(false);
});

test('a signed-out snapshot aborts nothing by itself: the hub says when', async () => {
  const { calls, play } = playedByHand<{ active: boolean }>();
  await open({ checkSession: play });
  await ask(check);
  await ask({ type: 'changed', snapshot: { ...signedIn, status: 'signed-out' }, events: [] });
  expect(calls[0]?.signal.aborted).toBe(false);
});

test.each(['reset', 'toString', '__proto__', null, ['end', 'check']])(
  'a duty %j that nobody knows is ignored',
  async (duty) => {
    await open({ checkSession: active, endSession: () => {} });
    await ask({ type: 'duty', call: 3, duty, reason: 'expiry' });
    expect(sent('outcome')).toEqual([]);
  },
);

test('a duty that looks like a change of the session is none', async () => {
  const session = await open({ checkSession: active });
  const before = session.getSnapshot();
  const events = record(session);
  for (const type of ['duty', 'cancel', 'reply', 'error-notice']) {
    await ask({ type, call: 9, events: [{ type: 'logout' }], capabilities: [] });
    await ask({ type, call: 9, duty: 'none', events: [], snapshot: { ...signedIn, status: 'signed-out' }, error: {} });
  }
  expect(session.getSnapshot()).toBe(before);
  expect(events.filter((each) => (each as { readonly type?: string }).type !== 'error')).toEqual([]);
});

test.each(['checkSession', 'endSession'])('%s must be a function', (name) => {
  for (const value of [true, 'check', {}, 1]) {
    expect(() => connect({ hub: hubUrl, [name]: value } as never)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: 'checkSession and endSession must be functions.',
      }),
    );
  }
  expect(page.framesMade()).toBe(0);
  const session = page.connect({ [name]: undefined } as { readonly endSession?: EndSession });
  expect(session.getSnapshot().status).toBe('connecting');
});
