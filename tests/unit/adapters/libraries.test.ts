// What each adapter makes of its library's answers, by libraries made by hand: the errors are those of the real ones,
// which no provider gives at a test's wish.

import type { Auth0Client } from '@auth0/auth0-spa-js';
import type { AccountInfo, IPublicClientApplication } from '@azure/msal-browser';
import type { OktaAuth } from '@okta/okta-auth-js';
import type Keycloak from 'keycloak-js';
import type { LoginAdapter } from 'lockstep';
import type { UserManager } from 'oidc-client-ts';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { auth0SpaJs } from '../../../js-glue/adapters/auth0-spa-js.js';
import { keycloakJs } from '../../../js-glue/adapters/keycloak-js.js';
import { msalBrowser } from '../../../js-glue/adapters/msal-browser.js';
import { oidcClientTs } from '../../../js-glue/adapters/oidc-client-ts.js';
import { oktaAuthJs } from '../../../js-glue/adapters/okta-auth-js.js';
import type { Session, Snapshot } from '../../../js-glue/client/index.js';

const { signal } = new AbortController();
const login = vi.fn(async (_: { readonly subject: string }) => {});
class FakeStorage {
  [name: string]: unknown;
  getItem(name: string) {
    return this[name] ?? null;
  }
  setItem(name: string, value: string) {
    this[name] = value;
  }
}
const cancelLogin = vi.fn();
let snapshot: Partial<Snapshot>;
const session = {
  getSnapshot: () => snapshot,
  subscribe: () => () => {},
  beginLogin: () => {},
  cancelLogin,
  login,
  logout: async () => {},
} as unknown as Session;

beforeEach(() => {
  vi.clearAllMocks();
  snapshot = { status: 'connecting' };
  const page = new EventTarget();
  vi.stubGlobal('document', new EventTarget());
  vi.stubGlobal('location', { href: 'https://portal.acme.com/' });
  vi.stubGlobal('localStorage', new FakeStorage());
  vi.stubGlobal('addEventListener', (type: string, listener: () => void) => {
    // The page has left for the provider, and is back.
    if (type === 'pageshow') queueMicrotask(listener);
    else page.addEventListener(type, listener);
  });
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  return () => vi.unstubAllGlobals();
});

function blockStorage(): void {
  const refuse = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, get: refuse });
}

const failure = (code: string, text = '') =>
  Object.assign(new Error(text), { error: code, errorCode: code, error_description: text });
const subjects = () => login.mock.calls.map(([{ subject }]) => subject);

/** What a library does with the refresh token, and with a hidden frame. */
type Answers = { readonly byToken: () => Promise<unknown>; readonly byCookie: () => Promise<unknown> };
type Held = { sub: string; hint?: string } | undefined;
type Made = {
  readonly adapter: LoginAdapter;
  readonly hold: (user: Held) => void;
  /** Signs somebody in, by an act of the user. */
  readonly signIn: (user: Held) => Promise<unknown>;
  /** The app, not the adapter, forgets. */
  readonly logout: () => unknown;
  /** Whose ID token the provider's logout page was given. */
  readonly hints: unknown[];
};

const unasked = { byToken: vi.fn(), byCookie: vi.fn() };

function makeOidc({ byToken, byCookie }: Answers): Made {
  let held: object | null = null;
  const hints: unknown[] = [];
  const userOf = (user: Held) => user && { profile: { sub: user.sub }, id_token: user.hint, refresh_token: 'r' };
  const manager = {
    settings: { authority: 'https://login.acme.com' },
    events: { addAccessTokenExpiring: () => () => {} },
    stopSilentRenew: () => {},
    getUser: async () => held,
    removeUser: async () => {
      held = null;
    },
    signinSilent: (args?: object) => (args ? byCookie() : byToken()).then(() => held),
    signinRedirect: async () => {},
    signinPopup: async (user: Held) => {
      held = userOf(user) ?? null;
      return held;
    },
    signinRedirectCallback: async () => {},
    signoutRedirect: async (args: { id_token_hint?: string }) => void hints.push(args.id_token_hint),
  };
  const adapter = oidcClientTs(manager as unknown as UserManager);
  const hold = (user: Held) => {
    held = userOf(user) ?? null;
  };
  return { adapter, hold, hints, signIn: (user) => manager.signinPopup(user), logout: () => hold(undefined) };
}

