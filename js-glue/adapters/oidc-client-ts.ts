// The adapter for oidc-client-ts, and with it for react-oidc-context: both work over a UserManager.

import type { Login, LoginAdapter, Session } from 'lockstep';
import type { ErrorResponse, SignoutRedirectArgs, User, UserManager } from 'oidc-client-ts';
import { createLeaving } from './leave.js';
import { createProof } from './proof.js';
import { createTokens } from './tokens.js';
import { wrap } from './wrap.js';

export type OidcClientTsOptions = {
  /** What else `session.login` gets: claims, a subject that is the same in all apps, the session's lifetime. */
  readonly login?: ((user: User) => Partial<Login>) | undefined;
};

/**
 * `connect({ hub, adapter: oidcClientTs(manager) })`. It must come before the manager is used. The manager's own
 * automatic renewal stops; `monitorSession` must be off.
 */
export function oidcClientTs(manager: UserManager, { login }: OidcClientTsOptions = {}): LoginAdapter {
  const { settings } = manager;
  if (settings.monitorSession) throw new TypeError('monitorSession must be off');
  const signoutRedirect = manager.signoutRedirect.bind(manager);
  const leaving = createLeaving(async (args?: SignoutRedirectArgs) => {
    const hint = (await manager.getUser())?.id_token ?? idToken;
    await signoutRedirect({ id_token_hint: hint, ...args } as SignoutRedirectArgs);
  });
  const proof = createProof(settings.authority);
  /** Of the tokens that were dropped: the provider ends a session without a question only for this. */
  let idToken: string | undefined;
  let isExpiring = false;

  const tokens = createTokens<User>({
    loginOf: (user) => ({ subject: user.profile.sub, sessionId: user.profile.sid as string, ...login?.(user) }),
    held: () => manager.getUser(),
    isFresh: ({ expired }) => !expired && !isExpiring,
    // `invalid_grant` is the end of a refresh token, and that is not the session's.
    isNo: ({ error }: Partial<ErrorResponse>) => error === 'login_required' && proof.isGiven(),
    async renew() {
      const before = await manager.getUser();
      const user = before?.refresh_token ? await renewByToken() : await renewByCookie();
      isExpiring = false;
      return user;
    },
    async drop() {
      idToken = (await manager.getUser())?.id_token ?? idToken;
      await manager.removeUser();
    },
  });

  function renewByToken(): Promise<User> {
    return manager.signinSilent().catch((error) => {
      // The provider's session may outlive the refresh token; only its cookie knows.
      if (error.error !== 'invalid_grant') throw error;
      return renewByCookie();
    }) as Promise<User>;
  }

  const act = (signIn: () => Promise<User>) =>
    tokens.act(async () => {
      const user = await signIn();
      idToken = undefined;
      return user;
    });

  async function renewByCookie(): Promise<User> {
    const user = await manager.signinSilent({ forceIframeAuth: true });
    proof.give();
    return user as User;
  }

  return {
    checkSession: tokens.checkSession,
    endSession: leaving.endSession,
    attach(session: Session) {
      manager.stopSilentRenew();
      const restore = wrap(manager, {
        signinRedirect: (original) => async (args) => {
          session.beginLogin();
          await original(args);
        },
        signinPopup: (original) => (args) => {
          session.beginLogin();
          return act(() => original(args));
        },
        signinRedirectCallback: (original) => (url) => act(() => original(url)),
        signoutRedirect: () => leaving.logout(session),
      });
      const detach = tokens.attach(session);
      const stopTimer = manager.events.addAccessTokenExpiring(() => {
        // The library repeats itself whenever somebody looks at such a token.
        if (document.hidden || isExpiring) return;
        isExpiring = true;
        tokens.follow();
      });
      return () => {
        stopTimer();
        detach();
        restore();
        if (settings.automaticSilentRenew) manager.startSilentRenew();
      };
    },
  };
}
