// Lockstep beside a login library: everything an app needs to bring the two together stands in this file.
// The library gets and keeps the tokens; Lockstep carries the fact that somebody is signed in to every other tab.
// One rule must never be broken: only an act of the user calls `session.login`. A silent sign-in never does, because a
// provider that has not yet heard of a logout would answer it, and the session would come back.

import { connect, type EpochMs, LockstepError, type Session, type Snapshot } from 'lockstep';
import type { User, UserManager } from 'oidc-client-ts';
import { originHere } from './places-here.js';
import { createUserManager } from './provider.js';

export type Tokens = 'none' | 'asking' | 'held' | 'refused';

export type SignIn = {
  readonly session: Session;
  readonly signIn: () => Promise<void>;
  readonly switchUser: () => Promise<void>;
  readonly signOut: () => Promise<void>;
  readonly getTokens: () => Tokens;
  /** The name of the user whose tokens this tab holds. */
  readonly getHolder: () => string | undefined;
  /** Completes a login when the provider has just sent the user back; call once, when the app starts. */
  readonly start: () => Promise<void>;
};

export type SignInOptions = {
  readonly clientId: string;
  readonly onTokens: () => void;
  /** This tab has just told Lockstep of an act: what it saw before, and when that was. Only for the display. */
  readonly onAct: (act: 'login' | 'logout', before: Snapshot, at: EpochMs) => void;
};

export function createSignIn({ clientId, onTokens, onAct }: SignInOptions): SignIn {
  const session = connect({ hub: `${originHere('hub')}/` });
  const provider = createUserManager(clientId);
  let tokens: Tokens = 'none';
  let holder: User | undefined;
  let asking: Promise<User | null> | undefined;

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
    if (user !== null && isSame && user.profile.sub === subject) setTokens('held', user);
    else {
      setTokens(isSame ? 'refused' : 'none'); // Otherwise the world has moved on while the provider answered.
      await provider.removeUser();
    }
    return user;
  }

  // Only a tab that somebody looks at asks: fifty hidden ones need no tokens yet.
  function followSnapshot(): void {
    const wanted = session.getSnapshot().status === 'signed-in' && document.visibilityState === 'visible';
    if (!wanted || tokens !== 'none' || asking !== undefined) return;
    asking = askForTokens().finally(() => {
      asking = undefined;
      followSnapshot();
    });
  }

  async function finishLogin(): Promise<void> {
    const answer = location.href;
    history.replaceState(null, '', '/'); // Whatever becomes of it: a reload must not bring the same answer again.
    const user = await provider.signinRedirectCallback(answer);
    setTokens('held', user);
    const before = session.getSnapshot();
    const { sub, sid, exp, name, email } = user.profile;
    try {
      const stored = session.login({
        subject: sub,
        ...(typeof sid === 'string' ? { sessionId: sid } : {}),
        expiresAt: exp * 1_000,
        claims: { name: name ?? sub, email: email ?? '' },
      });
      onAct('login', before, Date.now());
      await stored;
    } catch (error) {
      // The provider still holds a session that was signed out in another tab: end it there too, then start afresh.
      if (error instanceof LockstepError && error.code === 'session-ended') return signOutAtProvider(provider, user);
      throw error;
    }
  }

  async function signOut(): Promise<void> {
    const [held, pending] = [holder, asking];
    const before = session.getSnapshot();
    const act = Date.now();
    try {
      const told = session.logout(); // Every tab, at once …
      onAct('logout', before, act);
      await told;
    } finally {
      await signOutAtProvider(provider, held ?? (await pending)); // … and the provider, from this tab alone.
    }
  }

  for (const change of ['login', 'logout', 'user-change'] as const) session.on(change, () => void dropStaleTokens());
  session.subscribe(followSnapshot);
  document.addEventListener('visibilitychange', followSnapshot);

  return {
    session,
    signIn: () => provider.signinRedirect(),
    switchUser: () => provider.signinRedirect({ prompt: 'login' }),
    signOut,
    getTokens: () => tokens,
    getHolder: () => holder?.profile.name,
    async start() {
      if (location.pathname === '/callback') await finishLogin();
      followSnapshot();
    },
  };
}

// With the ID token as a hint the provider knows that its own user asks, and does not ask back.
const signOutAtProvider = (provider: UserManager, user: User | null | undefined): Promise<void> =>
  provider.signoutRedirect(user?.id_token === undefined ? {} : { id_token_hint: user.id_token });