function makeOkta({ byToken, byCookie }: Answers) {
  let held: object = {};
  const hints: unknown[] = [];
  const tokensOf = (user: Held) =>
    user ? { idToken: { claims: { sub: user.sub }, idToken: user.hint }, refreshToken: {} } : {};
  const okta = {
    options: { issuer: 'https://login.acme.com', services: { autoRenew: false, syncStorage: false } },
    token: {
      renewTokens: () => byToken().then(() => held),
      getWithoutPrompt: () => byCookie().then(() => ({ tokens: held })),
    },
    tokenManager: {
      getTokensSync: () => held,
      setTokens: (tokens: object) => {
        held = tokens;
      },
      clear: () => {
        held = {};
      },
      on: () => {},
      off: () => {},
    },
    signInWithRedirect: async () => {},
    storeTokensFromRedirect: async () => {},
    handleLoginRedirect: async (_: object) => {},
    signOut: async ({ idToken }: { idToken?: { idToken: string } }) => void hints.push(idToken?.idToken),
  };
  const adapter = oktaAuthJs(okta as unknown as OktaAuth);
  const hold = (user: Held) => {
    held = tokensOf(user);
  };
  const signIn = (user: Held) => okta.handleLoginRedirect(tokensOf(user));
  const made: Made = { adapter, hold, hints, signIn, logout: () => hold(undefined) };
  return { ...made, okta };
}

const accountOf = (user: Held) =>
  (user ? { idTokenClaims: { sub: user.sub }, idToken: user.hint } : null) as AccountInfo | null;

function makeMsal({ byToken, byCookie }: Answers) {
  let held: AccountInfo | null = null;
  let redirected: { readonly account: AccountInfo | null } | null = null;
  const hints: unknown[] = [];
  const msal = {
    getConfiguration: () => ({ auth: { authority: 'https://login.acme.com' } }),
    getActiveAccount: () => held,
    getAllAccounts: () => (held ? [held] : []),
    setActiveAccount: (account: AccountInfo | null) => {
      held = account;
    },
    isLoginKept: true,
    clearCache: async (request?: { readonly account?: unknown }) => {
      held = null;
      msal.isLoginKept &&= request?.account !== undefined;
    },
    acquireTokenSilent: () => byToken().then(() => ({ account: held })),
    ssoSilent: () => byCookie().then(() => ({ account: held })),
    loginRedirect: async () => {},
    loginPopup: async (user: Held) => {
      held = accountOf(user);
      return { account: held };
    },
    handleRedirectPromise: async () => redirected,
    logoutRedirect: async (args: { idTokenHint?: string }) => void hints.push(args.idTokenHint),
  };
  const adapter = msalBrowser(msal as unknown as IPublicClientApplication);
  const hold = (user: Held) => {
    held = accountOf(user);
  };
  const redirectAs = (user: Held) => {
    hold(user);
    redirected = { account: held };
  };
  const made: Made = { adapter, hold, hints, signIn: (user) => msal.loginPopup(user), logout: () => hold(undefined) };
  return { ...made, msal, redirectAs };
}

const libraries = [
  { name: 'oidc-client-ts', make: makeOidc },
  { name: 'okta-auth-js', make: makeOkta },
  { name: 'msal-browser', make: makeMsal },
] as const;

