// Lockstep beside a login library: everything an app needs to bring the two together is in this file and in duties.ts.
// The library gets and keeps the tokens; Lockstep carries the fact that somebody is signed in to every other tab.
// One rule must never be broken: only an act of the user calls `session.login`. A silent sign-in never does: nobody has
// signed in by it.

import {
  type CheckResult,
  connect,
  type EpochMs,
  LockstepError,
  type Session,
  type Snapshot,
  withSession,
} from 'lockstep';
import type { User } from 'oidc-client-ts';
import { createDuties } from './duties.js';
import { here, originHere, pathOfOurs } from './places-here.js';
import { createUserManager, goToProvider } from './provider.js';

export type Tokens = 'none' | 'asking' | 'held' | 'refused';

export type SignIn = {
  readonly session: Session;
  readonly signIn: () => Promise<void>;
  readonly switchUser: () => Promise<void>;
  readonly signOut: () => Promise<void>;
  readonly revoke: () => Promise<void>;
  /** With this app's access token; after a 401 all tabs share one check, and a session that lives gets a second try. */
  readonly fetch: typeof fetch;
  readonly getTokens: () => Tokens;
  /** The name of the user whose tokens this tab holds. */
  readonly getHolder: () => string | undefined;
  /** Completes a login when the provider has just sent the user back; call once, when the app starts. */
  readonly start: () => Promise<void>;
};

export type SignInOptions = {
  readonly clientId: string;
  readonly onTokens: () => void;
  /** This tab has just reported an act to Lockstep: what it saw before, and when that was. Only for the display. */
  readonly onAct: (act: 'login' | 'logout', before: Snapshot, at: EpochMs) => void;
  /** This tab was the one that did it for all. Only for the display. */
  readonly onCheck: (result: CheckResult) => void;
  readonly onEnd: () => void;
};

export function createSignIn({ clientId, onTokens, onAct, onCheck, onEnd }: SignInOptions): SignIn {
  let lastSid: string | undefined;
  const duties = createDuties({ getSnapshot: () => session.getSnapshot(), getLastSid: () => lastSid, onCheck, onEnd });
  const { checkSession, endSession } = duties;
  const session: Session = connect({ hub: `${originHere('hub')}/`, checkSession, endSession });
  const provider = createUserManager(clientId);
  let tokens: Tokens = 'none';
  let holder: User | undefined;
  let asking: Promise<User | null> | undefined;
  let refusedToken: string | undefined;

  function setTokens(next: Tokens, user?: User): void {
    tokens = next;
    holder = user;
    onTokens();
  }

  // Tokens of a session that is over, or of another user, must not stay. A refusal belongs to its session as well.
  async function dropStaleTokens(): Promise<void> {
    const { status, subject } = session.getSnapshot();
    if (status === 'signed-in' && holder?.profile.sub === subject) return;
    setTokens('none');
    await provider.removeUser();
    followSnapshot();
  }

  // Somebody signed in, here or in another app: this app gets its own tokens, without a login page.
  async function askForTokens(): Promise<User | null> {
    const asked = session.getSnapshot();
    setTokens('asking');
    const user = await provider.signinSilent().catch(() => null);
    const { status, subject, signedInAt } = session.getSnapshot();
    const isSame = status === 'signed-in' && subject === asked.subject && signedInAt === asked.signedInAt;
    if (user !== null && isSame && user.profile.sub === subject) {
      setTokens('held', user);
      return user;
    }
    setTokens(isSame ? 'refused' : 'none'); // Otherwise the session has changed while the provider answered.
    await provider.removeUser();
    // No tokens for a session that should live: is it gone? One check answers all tabs that wonder.
    if (user === null && isSame) void session.check().catch(() => undefined);
    return null;
  }

  function tokensAsked(): Promise<User | null> {
    asking ??= askForTokens().finally(() => {
      asking = undefined;
      followSnapshot();
    });
    return asking;
  }

  // Only a tab that somebody looks at asks: fifty hidden ones need no tokens yet.
  function followSnapshot(): void {
    const { status, sessionId } = session.getSnapshot();
    if (status === 'signed-in') lastSid = sessionId;
    if (status === 'signed-in' && document.visibilityState === 'visible' && tokens === 'none') void tokensAsked();
  }

  async function accessToken(): Promise<string | undefined> {
    const isGood = holder !== undefined && holder.expired !== true && holder.access_token !== refusedToken;
    if (isGood || session.getSnapshot().status !== 'signed-in') return holder?.access_token;
    return (await tokensAsked())?.access_token;
  }

  async function fetchWithToken(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    const token = await accessToken();
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    const response = await fetch(input, { ...init, headers });
    if (response.status === 401) refusedToken = token; // So that a second try gets another one.
    return response;
  }

  async function finishLogin(): Promise<void> {
    const answer = location.href;
    history.replaceState(null, '', '/'); // Whatever becomes of it: a reload must not bring the same answer again.
    const user = await provider.signinRedirectCallback(answer);
    setTokens('held', user);
    const before = session.getSnapshot();
    const { sub, sid, iat, exp, name, email } = user.profile;
    const sessionId = typeof sid === 'string' ? { sessionId: sid } : {};
    const back = pathOfOurs(user.state);
    try {
      const claims = { name: name ?? sub, email: email ?? '' };
      // This provider's ID token lives as long as its session. Most do not; then there is no lifetime to give.
      const stored = session.login({ subject: sub, ...sessionId, expiresIn: exp - iat, claims });
      onAct('login', before, Date.now());
      await stored;
    } catch (error) {
      if (!(error instanceof LockstepError) || error.code !== 'session-ended') throw error;
      // Somebody signed out while the user was at the provider. Its session ends as well, and the user starts afresh.
      await duties.end(sessionId.sessionId);
      return goToProvider(provider, session, { state: back });
    }
    // The login page is a page of its own, and knows what to do with a user who is signed in.
    if (back.startsWith('/login')) location.replace(back);
    else history.replaceState(null, '', back); // The very place the user came from.
  }

  async function signOut(): Promise<void> {
    const before = session.getSnapshot();
    const act = Date.now();
    const sid = before.sessionId ?? (typeof holder?.profile.sid === 'string' ? holder.profile.sid : undefined);
    try {
      const stored = session.logout(); // Every tab, at once; then Lockstep has one tab end the session at the provider.
      onAct('logout', before, act);
      await stored;
    } catch (error) {
      setTokens('none'); // Lockstep cannot be reached: this tab ends the session alone.
      await Promise.all([provider.removeUser(), duties.end(sid)]);
      throw error;
    }
  }

  for (const change of ['login', 'logout', 'user-change'] as const) session.on(change, () => void dropStaleTokens());
  session.subscribe(followSnapshot);
  document.addEventListener('visibilitychange', followSnapshot);

  return {
    session,
    signIn: () => goToProvider(provider, session, { state: here() }),
    switchUser: () => goToProvider(provider, session, { state: here(), prompt: 'login' }),
    signOut,
    revoke: duties.revoke,
    fetch: withSession(fetchWithToken, session),
    getTokens: () => tokens,
    getHolder: () => holder?.profile.name,
    async start() {
      if (location.pathname === '/callback') await finishLogin();
      followSnapshot();
    },
  };
}
