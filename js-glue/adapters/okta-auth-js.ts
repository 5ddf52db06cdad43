// The adapter for okta-auth-js, and with it for okta-react, okta-vue and okta-angular: all work over an OktaAuth.

import type { IDToken, OktaAuth, SignoutOptions, Tokens } from '@okta/okta-auth-js';
import type { Login, LoginAdapter, Session } from 'lockstep';
import { dutyMsMax } from './duty-ms.js';
import { createLeaving, pageShown } from './leave.js';
import { createProof } from './proof.js';
import { createTokens } from './tokens.js';
import { wrap } from './wrap.js';

export type OktaAuthJsOptions = {
  /** What else `session.login` gets: claims, a subject that is the same in all apps, the session's lifetime. */
  readonly login?: ((user: IDToken) => Partial<Login>) | undefined;
};

/** What the library rejects with: where the provider gives no description, the code is in the response alone. */
type OktaError = {
  readonly errorCode?: string;
  readonly xhr?: { readonly responseJSON?: { readonly error?: string } };
};
const codeOf = ({ errorCode, xhr }: OktaError) => errorCode ?? xhr?.responseJSON?.error;

/**
 * `connect({ hub, adapter: oktaAuthJs(okta) })`. It must come before the library is used, whose own renewals must be
 * off: `services: { autoRenew: false, syncStorage: false }`.
 */
export function oktaAuthJs(okta: OktaAuth, { login }: OktaAuthJsOptions = {}): LoginAdapter {
  const { services, issuer } = okta.options;
  if (services?.autoRenew !== false || services.syncStorage !== false) {
    throw new TypeError('services.autoRenew and services.syncStorage must be false');
  }
  const { token, tokenManager } = okta;
  const signOut = okta.signOut.bind(okta);
  const proof = createProof(`${issuer}`);
  /** Of the tokens that were dropped: the provider ends a session without a question only for this. */
  let idToken: IDToken | undefined;
  const leaving = createLeaving(async (args?: SignoutOptions) => {
    const hint = (await held()) ?? idToken;
    await signOut({ ...(hint && { idToken: hint }), ...args });
    await pageShown();
  });

  const held = async () => tokenManager.getTokensSync().idToken;
  const tokens = createTokens<IDToken>({
    loginOf: (user) => ({ subject: user.claims.sub, sessionId: user.claims.sid as string, ...login?.(user) }),
    held,
    isFresh() {
      const { accessToken } = tokenManager.getTokensSync();
      return accessToken !== undefined && !tokenManager.hasExpired(accessToken);
    },
    // `invalid_grant` is the end of a refresh token, and that is not the session's.
    isNo: (error) => codeOf(error as OktaError) === 'login_required' && proof.isGiven(),
    async renew() {
      if (tokenManager.getTokensSync().refreshToken) await renewByToken();
      else await renewByCookie();
      return (await held()) as IDToken;
    },
    async drop() {
      idToken = (await held()) ?? idToken;
      tokenManager.clear();
    },
  });

  let renewing: Promise<Tokens> | undefined;

  /** For the app and the adapter alike: a refresh token that rotates must not be used twice. */
  function renewOnce(original: () => Promise<Tokens>): Promise<Tokens> {
    renewing ??= original()
      .then((found) => {
        tokenManager.setTokens(found);
        return found;
      })
      .finally(() => {
        renewing = undefined;
      });
    return renewing;
  }

  async function renewByToken(): Promise<void> {
    await token.renewTokens().catch((error) => {
      // The provider's session may outlive the refresh token; only its cookie knows.
      if (codeOf(error) !== 'invalid_grant') throw error;
      return renewByCookie();
    });
  }

  async function renewByCookie(): Promise<void> {
    // As long as a duty has; the library itself waits two minutes for a frame that does not answer.
    const { tokens: found } = await token.getWithoutPrompt({ timeout: dutyMsMax });
    tokenManager.setTokens(found);
    proof.give();
  }

  return {
    checkSession: tokens.checkSession,
    endSession: leaving.endSession,
    attach(session: Session) {
      const finish = (signIn: () => unknown) =>
        tokens.act(async () => {
          await signIn();
          idToken = undefined;
          // Where the provider gives no description of its error, the library takes the answer for one without tokens.
          return (await held()) ?? null;
        });
      const restore = wrap(okta, {
        signInWithRedirect: (original) => (args) => {
          session.beginLogin();
          return original(args);
        },
        storeTokensFromRedirect: (original) => async () => void (await finish(original)),
        // By itself it calls `storeTokensFromRedirect`; these tokens are of a form in the page.
        handleLoginRedirect: (original) => async (given, originalUri) => {
          if (given) await finish(() => tokenManager.setTokens(given));
          return original(given, originalUri);
        },
        signOut: () => async (args) => {
          await leaving.logout(session)(args);
          return true;
        },
      });
      const restoreToken = wrap(token, { renewTokens: (original) => () => renewOnce(original) });
      tokenManager.on('expired', tokens.follow);
      const detach = tokens.attach(session);
      return () => {
        detach();
        tokenManager.off('expired', tokens.follow);
        restoreToken();
        restore();
      };
    },
  };
}