describe.each(libraries)('$name', ({ make }) => {
  const byToken = async () => Promise.reject(failure('invalid_grant'));
  const byCookie = vi.fn<() => Promise<unknown>>();

  function check() {
    const { adapter, hold } = make({ byToken, byCookie });
    adapter.attach?.(session);
    snapshot = { status: 'signed-in', subject: 'ada', signedInAt: 1 };
    hold({ sub: 'ada' });
    return adapter.checkSession?.({ signal } as never);
  }

  test('a refresh token that has ended is no end of the session: the cookie finds the user', async () => {
    byCookie.mockResolvedValue(undefined);
    expect(await check()).toEqual({ active: true });
  });

  test('a refresh token that has ended says nothing where the cookie does not answer', async () => {
    byCookie.mockRejectedValue(new Error('Frame window timed out'));
    await expect(check()).rejects.toThrow('Frame window timed out');
    byCookie.mockRejectedValue(failure('invalid_grant', 'of a code'));
    await expect(check()).rejects.toThrow('of a code');
  });

  test('a cookie that has found nobody is believed only where one has found somebody before', async () => {
    byCookie.mockRejectedValue(failure('login_required'));
    await expect(check()).rejects.toMatchObject({ error: 'login_required' });
    byCookie.mockResolvedValue(undefined);
    await check();
    byCookie.mockRejectedValue(failure('login_required'));
    expect(await check()).toEqual({ active: false });
  });

  test('where the browser blocks storage, a cookie still finds the user, and its "nobody" says nothing', async () => {
    blockStorage();
    byCookie.mockResolvedValue(undefined);
    expect(await check()).toEqual({ active: true });
    byCookie.mockRejectedValue(failure('login_required'));
    await expect(check()).rejects.toMatchObject({ error: 'login_required' });
  });

  test('the provider gets the ID token that is held, and none from before the last login', async () => {
    const { adapter, hold, signIn, logout, hints } = make(unasked);
    adapter.attach?.(session);
    const end = () => adapter.endSession?.({ reason: 'logout', signal });
    // Ada's tokens are dropped, for nobody is signed in.
    hold({ sub: 'ada', hint: 'of Ada' });
    snapshot = { status: 'signed-out' };
    dispatchVisible();
    await vi.waitFor(async () => {
      await end();
      expect(hints.at(-1)).toBe('of Ada');
    });
    snapshot = { status: 'connecting' };
    hold({ sub: 'grace', hint: 'of Grace' });
    await end();
    expect(hints.at(-1)).toBe('of Grace');
    await signIn({ sub: 'grace', hint: 'of Grace' });
    logout();
    await end();
    expect(hints.at(-1)).toBeUndefined();
  });
});

const dispatchVisible = () => document.dispatchEvent(new Event('visibilitychange'));

describe('msal-browser', () => {
  test('who asks again for the answer of a redirect announces no second login', async () => {
    const { adapter, msal, redirectAs } = makeMsal(unasked);
    adapter.attach?.(session);
    redirectAs({ sub: 'ada' });
    const first = await msal.handleRedirectPromise();
    expect(await msal.handleRedirectPromise()).toBe(first);
    expect(subjects()).toEqual(['ada']);
  });

  test('that there is no answer does not take the place of a login that Lockstep is yet to learn', async () => {
    const { adapter, msal } = makeMsal(unasked);
    adapter.attach?.(session);
    snapshot = { status: 'unavailable' };
    login.mockRejectedValueOnce(new Error('No hub.'));
    await msal.loginPopup({ sub: 'ada' });
    expect(await msal.handleRedirectPromise()).toBeNull();
    snapshot = { status: 'signed-out' };
    dispatchVisible();
    await vi.waitFor(() => expect(subjects()).toEqual(['ada', 'ada']));
  });

  test('a redirect that fails, fails for the app', async () => {
    const { adapter, msal } = makeMsal(unasked);
    msal.handleRedirectPromise = async () => Promise.reject(failure('access_denied', 'denied'));
    adapter.attach?.(session);
    await expect(msal.handleRedirectPromise()).rejects.toThrow('denied');
    expect(cancelLogin).toHaveBeenCalledOnce();
  });

  test('tokens that are dropped on the page that ends a login take nothing of that with them', async () => {
    const { adapter, msal, hold } = makeMsal(unasked);
    hold({ sub: 'ada' });
    snapshot = { status: 'signed-out' };
    adapter.attach?.(session);
    await vi.waitFor(() => expect(msal.getAllAccounts()).toEqual([]));
    expect(msal.isLoginKept).toBe(true);
  });

  test('an account that another tab has stored beside the one that is dropped stays', async () => {
    const { adapter, msal } = makeMsal(unasked);
    let accounts = ['ada', 'grace'].map((sub) => ({ homeAccountId: sub, idTokenClaims: { sub } }) as AccountInfo);
    const shared = {
      getActiveAccount: () => null,
      getAllAccounts: ({ homeAccountId }: Partial<AccountInfo> = {}) =>
        accounts.filter((each) => !homeAccountId || each.homeAccountId === homeAccountId),
      clearCache: async ({ account }: { readonly account: AccountInfo }) => {
        accounts = accounts.filter((each) => each !== account);
      },
    };
    Object.assign(msal, shared);
    snapshot = { status: 'signed-in', subject: 'grace', signedInAt: 1 };
    adapter.attach?.(session);
    await vi.waitFor(() => expect(accounts.map(({ homeAccountId }) => homeAccountId)).not.toContain('ada'));
    dispatchVisible();
    await vi.waitFor(() => expect(accounts.map(({ homeAccountId }) => homeAccountId)).toEqual(['grace']));
  });

  test('a page without an answer cancels no login: the user may still be at the provider', async () => {
    const { adapter, msal } = makeMsal(unasked);
    adapter.attach?.(session);
    expect(await msal.handleRedirectPromise()).toBeNull();
    expect(cancelLogin).not.toHaveBeenCalled();
  });
});

