// What every adapter does, without a browser: a session and a login library that are driven by hand.

import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createTokens, type Tokens } from '../../../js-glue/adapters/tokens.js';
import type { Session, Snapshot } from '../../../js-glue/client/index.js';
import { createLoginFlow } from '../../../js-glue/client/login-flow.js';

type User = { readonly sub: string; readonly isOld?: true };

/** A promise that the test settles. */
function later<T>() {
  let settle: { readonly resolve: (value: T) => void; readonly reject: (error: Error) => void } | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, resolve: (value: T) => settle?.resolve(value), reject: (error: Error) => settle?.reject(error) };
}

const place = { scope: 'shared', medium: 'local-storage', upgrade: 'none' } as const;
const signedIn = (subject: string, signedInAt = 1): Snapshot => ({
  ...place,
  status: 'signed-in',
  subject,
  signedInAt,
});
const signedOut: Snapshot = { ...place, status: 'signed-out', reason: 'logout' };
const connecting: Snapshot = { ...place, status: 'connecting' };
const unavailable = { ...place, status: 'unavailable', error: {} } as Snapshot;

let snapshot: Snapshot;
let held: User | undefined;
let listeners: Set<() => void>;
const login = vi.fn(async (_: { readonly subject: string }) => {});
const cancelLogin = vi.fn();
const check = vi.fn(async () => 'active');
const renew = vi.fn<() => Promise<User>>();
const drop = vi.fn(async () => {
  held = undefined;
});
const reportError = vi.fn();
let tokens: Tokens<User>;
let session: Session;
let detach: () => void;
let page: EventTarget & { hidden: boolean };
const location = { href: 'https://portal.acme.com/' };

