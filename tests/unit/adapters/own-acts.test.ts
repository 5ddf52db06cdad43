// What the app calls while an adapter renews is the user's act, and what the library does by itself is none. With the
// real libraries of Firebase and Supabase, whose servers are those of tests/e2e/adapters-own-server.spec.ts.

import { initializeApp } from '@firebase/app';
import {
  connectAuthEmulator,
  getAuth,
  signInWithCustomToken,
  signInWithEmailAndPassword,
  signOut,
  type User,
} from '@firebase/auth';
import { createClient } from '@supabase/supabase-js';
import type { LoginAdapter } from 'lockstep';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { firebase } from '../../../js-glue/adapters/firebase.js';
import { supabaseJs } from '../../../js-glue/adapters/supabase-js.js';
import type { Session, Snapshot } from '../../../js-glue/client/index.js';
import { listen } from '../../e2e/support/listen.js';
import { createFirebaseServer } from '../../e2e/support/own-servers/firebase.js';
import type { OwnServer } from '../../e2e/support/own-servers/own-server.js';
import { createSupabaseServer } from '../../e2e/support/own-servers/supabase-js.js';

const signedInAs = (subject: string, signedInAt: number) => ({ status: 'signed-in', subject, signedInAt }) as const;

let snapshot: Partial<Snapshot>;
let detach: (() => void) | undefined;
const session = {
  getSnapshot: () => snapshot,
  subscribe: () => () => {},
  beginLogin: vi.fn(),
  cancelLogin: vi.fn(),
  login: vi.fn(async ({ subject }: { readonly subject: string }) => {
    snapshot = signedInAs(subject, 2);
  }),
  logout: vi.fn(async () => {
    snapshot = { status: 'signed-out' };
  }),
  check: async () => 'unknown',
};

const acts = () => ({
  begun: session.beginLogin.mock.calls.length,
  logins: session.login.mock.calls.map(([{ subject }]) => subject),
  logouts: session.logout.mock.calls.length,
});

beforeEach(() => {
  vi.clearAllMocks();
  snapshot = signedInAs('ada', 1);
  const values = new Map<string, string>();
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const page = new EventTarget();
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('reportError', (error: unknown) => expect(error).toBeUndefined());
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: true }));
  vi.stubGlobal('location', { href: 'https://portal.acme.com/' });
  vi.stubGlobal('addEventListener', addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', removeEventListener.bind(page));
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => values.set(name, value),
    removeItem: (name: string) => values.delete(name),
  });
  return () => {
    detach?.();
    vi.unstubAllGlobals();
  };
});

/** The server, which may keep a renewal waiting until it is let go. */
async function serve(server: OwnServer, isRenewal: (url: string) => boolean) {
  let isHeld = false;
  const waiting: (() => void)[] = [];
  const { port, stop } = await listen((request, response) => {
    const answer = () => server.respond(request, response);
    if (isHeld && isRenewal(`${request.url}`)) waiting.push(answer);
    else answer();
  });
  onTestFinished(stop);
  return {
    url: `http://127.0.0.1:${port}`,
    revoke: server.revoke,
    async held(adapter: LoginAdapter) {
      isHeld = true;
      const outcome = check(adapter);
      await vi.waitFor(() => expect(waiting).toHaveLength(1));
      return async () => {
        isHeld = false;
        waiting[0]?.();
        return outcome;
      };
    },
  };
}

function attach(adapter: LoginAdapter): void {
  detach = adapter.attach?.(session as unknown as Session) as () => void;
}

/** What a check finds, or the message of its error. */
async function check({ checkSession }: LoginAdapter): Promise<unknown> {
  const { signal } = new AbortController();
  return Promise.resolve(checkSession?.({ reason: 'request', signal })).catch(({ message }) => message);
}