describe('okta-auth-js', () => {
  test('a refresh token that the app uses is not used by a check at the same time', async () => {
    const byToken = vi.fn(async () => {});
    const { adapter, hold, okta } = makeOkta({ ...unasked, byToken });
    adapter.attach?.(session);
    snapshot = { status: 'signed-in', subject: 'ada', signedInAt: 1 };
    hold({ sub: 'ada' });
    const [outcome] = await Promise.all([adapter.checkSession?.({ signal } as never), okta.token.renewTokens()]);
    expect(outcome).toEqual({ active: true });
    expect(byToken).toHaveBeenCalledOnce();
    await okta.token.renewTokens();
    expect(byToken).toHaveBeenCalledTimes(2);
  });
});

describe('auth0-spa-js', () => {
  function make(answer: { readonly response_type?: string }, failed?: Error) {
    const client = {
      options: { useRefreshTokens: true },
      getConfiguration: () => ({ domain: 'login.acme.com' }),
      getIdTokenClaims: async () => ({ sub: 'ada' }),
      getTokenSilently: async () => Promise.reject(failed),
      loginWithRedirect: async () => {},
      loginWithPopup: async () => {},
      handleRedirectCallback: async () => answer,
      logout: async () => {},
    };
    const adapter = auth0SpaJs(client as unknown as Auth0Client);
    adapter.attach?.(session);
    return { adapter, client };
  }

  test('to connect an account is no login', async () => {
    await make({ response_type: 'connect_code' }).client.handleRedirectCallback();
    expect(subjects()).toEqual([]);
    await make({ response_type: 'code' }).client.handleRedirectCallback();
    await make({}).client.loginWithPopup();
    expect(subjects()).toEqual(['ada', 'ada']);
  });

  test('a refresh token or a code that is no longer good says nothing of the session', async () => {
    const check = (text: string) =>
      make({}, failure('invalid_grant', text)).adapter.checkSession?.({ signal } as never);
    await expect(check('Unknown or invalid refresh token.')).rejects.toThrow('invalid refresh token');
    await expect(check('Invalid authorization code')).rejects.toThrow('authorization code');
    expect(await check('user is blocked')).toEqual({ active: false });
  });
});