beforeEach(() => {
  vi.resetAllMocks();
  vi.stubGlobal('reportError', reportError);
  page = Object.assign(new EventTarget(), { hidden: false });
  location.href = 'https://portal.acme.com/';
  vi.stubGlobal('document', page);
  vi.stubGlobal('location', location);
  const { addEventListener, removeEventListener } = Object.assign(new EventTarget());
  const window = new EventTarget();
  vi.stubGlobal('addEventListener', addEventListener.bind(window));
  vi.stubGlobal('removeEventListener', removeEventListener.bind(window));
  snapshot = signedOut;
  held = undefined;
  listeners = new Set();
  session = { getSnapshot: () => snapshot, login, cancelLogin, check, subscribe } as unknown as Session;
  tokens = createTokens<User>({
    loginOf: ({ sub }) => ({ subject: sub }),
    held: async () => held,
    isFresh: ({ isOld }) => !isOld,
    renew,
    isNo: ({ message }) => message === 'no',
    drop,
  });
  detach = tokens.attach(session);
});
afterEach(() => {
  detach();
  vi.unstubAllGlobals();
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

async function show(next: Snapshot): Promise<void> {
  snapshot = next;
  for (const listener of listeners) listener();
  await settled();
}

async function look(): Promise<void> {
  page.hidden = false;
  page.dispatchEvent(new Event('visibilitychange'));
  await settled();
}

function renewsTo(user: User): void {
  renew.mockImplementation(async () => {
    held = user;
    return user;
  });
}

test('K2.3: a page that holds none asks once, when somebody looks at it, and logs nobody in', async () => {
  renewsTo({ sub: 'ada' });
  page.hidden = true;
  await show(signedIn('ada'));
  expect(renew).not.toHaveBeenCalled();
  await look();
  await show(signedIn('ada'));
  await look();
  expect(renew).toHaveBeenCalledOnce();
  expect(login).not.toHaveBeenCalled();
});

test('old ones are renewed, those of another are dropped, and so are all after the end', async () => {
  held = { sub: 'ada', isOld: true };
  renewsTo({ sub: 'ada' });
  await show(signedIn('ada'));
  expect([renew, drop].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
  renewsTo({ sub: 'grace' });
  await show(signedIn('grace', 2));
  expect([renew, drop].map(({ mock }) => mock.calls.length)).toEqual([2, 1]);
  expect(held).toEqual({ sub: 'grace' });
  await show(signedOut);
  expect(held).toBeUndefined();
});

test('what another tab has stored since stays for its login, and goes the next time without one', async () => {
  held = { sub: 'ada' };
  await show(signedIn('ada'));
  await show(signedOut);
  held = { sub: 'grace' };
  await look();
  expect(held).toEqual({ sub: 'grace' });
  await show(signedIn('grace', 2));
  expect(drop).toHaveBeenCalledOnce();
  await show(signedOut);
  expect(held).toBeUndefined();
  held = { sub: 'eve' };
  await look();
  expect(held).toEqual({ sub: 'eve' });
  await look();
  expect(held).toBeUndefined();
});

test('what a page before has left is dropped at once', async () => {
  detach();
  held = { sub: 'ada' };
  snapshot = connecting;
  detach = tokens.attach(session);
  await settled();
  await show(signedOut);
  expect(held).toBeUndefined();
});

test('a store that has the tokens of the session is left alone, whatever this page still remembers', async () => {
  detach();
  let inMemory: User | undefined = { sub: 'ada' };
  const stored = vi.fn(async () => held);
  tokens = createTokens<User>({
    loginOf: ({ sub }) => ({ subject: sub }),
    held: async () => inMemory,
    stored,
    isFresh: () => true,
    renew,
    isNo: () => false,
    drop,
  });
  detach = tokens.attach(session);
  await show(signedIn('ada'));
  held = { sub: 'grace' };
  await show(signedIn('grace', 2));
  expect(stored).toHaveBeenCalledOnce();
  expect([drop, renew].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  // The library takes it over.
  inMemory = held;
  await show(signedOut);
  expect(drop).toHaveBeenCalledOnce();
});

test('what arrives after the session has ended is dropped', async () => {
  const answer = later<User>();
  renew.mockReturnValue(answer.promise);
  await show(signedIn('ada'));
  await show(signedOut);
  held = { sub: 'ada' };
  answer.resolve(held);
  await settled();
  expect(held).toBeUndefined();
  expect(check).not.toHaveBeenCalled();
});

test.each([connecting, unavailable])(
  'what arrives while the hub is $status is judged once it is back',
  async (gone) => {
    const answer = later<User>();
    renew.mockReturnValue(answer.promise);
    await show(signedIn('ada'));
    await show(gone);
    held = { sub: 'ada' };
    answer.resolve(held);
    await settled();
    await show(signedIn('ada'));
    expect(drop).not.toHaveBeenCalled();
    await show(gone);
    await show(signedOut);
    expect(drop).toHaveBeenCalledOnce();
  },
);

test('a failure is not tried again before the page is looked at again; a "no" asks for one check', async () => {
  renew.mockRejectedValue(new Error('Failed to fetch'));
  await show(signedIn('ada'));
  await show(signedIn('ada'));
  expect([renew, check].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
  renew.mockRejectedValue(new Error('no'));
  await look();
  expect([renew, check].map(({ mock }) => mock.calls.length)).toEqual([2, 1]);
  await show(signedIn('ada'));
  expect([renew, check].map(({ mock }) => mock.calls.length)).toEqual([2, 1]);
});

test('a check and a page that needs tokens are served by one answer', async () => {
  const answer = later<User>();
  renew.mockReturnValue(answer.promise);
  await show(signedIn('ada'));
  const checks = [tokens.checkSession(), tokens.checkSession()];
  answer.resolve({ sub: 'ada' });
  expect(await Promise.all(checks)).toEqual([{ active: true }, { active: true }]);
  expect(renew).toHaveBeenCalledOnce();
});

test.each([
  ['the user', { active: true }, 'ada'],
  ['another user', { active: false }, 'grace'],
])('a check that finds %s is %o', async (_, outcome, sub) => {
  held = { sub: 'ada' };
  await show(signedIn('ada'));
  renewsTo({ sub });
  expect(await tokens.checkSession()).toEqual(outcome);
  expect(held).toEqual(sub === 'ada' ? { sub } : undefined);
});

test('only a "no" is inactive; everything else is thrown', async () => {
  held = { sub: 'ada' };
  await show(signedIn('ada'));
  renew.mockRejectedValueOnce(new Error('no'));
  expect(await tokens.checkSession()).toEqual({ active: false });
  renew.mockRejectedValueOnce(new Error('consent_required'));
  await expect(tokens.checkSession()).rejects.toThrow('consent_required');
});

test('why a page gets no tokens is said on the console, without what was sent to the provider', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  renew.mockRejectedValue(Object.assign(new Error('consent_required'), { form: 'refresh_token=1' }));
  await show(signedIn('ada'));
  expect(warn.mock.calls).toEqual([['Error: consent_required']]);
  // Looked at again, it tries again, and says the same but once.
  document.dispatchEvent(new Event('visibilitychange'));
  await settled();
  expect(renew).toHaveBeenCalledTimes(2);
  expect(warn).toHaveBeenCalledTimes(1);
});

test('K3.2: while the address has an answer that nobody has used, nothing is asked and nothing dropped', async () => {
  location.href = 'https://portal.acme.com/callback?code=1&state=2';
  held = { sub: 'grace' };
  await show(signedIn('ada'));
  await expect(tokens.checkSession()).rejects.toThrow('login is open');
  expect([renew, drop].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  login.mockImplementationOnce(async () => {
    snapshot = signedIn('grace', 2);
  });
  await tokens.act(async () => held);
  await settled();
  expect(login).toHaveBeenCalledExactlyOnceWith({ subject: 'grace' });
  expect(held).toEqual({ sub: 'grace' });
});

test('an answer that nobody uses is waited for no longer than ten seconds', async () => {
  detach();
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  location.href = 'https://portal.acme.com/paid?state=1&code=2';
  renewsTo({ sub: 'ada' });
  snapshot = signedIn('ada');
  detach = tokens.attach(session);
  await vi.advanceTimersByTimeAsync(9_999);
  expect(renew).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(renew).toHaveBeenCalledOnce();
  expect(await tokens.checkSession()).toEqual({ active: true });
});

test('an answer that comes after the first act has ended is not waited for', async () => {
  await tokens.act(async () => undefined);
  location.href = 'https://portal.acme.com/paid?state=1&code=2';
  renewsTo({ sub: 'ada' });
  await show(signedIn('ada'));
  expect(held).toEqual({ sub: 'ada' });
});

test('a logout drops the tokens whatever is in the address, but not of an act that has not ended', async () => {
  location.href = 'https://portal.acme.com/?error=1&state=2';
  held = { sub: 'ada' };
  await show(signedIn('ada'));
  const answer = later<User>();
  const ended = tokens.act(() => answer.promise);
  await show(signedOut);
  expect(held).toEqual({ sub: 'ada' });
  location.href = 'https://portal.acme.com/?error=3&state=4';
  login.mockImplementationOnce(() => show(signedIn('ada', 2)));
  answer.resolve(held);
  await ended;
  await settled();
  expect(drop).not.toHaveBeenCalled();
  await show(signedOut);
  expect(held).toBeUndefined();
});

test('a logout drops the tokens also before an answer in the address is used', async () => {
  location.href = 'https://portal.acme.com/?error=1&state=2';
  held = { sub: 'ada' };
  await show(signedIn('ada'));
  await show(signedOut);
  expect(held).toBeUndefined();
});

test('a login that is refused drops the tokens, and the library rejects', async () => {
  held = { sub: 'ada' };
  login.mockRejectedValueOnce(Object.assign(new Error('ended'), { code: 'session-ended' }));
  await expect(tokens.act(async () => held)).rejects.toMatchObject({ code: 'session-ended' });
  expect(held).toBeUndefined();
});

const refusal = (code: string) => Object.assign(new Error(code), { code });

test.each(['timeout', 'rate-limited', 'storage-failed'])(
  'a login that fails with %s keeps its tokens, and is sent again',
  async (code) => {
    held = { sub: 'ada' };
    login.mockRejectedValueOnce(refusal(code));
    login.mockImplementationOnce(async () => {
      snapshot = signedIn('ada');
    });
    expect(await tokens.act(async () => held)).toEqual({ sub: 'ada' });
    await settled();
    await look();
    expect(login).toHaveBeenCalledTimes(2);
    expect(reportError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code }));
    expect(held).toEqual({ sub: 'ada' });
  },
);

test('a login whose hub dies waits for the next one', async () => {
  held = { sub: 'ada' };
  login.mockImplementationOnce(async () => {
    snapshot = connecting;
    throw refusal('timeout');
  });
  await tokens.act(async () => held);
  await look();
  expect(login).toHaveBeenCalledOnce();
  expect(reportError).not.toHaveBeenCalled();
  login.mockImplementationOnce(() => show(signedIn('ada')));
  await show(signedOut);
  await show(signedIn('ada'));
  expect(login).toHaveBeenCalledTimes(2);
  expect(held).toEqual({ sub: 'ada' });
});

test('K2.1: a logout between the two tries wins', async () => {
  const flow = createLoginFlow(new URL('https://hub.acme.com/'));
  flow.shown('1.memory');
  flow.begin();
  const sent: unknown[] = [];
  const send = (code: string) => async () => {
    sent.push(flow.lastEnd());
    snapshot = connecting;
    await flow.endWith(Promise.reject(refusal(code)));
  };
  login.mockImplementationOnce(send('timeout')).mockImplementationOnce(send('session-ended'));
  held = { sub: 'ada' };
  await tokens.act(async () => held);
  flow.shown('2.memory');
  flow.acted();
  await show(signedOut);
  expect(sent).toEqual(['1.memory', '1.memory']);
  expect(held).toBeUndefined();
});

test('an app that may sign nobody in says so, and keeps its own user until somebody is signed in', async () => {
  held = { sub: 'ada' };
  login.mockRejectedValueOnce(refusal('forbidden')).mockRejectedValueOnce(refusal('forbidden'));
  login.mockRejectedValueOnce(refusal('forbidden')).mockRejectedValueOnce(refusal('forbidden'));
  expect(await tokens.act(async () => held)).toEqual({ sub: 'ada' });
  await settled();
  await look();
  expect(reportError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'forbidden' }));
  expect(held).toEqual({ sub: 'ada' });
  renewsTo({ sub: 'grace' });
  await show(signedIn('grace'));
  expect(held).toEqual({ sub: 'grace' });
  await show(signedOut);
  expect(held).toBeUndefined();
});

test('without a hub the user is signed in here alone, and everywhere once it is back', async () => {
  await show(unavailable);
  held = { sub: 'ada' };
  login.mockRejectedValueOnce(new Error('timeout'));
  expect(await tokens.act(async () => held)).toEqual({ sub: 'ada' });
  await settled();
  login.mockImplementationOnce(async () => {
    snapshot = signedIn('ada');
  });
  await show(signedOut);
  expect(login).toHaveBeenCalledTimes(2);
  expect(held).toEqual({ sub: 'ada' });
});

test('a login is sent once, also where the session is shown before it resolves', async () => {
  held = { sub: 'ada' };
  login.mockImplementationOnce(async () => show(signedIn('ada')));
  await tokens.act(async () => held);
  await settled();
  expect(login).toHaveBeenCalledOnce();
});

test('an act that signs nobody in is no login', async () => {
  await tokens.act(async () => undefined);
  expect(login).not.toHaveBeenCalled();
});

test.each<[string, () => Promise<User | null>]>([
  ['the provider leads back with an error', () => Promise.reject(new Error('access_denied'))],
  ['nobody has signed in', async () => null],
])('where %s, the flow that was begun is cancelled', async (_, signIn) => {
  await tokens.act(signIn).catch(() => {});
  expect(cancelLogin).toHaveBeenCalledOnce();
});

test('a login that Lockstep refuses, an act that is none, and one beside another cancel nothing', async () => {
  login.mockRejectedValueOnce(refusal('session-ended'));
  await tokens.act(async () => ({ sub: 'ada' })).catch(() => {});
  await tokens.act(async () => undefined);
  const popUp = later<User>();
  const open = tokens.act(() => popUp.promise);
  await tokens.act(() => Promise.reject(new Error('no answer'))).catch(() => {});
  expect(cancelLogin).not.toHaveBeenCalled();
  popUp.resolve({ sub: 'ada' });
  await open;
});

test('detached, it does nothing more', async () => {
  detach();
  renewsTo({ sub: 'ada' });
  await show(signedIn('ada'));
  await look();
  expect(renew).not.toHaveBeenCalled();
});
