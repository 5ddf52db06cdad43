// The adapter for supabase-js. Its events come of renewals and of other tabs, too, so a login is seen in the methods
// that end one, and in the address of the page that the provider leads back to.

import type { SupabaseClient, Session as SupabaseSession } from '@supabase/supabase-js';
import type { Login, LoginAdapter, Session } from 'lockstep';
import { dutyMsMax } from './duty-ms.js';
import { inOneTab } from './one-tab.js';
import { createProof } from './proof.js';
import { createTokens, nameOf } from './tokens.js';
import { wrap } from './wrap.js';

export type SupabaseJsOptions = {
  /** What else `session.login` gets: claims, a subject that is the same in all apps, the session's lifetime. */
  readonly login?: ((signedIn: SupabaseSession) => Partial<Login>) | undefined;
  /** Where another app has signed in: gets this one a session of its own (`auth.setSession`), without the user. */
  readonly silent?: (() => Promise<unknown>) | undefined;
};

/** Supabase has ended the session. That the network or the server fails is none of these. */
const ends = /^((session|user|refresh_token)_not_found|session_expired|refresh_token_already_used|user_banned)$/;

/** What the library does not say of itself. */
type Inside = {
  readonly autoRefreshToken: boolean;
  readonly flowType: string;
  readonly storageKey: string;
  readonly storage: { readonly getItem: (name: string) => unknown };
};

/**
 * `connect({ hub, adapter: supabaseJs(client) })`, right after `createClient`, whose `auth` has `autoRefreshToken:
 * false` and `flowType: 'pkce'`.
 */
export function supabaseJs(
  { auth }: Pick<SupabaseClient, 'auth'>,
  { login, silent }: SupabaseJsOptions = {},
): LoginAdapter {
  const { autoRefreshToken, flowType, storageKey, storage } = auth as unknown as Inside;
  if (autoRefreshToken) throw new TypeError('autoRefreshToken must be false');
  // Else a stranger's tokens in a link would be a login in every app.
  if (flowType !== 'pkce') throw new TypeError('flowType must be pkce');
  const signOut = auth.signOut.bind(auth);
  /** Supabase takes the answer out of the address while it starts; a code is its own where it has a verifier. */
  const isAnswer = /[?&#]code=/.test(location.href) && storage.getItem(`${storageKey}-code-verifier`);
  const proof = createProof(storageKey);
  let session: Session;
  let current: SupabaseSession | null = null;
  /** By then the library has said for the first time who that is. */
  let start: () => void;
  const started = new Promise<void>((resolve) => {
    start = resolve;
  });
  /** The library has found the session to be over. */
  let isEnded = false;
  /** How often the user has begun or ended something in this page. */
  let acts = 0;

  /** Has this origin had tokens of the session that everybody sees? Older ones say nothing of it. */
  const isProven = () => proof.isGiven(nameOf(session));
  const stored = async () => (await auth.getSession()).data.session;
  const loginOf = (found: SupabaseSession) => ({
    subject: found.user.id,
    sessionId: sessionIdOf(found),
    ...login?.(found),
  });
  const tokens = createTokens<SupabaseSession>({
    loginOf,
    held: () => started.then(() => current),
    // The library renews when the app asks for a token.
    isFresh: () => true,
    isNo: ({ code, name }: Error & { readonly code?: string }) =>
      (ends.test(`${code}`) || (isEnded && name === 'AuthSessionMissingError')) && isProven(),
    async renew() {
      const before = acts;
      let error: Error | null = null;
      // Neither goes through the methods that are wrapped.
      if (!current && silent && !(isEnded && isProven())) await silent();
      else ({ error } = await auth.refreshSession());
      // The answer is about a session that the user has left.
      if (acts > before) throw new Error('The user has acted.');
      if (error) throw error;
      proof.give(nameOf(session));
      return (await stored()) as SupabaseSession;
    },
    // In turn: a tab that went on while another drops would ask with what is about to go.
    drop: () => inOneTab(storageKey, drop, AbortSignal.timeout(dutyMsMax)),
  });

  async function drop(): Promise<void> {
    const found = await stored();
    // Another tab of this origin may have signed in somebody else by now, or whom the session is about.
    const isOurs = found?.user.id === current?.user.id;
    const isOfSession = found && loginOf(found).subject === session.getSnapshot().subject;
    if (isOurs && !isOfSession) await signOut({ scope: 'local' });
    current = await stored();
    isEnded = false;
  }

  async function act(signIn: () => Promise<SupabaseSession | null | undefined>): Promise<void> {
    if (await tokens.act(signIn)) proof.give(nameOf(session));
  }

  function begin<Method extends (...given: never[]) => unknown>(original: Method): Method {
    return ((...given) => {
      acts++;
      session.beginLogin();
      return original(...given);
    }) as Method;
  }

  /** A method that may sign in at once. */
  function finish<Method extends Signing>(original: Method): Method {
    const begun = begin(original);
    return (async (...given) => {
      const answer = begun(...given);
      await act(async () => (await answer).data?.session);
      return answer;
    }) as Method;
  }

  return {
    checkSession: tokens.checkSession,
    attach(joined) {
      session = joined;
      const restore = wrap(auth, {
        signInWithOAuth: begin,
        signInWithOtp: begin,
        signInWithSSO: begin,
        signInAnonymously: finish,
        signInWithIdToken: finish,
        signInWithPassword: finish,
        signInWithWeb3: finish,
        signUp: finish,
        verifyOtp: finish,
        exchangeCodeForSession: finish,
        signOut: (original) => async (options) => {
          acts++;
          const result = await original(options);
          isEnded = false;
          // Without a hub, or the right, this app signs out alone. The sessions of other devices are not this one.
          if (!result.error && options?.scope !== 'others') await session.logout().catch(() => {});
          return result;
        },
      });
      const { data } = auth.onAuthStateChange((event, found) => {
        current = found;
        isEnded = event === 'SIGNED_OUT';
        start();
      });
      const detach = tokens.attach(session);
      // No function of the app waits for this one.
      if (isAnswer) act(signedInByAddress).catch(reportError);
      return () => {
        detach();
        data.subscription.unsubscribe();
        restore();
      };
    },
  };

  async function signedInByAddress(): Promise<SupabaseSession | null | undefined> {
    const isOurs = await isAnswer;
    const { error } = await auth.initialize();
    if (isOurs) return error ? null : stored();
  }
}

/** What a method that signs in answers, as far as it concerns an adapter. */
type Signing = (...given: never[]) => Promise<{ readonly data: { readonly session?: SupabaseSession | null } | null }>;

/** Of the access token, a JWT: the same over all renewals. */
function sessionIdOf({ access_token }: SupabaseSession): string | undefined {
  const payload = access_token.split('.')[1] as string;
  return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))).session_id;
}
