// The adapter for keycloak-js. That keeps tokens in memory alone, and gets some without the user only while it starts;
// so where another app has signed in since, a second instance gets them, and they are copied.

import type Keycloak from 'keycloak-js';
import type { KeycloakInitOptions, KeycloakLogoutOptions, KeycloakTokenParsed } from 'keycloak-js';
import type { Login, LoginAdapter, Session } from 'lockstep';
import { createLeaving, pageShown } from './leave.js';
import { createTokens } from './tokens.js';
import { wrap } from './wrap.js';

export type KeycloakJsOptions = {
  /** What else `session.login` gets: claims, a subject that is the same in all apps, the session's lifetime. */
  readonly login?: ((user: KeycloakTokenParsed) => Partial<Login>) | undefined;
};

const copied = [
  ...(['authenticated', 'token', 'tokenParsed', 'refreshToken', 'refreshTokenParsed', 'idToken'] as const),
  ...(['idTokenParsed', 'sessionId', 'subject', 'realmAccess', 'resourceAccess', 'timeSkew'] as const),
];

/**
 * `connect({ hub, adapter: keycloakJs(keycloak) })`. It must come before `keycloak.init`, which needs `onLoad:
 * 'check-sso'`, a `silentCheckSsoRedirectUri` and `checkLoginIframe: false`.
 */
export function keycloakJs(keycloak: Keycloak, { login }: KeycloakJsOptions = {}): LoginAdapter {
  const { logout } = keycloak;
  let options: KeycloakInitOptions | undefined;
  let start = () => {};
  const started = new Promise<void>((resolve) => {
    start = resolve;
  });
  /** Of the tokens that were dropped: the provider ends a session without a question only for this. */
  let idToken: string | undefined;
  const leaving = createLeaving(async (args?: KeycloakLogoutOptions) => {
    if (idToken) keycloak.idToken ??= idToken;
    await logout(args);
    await pageShown();
  });

  const tokens = createTokens<Keycloak>({
    loginOf: ({ idTokenParsed = {}, tokenParsed, sessionId }) => {
      const user = { ...tokenParsed, ...idTokenParsed };
      return { subject: `${user.sub}`, sessionId: user.sid ?? sessionId, ...login?.(user) };
    },
    held: () => started.then(() => (keycloak.authenticated ? keycloak : undefined)),
    isFresh: ({ tokenParsed, timeSkew }) => (tokenParsed?.exp ?? 0) + (timeSkew ?? 0) > Date.now() / 1000,
    // Of a hidden frame keycloak-js does not say why it found nobody.
    isNo: (error) => (error as { response?: Response }).response?.status === 400,
    async renew() {
      await started;
      if (keycloak.refreshToken) await keycloak.updateToken(-1);
      else await renewByCookie();
      return keycloak;
    },
    async drop() {
      idToken = keycloak.idToken ?? idToken;
      // Else it would leave for the login page.
      keycloak.loginRequired = false;
      keycloak.clearToken();
    },
  });

  async function renewByCookie(): Promise<void> {
    const { authServerUrl: url = '', realm = '', clientId = '' } = keycloak;
    if (!options?.silentCheckSsoRedirectUri) throw new Error('keycloak-js has no silentCheckSsoRedirectUri.');
    const other: Keycloak = new (keycloak.constructor as typeof Keycloak)({ url, realm, clientId });
    const { token, refreshToken, ...rest } = options;
    // The library waits for a frame that does not answer for as long as the page lives; a duty has ten seconds.
    const tooLate = new Promise((_, reject) => setTimeout(reject, 10_000, new Error('keycloak-js does not answer.')));
    await Promise.race([
      other.init({ ...rest, onLoad: 'check-sso', silentCheckSsoFallback: false, checkLoginIframe: false }),
      tooLate,
    ]);
    if (!other.authenticated) throw new Error('keycloak-js found nobody signed in, and does not say why.');
    for (const name of copied) Object.assign(keycloak, { [name]: other[name] });
    keycloak.onAuthSuccess?.();
  }

  async function init(given: KeycloakInitOptions | undefined, original: Keycloak['init']): Promise<boolean> {
    options = given;
    const answer = new URL(location.href.replace('#', '?'));
    const state = answer.searchParams.get('state');
    // What the library remembers of a request: one that it made without the user is no act.
    const request = localStorage.getItem(`kc-callback-${state}`);
    const signIn = async () => ((await original(given)) ? keycloak : undefined);
    const isAct = request && JSON.parse(request).prompt !== 'none';
    return Boolean(await (isAct ? tokens.act(signIn) : signIn()).finally(start));
  }

  return {
    checkSession: tokens.checkSession,
    endSession: leaving.endSession,
    attach(session: Session) {
      const begin = <Method extends Keycloak['login']>(original: Method) =>
        ((args) => {
          if (args?.prompt !== 'none') session.beginLogin();
          return original(args);
        }) as Method;
      const restore = wrap(keycloak, {
        init: (original) => (given) => init(given, original),
        login: begin,
        register: begin,
        logout: () => leaving.logout(session),
      });
      const { onTokenExpired } = keycloak;
      keycloak.onTokenExpired = () => {
        onTokenExpired?.();
        tokens.follow();
      };
      const detach = tokens.attach(session);
      return () => {
        detach();
        restore();
        if (onTokenExpired) keycloak.onTokenExpired = onTokenExpired;
        else delete keycloak.onTokenExpired;
      };
    },
  };
}