describe('firebase', () => {
  let count = 0;
  type Stored = {
    readonly persistenceManager: {
      readonly getCurrentUser: () => Promise<User | null>;
      readonly setCurrentUser: (user: User) => Promise<void>;
      readonly removeCurrentUser: () => Promise<void>;
    };
  };

  async function start() {
    const server = await serve(createFirebaseServer(), (url) => url.includes('/v1/token'));
    const auth = getAuth(initializeApp({ apiKey: 'none' }, `app ${++count}`));
    connectAuthEmulator(auth, server.url, { disableWarnings: true });
    const signInAs = (user: string) => signInWithEmailAndPassword(auth, `${user}@acme.com`, 'correct horse');
    await signInAs('ada');
    const silent = vi.fn<() => Promise<unknown>>();
    const adapter = firebase(auth, { silent });
    attach(adapter);
    return { ...server, auth, adapter, signInAs, silent };
  }

  test('a signOut during a renewal is a logout of all', async () => {
    const { auth, adapter, held } = await start();
    const release = await held(adapter);
    await signOut(auth);
    expect(acts()).toEqual({ begun: 0, logins: [], logouts: 1 });
    expect(await release()).toBe('The user has acted.');
    expect(auth.currentUser).toBeNull();
  });

  test("another user's signIn during a renewal is a login of all, and is kept", async () => {
    const { auth, adapter, held, signInAs } = await start();
    const release = await held(adapter);
    await signInAs('grace');
    await vi.waitFor(() => expect(acts().logins).toEqual(['grace']));
    expect(await release()).toBe('The user has acted.');
    expect([auth.currentUser?.uid, acts().logouts]).toEqual(['grace', 0]);
  });

  test('a renewal stores and shows the new token, and is no act', async () => {
    const { auth, adapter } = await start();
    const before = await auth.currentUser?.getIdToken();
    const shown: unknown[] = [];
    auth.onIdTokenChanged(async (user) => shown.push(await user?.getIdToken()));
    await vi.waitFor(() => expect(shown).toEqual([before]));
    expect(await check(adapter)).toEqual({ active: true });
    const after = await auth.currentUser?.getIdToken();
    expect(after).not.toBe(before);
    await vi.waitFor(() => expect(shown).toEqual([before, after]));
    expect(acts()).toEqual({ begun: 0, logins: [], logouts: 0 });
  });

  test('a user whom Firebase refuses is asked for again and again, and is no logout', async () => {
    const { auth, adapter, revoke } = await start();
    expect(await check(adapter)).toEqual({ active: true });
    revoke();
    for (const _ of ['first', 'second']) expect(await check(adapter)).toEqual({ active: false });
    expect([auth.currentUser?.uid, acts().logouts]).toEqual(['ada', 0]);
  });

  test.each([
    ['who has the session', signedInAs('grace', 2)],
    ['who is about to have it', { status: 'signed-out' } as const],
  ])('a user %s, whom another tab has stored, stays in the store while the old one is dropped', async (_, now) => {
    const { auth, url } = await start();
    const other = getAuth(initializeApp({ apiKey: 'none' }, `app ${++count}`));
    connectAuthEmulator(other, url, { disableWarnings: true });
    const { user } = await signInWithEmailAndPassword(other, 'grace@acme.com', 'correct horse');
    const { persistenceManager: store } = auth as unknown as Stored;
    const read = vi.spyOn(store, 'getCurrentUser');
    const removed = vi.spyOn(store, 'removeCurrentUser');
    await store.setCurrentUser(user);
    snapshot = now;
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.waitFor(() => expect([...read.mock.results, ...removed.mock.results]).not.toEqual([]));
    await Promise.all([read, removed].flatMap(({ mock }) => mock.results.map(({ value }) => value)));
    expect((await store.getCurrentUser())?.uid).toBe('grace');
    expect(removed).not.toHaveBeenCalled();
  });

  test('a user whose session has ended, and who is still in the store, is signed out', async () => {
    const { auth } = await start();
    snapshot = { status: 'signed-out' };
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.waitFor(() => expect(auth.currentUser).toBeNull());
    expect(acts()).toEqual({ begun: 0, logins: [], logouts: 0 });
  });

  type Silent = () => Promise<unknown>;
  type Inside = { readonly _updateCurrentUser: (user: User, isQuiet: boolean) => Promise<void> };

  /** The app is about to sign in without the user, by `then`, as soon as it is let go. */
  async function startSilently(then: (signIn: Silent) => Promise<unknown>) {
    const { url, auth, adapter, signInAs, silent } = await start();
    await signOut(auth);
    session.logout.mockClear();
    snapshot = signedInAs('ada', 1);
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    silent.mockImplementation(async () => {
      await released;
      return then(() => signInWithCustomToken(auth, 'ada'));
    });
    const checked = check(adapter);
    await vi.waitFor(() => expect(silent).toHaveBeenCalledOnce());
    return { url, auth, checked, release, signInAs };
  }

  test.each<[string, (signIn: Silent) => Promise<unknown>]>([
    ['gives its user', (signIn) => signIn()],
    ['gives nothing', async (signIn) => void (await signIn())],
  ])('a silent sign-in that %s is no login', async (_, then) => {
    const { checked, release } = await startSilently(then);
    release();
    expect(await checked).toEqual({ active: true });
    expect(acts()).toEqual({ begun: 0, logins: [], logouts: 0 });
  });

  test('a user whom another tab has signed in while a silent sign-in fails is no login here', async () => {
    const made = await startSilently(async () => {
      // As the library does it when another tab has stored a user.
      const { user } = await signInWithCustomToken(other, 'grace');
      await (made.auth as unknown as Inside)._updateCurrentUser(user, true);
      throw new Error('No network.');
    });
    const other = getAuth(initializeApp({ apiKey: 'none' }, 'another tab'));
    connectAuthEmulator(other, made.url, { disableWarnings: true });
    made.release();
    expect(await made.checked).toBe('No network.');
    expect([made.auth.currentUser?.uid, acts().logins]).toEqual(['grace', []]);
  });

  test('a user who signs in while a silent sign-in fails has signed in everywhere', async () => {
    const { auth, checked, release, signInAs } = await startSilently(async () =>
      Promise.reject(new Error('No network')),
    );
    await signInAs('grace');
    release();
    expect(await checked).toBe('The user has acted.');
    await vi.waitFor(() => expect(acts().logins).toEqual(['grace']));
    expect(auth.currentUser?.uid).toBe('grace');
  });

  test('a user who signs in before a silent sign-in has ended has signed in everywhere', async () => {
    const made = await startSilently(async (signIn) => {
      const credential = await signIn();
      await made.signInAs('grace');
      return credential;
    });
    made.release();
    expect(await made.checked).toBe('The user has acted.');
    await vi.waitFor(() => expect(acts().logins).toEqual(['grace']));
    expect(made.auth.currentUser?.uid).toBe('grace');
  });
});

