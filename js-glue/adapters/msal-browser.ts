// The adapter for msal-browser, and with it for msal-react and msal-angular: all work over a PublicClientApplication.

import type {
  AccountInfo,
  AuthError,
  CacheLookupPolicy,
  EndSessionRequest,
  IPublicClientApplication,
  SsoSilentRequest,
} from '@azure/msal-browser';
import type { Login, LoginAdapter, Session } from 'lockstep';
import { createLeaving, pageShown } from './leave.js';
import { createProof } from './proof.js';
import { createTokens } from './tokens.js';
import { wrap } from './wrap.js';

export type MsalBrowserOptions = {
  /** What else `session.login` gets: claims, a subject that is the same in all apps, the session's lifetime. */
  readonly login?: ((user: AccountInfo) => Partial<Login>) | undefined;
  /** For sign-ins without the user: the scopes, and the `redirectUri` of the library's redirect bridge. */
  readonly silent?: SsoSilentRequest | undefined;
};

type SignIn = { readonly account: AccountInfo | null } | null;

/** Of `CacheLookupPolicy`: ask with the refresh token, and do nothing else. */
const refreshTokenAlone: CacheLookupPolicy = 3;

/** `connect({ hub, adapter: msalBrowser(msal) })`. It must come before `handleRedirectPromise`. */
export function msalBrowser(msal: IPublicClientApplication, options: MsalBrowserOptions = {}): LoginAdapter {
  const { login, silent = {} } = options;
  const logoutRedirect = msal.logoutRedirect.bind(msal);
  const proof = createProof(`${msal.getConfiguration().auth.authority}`);
  /** Whose tokens were dropped: the provider ends a session without a question only for the ID token. */
  let last: AccountInfo | undefined;
  const announced = new WeakSet<object>();
  const leaving = createLeaving(async (args?: EndSessionRequest) => {
    const account = (await held()) ?? last;
    await logoutRedirect({ ...(account?.idToken && { account, idTokenHint: account.idToken }), ...args });
    await pageShown();
  });

  const held = async () => msal.getActiveAccount() ?? msal.getAllAccounts()[0];
  const tokens = createTokens<AccountInfo>({
    loginOf(user) {
      const { sub, oid, tid, sid } = user.idTokenClaims ?? {};
      // Of Entra ID: `sub` is another one in each app.
      return { subject: oid && tid ? `${tid}.${oid}` : `${sub}`, sessionId: sid, ...login?.(user) };
    },
    held,
    // The library renews when the app asks it for a token.
    isFresh: () => true,
    // `invalid_grant` is the end of a refresh token, in Entra ID after a day, and that is not the session's.
    isNo: ({ errorCode }: Partial<AuthError>) => errorCode === 'login_required' && proof.isGiven(),
    async renew() {
      const account = await held();
      const { account: found } = account ? await renewByToken(account) : await renewByCookie();
      msal.setActiveAccount(found);
      return found as AccountInfo;
    },
    async drop() {
      const user = await held();
      if (!user) return;
      last = user;
      msal.setActiveAccount(null);
      // Of this user alone: another tab may have stored somebody else. And one by one: to clear all at once would
      // take along what the library keeps of a login under way.
      const { homeAccountId } = user;
      for (const account of msal.getAllAccounts({ homeAccountId })) await msal.clearCache({ account });
    },
  });

  function renewByToken(account: AccountInfo) {
    const request = { scopes: [], ...silent, account, cacheLookupPolicy: refreshTokenAlone };
    return msal.acquireTokenSilent(request).catch((error) => {
      // The provider's session may outlive the refresh token; only its cookie knows.
      if (!/^(no_tokens_found|refresh_token_expired|invalid_grant)$/.test(error.errorCode)) throw error;
      return renewByCookie();
    });
  }

  async function renewByCookie() {
    const result = await msal.ssoSilent(silent);
    proof.give();
    return result;
  }

  async function act<Result extends SignIn>(signIn: Promise<Result>): Promise<Result> {
    await tokens.act(async () => {
      const result = await signIn;
      // What the library gives to everybody who asks, as long as the page lives, is one act.
      if (!result?.account || announced.has(result)) return undefined;
      announced.add(result);
      last = undefined;
      return result.account;
    });
    return signIn;
  }

  return {
    checkSession: tokens.checkSession,
    endSession: leaving.endSession,
    attach(session: Session) {
      const restore = wrap(msal, {
        loginRedirect: (original) => (args) => {
          session.beginLogin();
          return original(args);
        },
        loginPopup: (original) => (args) => {
          session.beginLogin();
          return act(original(args));
        },
        handleRedirectPromise: (original) => (args) => act(original(args)),
        logoutRedirect: () => leaving.logout(session),
      });
      const detach = tokens.attach(session);
      return () => {
        detach();
        restore();
      };
    },
  };
}
