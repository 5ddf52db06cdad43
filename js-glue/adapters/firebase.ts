// The adapter for Firebase Authentication. Its functions are a module's, which nothing can wrap. What it calls before a
// change of state it calls for the acts of this page alone: not for a stored user, a renewal or another tab.

import type { Login, LoginAdapter, Session } from 'lockstep';
import { createProof } from './proof.js';
import { createTokens, nameOf } from './tokens.js';
import { wrap } from './wrap.js';

/** What the adapter needs of a user of `firebase/auth`. */
export type FirebaseUser = {
  readonly uid: string;
  readonly getIdToken: (forceRefresh?: boolean) => Promise<string>;
};

/** What it needs of `getAuth(app)`. */
export type FirebaseAuth<User extends FirebaseUser> = {
  readonly currentUser: User | null;
  authStateReady(): Promise<void>;
  beforeAuthStateChanged(callback: (user: User | null) => void, onAbort: () => void): () => void;
  onIdTokenChanged(next: (user: User | null) => void): () => void;
  signOut(): Promise<void>;
};

export type FirebaseOptions<User> = {
  /** What else `session.login` gets: claims, a subject that is the same in all apps, the session's lifetime. */
  readonly login?: ((user: User) => Partial<Login>) | undefined;
  /**
   * Where another app has signed in: signs in here without the user, and resolves with what `signInWithCustomToken`
   * gives. By that the adapter knows apart a user who signs in meanwhile.
   */
  readonly silent?: (() => Promise<unknown>) | undefined;
};

/** What the library does not say of itself. What another tab has stored it takes over up to a minute later. */
type Inside<User> = { readonly persistenceManager?: { readonly getCurrentUser: () => Promise<User | null> } };

/** Firebase has ended what the user holds. That the network or the server fails is none of these. */
const refusals = /^auth\/(user-token-expired|user-disabled|user-not-found)$/;

const isRefusal = (error: unknown) => refusals.test(`${(error as { readonly code?: string }).code}`);

/** `connect({ hub, adapter: firebase(auth) })`, right after `getAuth`. */
export function firebase<User extends FirebaseUser>(
  auth: FirebaseAuth<User>,
  { login, silent }: FirebaseOptions<User> = {},
): LoginAdapter {
  const signOut = auth.signOut.bind(auth);
  const proof = createProof('firebase');
  let session: Session;
  /** While the app signs in without the user: whom this page has signed in last. */
  let silently: { user?: User } | undefined;
  /** How often the user has signed in or out in this page. */
  let acts = 0;
  /** Ends the act of whom Firebase is about to sign in. */
  let settle: ((user: User | null) => void) | undefined;

  const tokens = createTokens<User>({
    loginOf: (user) => ({ subject: user.uid, ...login?.(user) }),
    held,
    stored: async () => (auth as Inside<User>).persistenceManager?.getCurrentUser(),
    // Firebase renews when the app asks for a token.
    isFresh: () => true,
    isNo: (error) => isRefusal(error) && isProven(),
    async renew() {
      const before = acts;
      await signInSilently().finally(() => {
        // The answer is about a session that the user has left.
        if (acts > before) throw new Error('The user has acted.');
      });
      proof.give(nameOf(session));
      return auth.currentUser as User;
    },
    drop: signOut,
  });

  /** Has this origin had a user of the session that everybody sees? An older one says nothing of it. */
  const isProven = () => proof.isGiven(nameOf(session));

  async function held(): Promise<User | null> {
    await auth.authStateReady();
    return auth.currentUser;
  }

  async function signInSilently(): Promise<void> {
    const user = await held();
    if (user) return renewFor(user);
    if (!silent) throw new Error('Firebase has no user here.');
    const last: { user?: User } = {};
    silently = last;
    // What fails gives nobody.
    let given: { readonly user?: unknown } | undefined = {};
    try {
      given = (await silent()) as typeof given;
    } finally {
      silently = undefined;
      const { user } = last;
      if (given && user && user === auth.currentUser && user !== given.user) begun(Promise.resolve(user));
    }
  }

  function begins(user: User | null): void {
    if (!user) return;
    if (silently) {
      silently.user = user;
      return;
    }
    const signedIn = new Promise<User | null>((resolve) => {
      settle = resolve;
    });
    begun(signedIn);
  }

  function begun(signedIn: Promise<User | null>): void {
    acts++;
    // Firebase's own function has resolved by then.
    act(signedIn).catch(reportError);
  }

  async function act(signedIn: Promise<User | null>): Promise<void> {
    if (await tokens.act(() => signedIn)) proof.give(nameOf(session));
  }

  return {
    checkSession: tokens.checkSession,
    attach(joined) {
      session = joined;
      const stops = [
        auth.beforeAuthStateChanged(begins, () => settle?.(null)),
        auth.onIdTokenChanged((user) => {
          settle?.(user);
          settle = undefined;
        }),
        wrap(auth as FirebaseAuth<FirebaseUser>, {
          signOut: (original) => async () => {
            acts++;
            await original();
            // Without a hub, or the right, this app signs out alone.
            await session.logout().catch(() => {});
          },
        }),
        tokens.attach(session),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

/**
 * Firebase signs out the current user whom it refuses, by the same method as the app does. Asked through an object that
 * is not the current user, it only rejects. Both share the tokens, so the second call stores and shows the new ones.
 */
async function renewFor(user: FirebaseUser): Promise<void> {
  await (Object.create(user) as FirebaseUser).getIdToken(true);
  await user.getIdToken();
}