describe('keycloak-js', () => {
  type Start = { readonly onLoad?: string; readonly silentCheckSsoRedirectUri?: string };
  const silent = { onLoad: 'check-sso', silentCheckSsoRedirectUri: 'https://portal.acme.com/silent.html' } as const;
  /** What a second instance's hidden frame finds. */
  const frame = vi.fn<() => Promise<boolean>>();

  class FakeKeycloak {
    authenticated = false;
    refreshToken: string | undefined;
    idTokenParsed: object | undefined;
    failed: Error | undefined;
    init = async (_: Start) => {
      this.authenticated = await frame();
      this.idTokenParsed = { sub: 'ada' };
      return this.authenticated;
    };
    /** Of an answer with status 400. */
    updateToken = async () => {
      this.authenticated = false;
      this.refreshToken = undefined;
      throw this.failed;
    };
    login = async () => {};
    register = async () => {};
    logout = async () => {};
    clearToken = () => {};
  }

  async function make(start: Start, found = true) {
    const keycloak = new FakeKeycloak();
    const adapter = keycloakJs(keycloak as unknown as Keycloak);
    adapter.attach?.(session);
    frame.mockResolvedValueOnce(found);
    await keycloak.init(start);
    keycloak.refreshToken = 'r';
    return { adapter, keycloak };
  }

  async function check(status: number, body: string, start: Start = silent) {
    const { adapter, keycloak } = await make(start);
    snapshot = { status: 'signed-in', subject: 'ada', signedInAt: 1 };
    keycloak.failed = Object.assign(new Error('invalid status'), { response: new Response(body, { status }) });
    return adapter.checkSession?.({ signal } as never);
  }
  const invalidGrant = JSON.stringify({ error: 'invalid_grant' });

  test('of the answers with status 400 only `invalid_grant` may end the session', async () => {
    frame.mockResolvedValue(false);
    await expect(check(400, '<h1>400 Request Header Or Cookie Too Large</h1>')).rejects.toThrow();
    await expect(check(400, JSON.stringify({ error: 'invalid_client' }))).rejects.toThrow('invalid status');
    await expect(check(503, '{}')).rejects.toThrow('invalid status');
    expect(await check(400, invalidGrant)).toEqual({ active: false });
    // There is nothing else to ask.
    expect(await check(400, invalidGrant, {})).toEqual({ active: false });
  });

  test('a refresh token that has ended is no end of the session: the cookie finds the user, or fails', async () => {
    frame.mockResolvedValue(true);
    expect(await check(400, invalidGrant)).toEqual({ active: true });
    frame.mockImplementation(async () => Promise.reject(new Error('Timeout')));
    await expect(check(400, invalidGrant)).rejects.toThrow('Timeout');
  });

  test('tokens that an answer with 400 has taken from the library come back, while the session lives', async () => {
    const { keycloak } = await make(silent);
    snapshot = { status: 'signed-in', subject: 'ada', signedInAt: 1 };
    keycloak.failed = new Error('400');
    frame.mockResolvedValue(true);
    await expect(keycloak.updateToken()).rejects.toThrow('400');
    await vi.waitFor(() => expect(keycloak.authenticated).toBe(true));
  });

  test('where the browser blocks storage, the library starts, and is asked for its tokens', async () => {
    blockStorage();
    location.href = 'https://portal.acme.com/#state=s-1';
    const { adapter, keycloak } = await make(silent, false);
    snapshot = { status: 'signed-in', subject: 'ada', signedInAt: 1 };
    keycloak.refreshToken = undefined;
    frame.mockResolvedValue(true);
    expect(await adapter.checkSession?.({ signal } as never)).toEqual({ active: true });
  });

  test('of two places that have a state the fragment is the answer, and what the user began is a login', async () => {
    location.href = 'https://portal.acme.com/?state=mine#state=s-1&session_state=x&code=c';
    localStorage.setItem('kc-callback-s-1', JSON.stringify({ state: 's-1', prompt: 'none' }));
    await make(silent);
    expect(subjects()).toEqual([]);
    localStorage.setItem('kc-callback-s-1', JSON.stringify({ state: 's-1' }));
    await make(silent);
    expect(subjects()).toEqual(['ada']);
  });
});