describe('supabase-js', () => {
  async function start() {
    const server = await serve(createSupabaseServer(), (url) => url.includes('grant_type=refresh_token'));
    const { auth } = createClient(server.url, 'public', {
      auth: { autoRefreshToken: false, flowType: 'pkce' },
      // Not every Node has a WebSocket, and nobody opens one here.
      realtime: { transport: EventTarget as never },
    });
    const signInAs = (user: string) =>
      auth.signInWithPassword({ email: `${user}@acme.com`, password: 'correct horse' });
    await signInAs('ada');
    const adapter = supabaseJs({ auth });
    attach(adapter);
    const holder = async () => (await auth.getSession()).data.session?.user.id;
    return { ...server, auth, adapter, signInAs, holder };
  }

  test('a client that takes tokens out of any link is refused: a stranger could have written it', () => {
    const { auth } = createClient('https://acme.supabase.co', 'public', {
      auth: { autoRefreshToken: false },
      realtime: { transport: EventTarget as never },
    });
    expect(() => supabaseJs({ auth })).toThrow('flowType must be pkce');
  });

  test("another user's signIn during a renewal is a login of all, and is kept", async () => {
    const { adapter, held, signInAs, holder } = await start();
    const release = await held(adapter);
    await signInAs('grace');
    expect(acts()).toEqual({ begun: 1, logins: ['grace'], logouts: 0 });
    expect(await release()).toBe('The user has acted.');
    expect(await holder()).toBe('grace');
  });

  test('a signOut during a renewal is a logout of all', async () => {
    const { auth, adapter, held, holder } = await start();
    const release = await held(adapter);
    await auth.signOut();
    expect(acts()).toEqual({ begun: 0, logins: [], logouts: 1 });
    expect(await release()).toBe('The user has acted.');
    expect(await holder()).toBeUndefined();
  });

  test('a refusal that the user has overtaken says nothing of the new session', async () => {
    const { adapter, held, revoke, signInAs } = await start();
    expect(await check(adapter)).toEqual({ active: true });
    const release = await held(adapter);
    revoke();
    await signInAs('grace');
    expect(await release()).toBe('The user has acted.');
  });

  test('tokens of the user of all are kept that another tab stores while these are dropped', async () => {
    const { auth, url, holder } = await start();
    const other = createClient(url, 'public', {
      auth: { autoRefreshToken: false, flowType: 'pkce' },
      realtime: { transport: EventTarget as never },
    });
    let go = () => {};
    const turn = new Promise<void>((resolve) => {
      go = resolve;
    });
    const request = vi.fn(async (_name: string, _options: object, act: (lock: object) => unknown) => {
      await turn;
      return act({});
    });
    vi.stubGlobal('navigator', { locks: { request } });
    snapshot = signedInAs('grace', 2);
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.waitFor(() => expect(request).toHaveBeenCalled());
    // Its tokens arrive by the library's own store, and no method that signs in.
    const { data } = await other.auth.signInWithPassword({ email: 'grace@acme.com', password: 'correct horse' });
    const { access_token = '', refresh_token = '' } = data.session ?? {};
    await auth.setSession({ access_token, refresh_token });
    go();
    await request.mock.results[0]?.value;
    expect(await holder()).toBe('grace');
  });
});
