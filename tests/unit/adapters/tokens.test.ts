// What every adapter does, without a browser: a session and a login library that are driven by hand.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTokens, type Tokens } from '../../../js-glue/adapters/tokens.js';
import type { Session, Snapshot } from '../../../js-glue/client/index.js';

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
const unavailable = { ...place, status: 'unavailable', error: {} } as Snapshot;

let snapshot: Snapshot;
let held: User | undefined;
let listeners: Set<() => void>;
const login = vi.fn(async (_: { readonly subject: string }) => {});
const check = vi.fn(async () => 'active');
const renew = vi.fn<() => Promise<User>>();
const drop = vi.fn(async () => {
  held = undefined;
});
let tokens: Tokens<User>;
let detach: () => void;
let page: EventTarget & { hidden: boolean };
const location = { href: 'https://portal.acme.com/' };

beforeEach(() => {
  vi.clearAllMocks();
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
  const session = { getSnapshot: () => snapshot, login, check, subscribe };
  tokens = createTokens<User>({
    loginOf: ({ sub }) => ({ subject: sub }),
    held: async () => held,
    isFresh: ({ isOld }) => !isOld,
    renew,
    isNo: ({ message }) => message === 'no',
    drop,
  });
  detach = tokens.attach(session as unknown as Session);
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

test('K3.2: while the address has an answer that nobody has used, nothing is asked and nothing dropped', async () => {
  location.href = 'https://portal.acme.com/callback?code=1&state=2';
  held = { sub: 'grace' };
  await show(signedIn('ada'));
  await expect(tokens.checkSession()).rejects.toThrow('is being finished');
  expect([renew, drop].map(({ mock }) => mock.calls.length)).toEqual([0, 0]);
  login.mockImplementationOnce(async () => {
    snapshot = signedIn('grace', 2);
  });
  await tokens.act(async () => held);
  await settled();
  expect(login).toHaveBeenCalledExactlyOnceWith({ subject: 'grace' });
  expect(held).toEqual({ sub: 'grace' });
});

test('a login that is refused drops the tokens, and the library rejects', async () => {
  held = { sub: 'ada' };
  login.mockRejectedValueOnce(Object.assign(new Error('ended'), { code: 'session-ended' }));
  await expect(tokens.act(async () => held)).rejects.toMatchObject({ code: 'session-ended' });
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

test('detached, it does nothing more', async () => {
  detach();
  renewsTo({ sub: 'ada' });
  await show(signedIn('ada'));
  await look();
  expect(renew).not.toHaveBeenCalled();
});
