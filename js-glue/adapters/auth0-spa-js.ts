// The adapter for auth0-spa-js, and with it for auth0-react, auth0-vue and auth0-angular: all work over an Auth0Client.

import type { Auth0Client, Auth0ClientOptions, GenericError, IdToken, LogoutOptions } from '@auth0/auth0-spa-js';
import type { Login, LoginAdapter, Session } from 'lockstep';
import { createLeaving, pageShown } from './leave.js';
import { createProof } from './proof.js';
import { createTokens } from './tokens.js';
import { wrap } from './wrap.js';

export type Auth0SpaJsOptions = {
  /** What else `session.login` gets: claims, a subject that is the same in all apps, the session's lifetime. */
  readonly login?: ((user: IdToken) => Partial<Login>) | undefined;
  /** For a logout that Lockstep asks for: where Auth0 leads back to. */
  readonly logout?: LogoutOptions | undefined;
};

/** `connect({ hub, adapter: auth0SpaJs(client) })`. It must come before the client is used. */
export function auth0SpaJs(client: Auth0Client, { login, logout: ofLogout }: Auth0SpaJsOptions = {}): LoginAdapter {
  const logout = client.logout.bind(client);
  // The client has no other way to ask.
  const { useRefreshTokens } = (client as unknown as { readonly options: Auth0ClientOptions }).options;
  const proof = createProof(client.getConfiguration().domain);
  const leaving = createLeaving(async (args?: LogoutOptions) => {
    await logout(args);
    if (!args?.openUrl) await pageShown();
  }, ofLogout);

  const held = () => client.getIdTokenClaims();
  const tokens = createTokens<IdToken>({
    loginOf: (user) => ({ subject: user.sub, sessionId: user.sid, ...login?.(user) }),
    held,
    // The client renews when the app asks it for a token.
    isFresh: () => true,
    // Auth0 says `login_required` also where a second factor is wanted, and `invalid_grant` also of a refresh token
    // that has ended before the session, after which the library asks the cookie, and of a code.
    isNo: ({ error, error_description }: Partial<GenericError>) =>
      error === 'invalid_grant'
        ? !/invalid refresh token|authorization code/i.test(`${error_description}`)
        : error === 'login_required' && !/factor/.test(`${error_description}`) && proof.isGiven(),
    async renew() {
      const before = await held();
      // As long as a duty has; the library itself waits a minute for a frame that does not answer.
      await client.getTokenSilently({ cacheMode: 'off', timeoutInSeconds: 10 });
      // Nothing but the provider's cookie was there to ask with.
      if (!before || !useRefreshTokens) proof.give();
      return (await held()) as IdToken;
    },
    drop: () => logout({ openUrl: false }),
  });

  async function act<Result>(signIn: Promise<Result>): Promise<Result> {
    await tokens.act(async () => {
      const result = (await signIn) as { readonly response_type?: string } | undefined;
      // To connect an account is no login.
      return result?.response_type === 'connect_code' ? undefined : held();
    });
    return signIn;
  }

  return {
    checkSession: tokens.checkSession,
    endSession: leaving.endSession,
    attach(session: Session) {
      const restore = wrap(client, {
        loginWithRedirect: (original) => (args) => {
          session.beginLogin();
          return original(args);
        },
        loginWithPopup: (original) => (args, config) => {
          session.beginLogin();
          return act(original(args, config));
        },
        handleRedirectCallback: (original) => ((url) => act(original(url))) as typeof original,
        // To forget the tokens here is no logout.
        logout: () => (args) => (args?.openUrl === false ? logout(args) : leaving.logout(session)(args)),
      });
      const detach = tokens.attach(session);
      return () => {
        detach();
        restore();
      };
    },
  };
}
