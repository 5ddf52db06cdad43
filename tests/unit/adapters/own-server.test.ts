// What the adapters for better-auth and next-auth share, with a session and a server that are driven by hand. Real
// servers are in tests/e2e/adapters-own-server.spec.ts.

import { beforeEach, expect, test, vi } from 'vitest';
import { betterAuth } from '../../../js-glue/adapters/better-auth.js';
import { nextAuth } from '../../../js-glue/adapters/next-auth.js';
import { createOwnServerLogin, type OwnServerLogin } from '../../../js-glue/adapters/own-server.js';
import type { Session, Snapshot } from '../../../js-glue/client/index.js';

type User = { readonly sub: string; readonly id: string };

let snapshot: Partial<Snapshot>;
let cookie: User | null;
let change: () => void;
let server: OwnServerLogin;
const login = vi.fn(async (_: object) => {});
const end = vi.fn(async () => {
  cookie = null;
});
const show = vi.fn();

function storage() {
  const values = new Map<string, string>();
  return {
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => values.set(name, value),
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

async function showSnapshot(next: Partial<Snapshot>): Promise<void> {
  snapshot = next;
  change();
  await settled();
}

const signedIn = (subject: string, signedInAt: number) => ({ status: 'signed-in', subject, signedInAt }) as const;
const check = async () => server.checkSession?.({ reason: 'request', signal: new AbortController().signal });

const session = {
  getSnapshot: () => snapshot,
  subscribe: (listener: () => void) => {
    change = listener;
    return () => {};
  },
  beginLogin: () => {},
  cancelLogin: () => {},
  login,
  check: async () => 'unknown',
} as unknown as Session;

function open(): void {
  server = createOwnServerLogin<User>({
    name: 'a-library',
    loginOf: ({ sub, id }) => ({ subject: sub, sessionId: id }),
    read: async () => cookie,
    end,
    show,
  });
  server.attach(session);
}

beforeEach(() => {
  vi.clearAllMocks();
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('reportError', (error: unknown) => expect(error).toBeUndefined());
  vi.stubGlobal('localStorage', storage());
  vi.stubGlobal('sessionStorage', storage());
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
  vi.stubGlobal('location', { href: 'https://portal.acme.com/' });
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const page = new EventTarget();
  vi.stubGlobal('addEventListener', addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', removeEventListener.bind(page));
  snapshot = { status: 'connecting' };
  cookie = null;
  return () => vi.unstubAllGlobals();
});

test('an app that has not signed in at its own server says nothing of the session of all', async () => {
  open();
  await showSnapshot(signedIn('ada', 1));
  await expect(check()).rejects.toThrow('another user, or none');
});

test('"nobody" is the end of a session that this origin has had a user of, and of no later one', async () => {
  cookie = { sub: 'ada', id: 's-1' };
  open();
  await showSnapshot(signedIn('ada', 1));
  expect(await check()).toEqual({ active: true });
  cookie = null;
  expect(await check()).toEqual({ active: false });
  snapshot = signedIn('ada', 2);
  await expect(check()).rejects.toThrow('another user, or none');
});

test('a logout elsewhere ends the session of the cookie once, and is shown', async () => {
  cookie = { sub: 'ada', id: 's-1' };
  open();
  await showSnapshot(signedIn('ada', 1));
  await showSnapshot({ status: 'signed-out' });
  await showSnapshot({ status: 'signed-out' });
  expect(end).toHaveBeenCalledOnce();
  expect(show).toHaveBeenLastCalledWith(null);
});

test('K2.1: a tab that is late does not end the session of a login that came after it', async () => {
  cookie = { sub: 'ada', id: 's-1' };
  open();
  await showSnapshot(signedIn('ada', 1));
  cookie = { sub: 'ada', id: 's-2' };
  await showSnapshot({ status: 'signed-out' });
  expect(end).not.toHaveBeenCalled();
});

test('a login that leads over other pages is one on the next page of the tab, and only there', async () => {
  open();
  server.leave(true);
  cookie = { sub: 'ada', id: 's-1' };
  for (const page of ['the next', 'a later one']) {
    open();
    await settled();
    expect(login, page).toHaveBeenCalledExactlyOnceWith({ subject: 'ada', sessionId: 's-1' });
  }
});

test.each([
  ['/sign-in/social', '1'],
  ['/link-social', null],
])('better-auth: what leads elsewhere from %s leaves the mark %s', async (path, mark) => {
  const onSuccess = betterAuth().plugin.fetchPlugins[0]?.hooks?.onSuccess as (context: object) => Promise<void>;
  const data = { url: 'https://github.com/login', redirect: true };
  await onSuccess({ request: { url: `https://id.acme.com/api/auth${path}` }, data });
  expect(sessionStorage.getItem('lockstep-silent better-auth')).toBe(mark);
});

test.each([
  ['throws', async () => Promise.reject(new Error('Failed to fetch')), ''],
  ['answers', async () => ({ ok: false, error: 'CredentialsSignin' }), ''],
  ['leaves the page', async () => undefined, '1'],
])('next-auth: a signIn that %s leaves the right mark', async (_, signIn, mark) => {
  const adapter = nextAuth({ signIn, signOut: vi.fn() } as never);
  await adapter.signIn('acme').catch(({ message }) => expect(message).toBe('Failed to fetch'));
  expect(sessionStorage.getItem('lockstep-silent next-auth')).toBe(mark);
});

test.each([
  ['no word of one', { name: 'Ada' }],
  ['an empty one', { name: 'Ada', email: null }],
])(
  'next-auth: a user without an id, and with %s as an address, is not taken for all others like that',
  async (_, user) => {
    vi.stubGlobal('fetch', async () => Response.json({ user }));
    const signIn = async () => ({ ok: true });
    const adapter = nextAuth({ signIn, signOut: vi.fn() } as never);
    adapter.attach?.(session);
    await expect(adapter.signIn('acme')).rejects.toThrow('`subject`');
    expect(login).not.toHaveBeenCalled();
    const named = nextAuth({ signIn, signOut: vi.fn() } as never, { login: () => ({ subject: 'ada' }) });
    named.attach?.(session);
    await named.signIn('acme');
    expect(login).toHaveBeenCalledExactlyOnceWith({ subject: 'ada' });
  },
);
