// The adapter for oidc-client-ts, and with it for react-oidc-context: both work over a UserManager.

import type { Login, LoginAdapter, Session } from 'lockstep';
import type { ErrorResponse, SignoutRedirectArgs, User, UserManager } from 'oidc-client-ts';
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
  /**
   * "Nobody is signed in" from a hidden frame is believed only where such a frame has found somebody before. Where the
   * browser keeps the provider's cookie from frames of another site, it is the answer to everybody.
   */
  const proof = `lockstep-silent ${settings.authority}`;
  /** Of the tokens that were dropped: the provider ends a session without a question only for this. */
  let idToken: string | undefined;
  let argsOfLeaving: SignoutRedirectArgs | undefined;
  let leaving: Promise<void> | undefined;

  const tokens = createTokens<User>({
    loginOf: (user) => ({ subject: user.profile.sub, sessionId: user.profile.sid as string, ...login?.(user) }),
    held: () => manager.getUser(),
    isFresh: ({ expired }) => !expired,
    isNo: ({ error }: Partial<ErrorResponse>) =>
      error === 'invalid_grant' || (error === 'login_required' && localStorage.getItem(proof) !== null),
    async renew() {
      const user = await manager.getUser();
      if (!user?.refresh_token) return renewByCookie();
      return manager.signinSilent().catch((error) => {
        // The provider's session may outlive the refresh token.
        if (error.error !== 'invalid_grant') throw error;
        return renewByCookie().catch(() => Promise.reject(error));
      }) as Promise<User>;
    },
    async drop() {
      idToken = (await manager.getUser())?.id_token ?? idToken;
      await manager.removeUser();
    },
  });

  async function renewByCookie(): Promise<User> {
    const user = await manager.signinSilent({ forceIframeAuth: true });
    localStorage.setItem(proof, '1');
    return user as User;
  }

  /** Leaves this page, once, whether the app or the hub asks first. */
  function leave(): Promise<void> {
    leaving ??= signoutRedirect({ id_token_hint: idToken, ...argsOfLeaving } as SignoutRedirectArgs).finally(() => {
      leaving = undefined;
    });
    return leaving;
  }

  return {
    checkSession: tokens.checkSession,
    endSession: async ({ reason }) => {
      if (reason !== 'revoked') await leave();
    },
    attach(session: Session) {
      manager.stopSilentRenew();
      const restore = wrap(manager, {
        signinRedirect: (original) => async (args) => {
          session.beginLogin();
          await original(args);
        },
        signinPopup: (original) => (args) => {
          session.beginLogin();
          return tokens.act(() => original(args));
        },
        signinRedirectCallback: (original) => (url) => tokens.act(() => original(url)),
        signoutRedirect: () => async (args) => {
          argsOfLeaving = args;
          await session.logout().catch(() => {});
          await leave();
        },
      });
      const detach = tokens.attach(session);
      const stopTimer = manager.events.addAccessTokenExpired(tokens.follow);
      return () => {
        stopTimer();
        detach();
        restore();
        if (settings.automaticSilentRenew) manager.startSilentRenew();
      };
    },
  };
}
