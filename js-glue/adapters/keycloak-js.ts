// The adapter for keycloak-js. That keeps tokens in memory alone, and gets some without the user only while it starts;
// so where another app has signed in since, a second instance gets them, and they are copied.

import type Keycloak from 'keycloak-js';
import type { KeycloakConfig, KeycloakInitOptions, KeycloakLogoutOptions, KeycloakTokenParsed } from 'keycloak-js';
import type { Login, LoginAdapter, Session } from 'lockstep';
import { dutyMsMax } from './duty-ms.js';
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

type Copied = { [Name in (typeof copied)[number]]?: unknown };

/** Keycloak has refused the refresh token, and a hidden frame, where there is one, has found nobody. */
const ended = new Error();
/** A frame that does not answer, or of which keycloak-js does not say why it found nobody; or there is none. */
const unknown = new Error('keycloak-js found nobody');

/** What the library remembers of a request: one that it made without the user is no act. */
function isAct(): boolean {
  try {
    const [, state] = /.*[?&#]state=([^&#]*)/.exec(location.href) as RegExpExecArray;
    return JSON.parse(localStorage[`kc-callback-${state}`]).prompt !== 'none';
  } catch {
    // There is no such request, or the browser blocks storage.
    return false;
  }
}

/**
 * `connect({ hub, adapter: keycloakJs(keycloak) })`. It must come before `keycloak.init`, which needs `onLoad:
 * 'check-sso'`, a `silentCheckSsoRedirectUri` and `checkLoginIframe: false`.
 */
export function keycloakJs(keycloak: Keycloak, { login }: KeycloakJsOptions = {}): LoginAdapter {
  const { logout } = keycloak;
  let options: KeycloakInitOptions | undefined;
  let start: () => void;
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
    loginOf: ({ idTokenParsed, tokenParsed, sessionId }) => {
      const user = { ...tokenParsed, ...idTokenParsed };
      return { subject: `${user.sub}`, sessionId: user.sid ?? sessionId, ...login?.(user) };
    },
    held: () => started.then(() => (keycloak.authenticated ? keycloak : undefined)),
    isFresh: ({ tokenParsed, timeSkew }) => (tokenParsed?.exp ?? 0) + (timeSkew ?? 0) > Date.now() / 1000,
    isNo: (error) => error === ended,
    async renew() {
      await started;
      await (keycloak.refreshToken ? renewByToken() : renewByCookie(unknown));
      return keycloak;
    },
    async drop() {
      idToken = keycloak.idToken ?? idToken;
      // Else it would leave for the login page.
      keycloak.loginRequired = false;
      keycloak.clearToken();
    },
  });

  async function renewByToken(): Promise<void> {
    await keycloak.updateToken(-1).catch(async (failure) => {
      // A proxy, too, answers with 400, and not in JSON.
      const answer = await failure.response?.clone().json();
      if (answer?.error !== 'invalid_grant') throw failure;
      await renewByCookie(ended);
    });
  }

  async function renewByCookie(nobody: Error): Promise<void> {
    const { authServerUrl: url, realm, clientId } = keycloak;
    // Without one the library would leave the page.
    if (!options?.silentCheckSsoRedirectUri) throw nobody;
    const other: Keycloak = new (keycloak.constructor as typeof Keycloak)({ url, realm, clientId } as KeycloakConfig);
    // The library waits for a frame that does not answer for as long as the page lives.
    const tooLate = new Promise((_, reject) => setTimeout(reject, dutyMsMax, unknown));
    await Promise.race([
      other.init({
        ...options,
        // With the app's own tokens it would not ask.
        token: '',
        onLoad: 'check-sso',
        silentCheckSsoFallback: false,
        checkLoginIframe: false,
      }),
      tooLate,
    ]);
    if (!other.authenticated) throw nobody;
    for (const name of copied) (keycloak as Copied)[name] = other[name];
    keycloak.onAuthSuccess?.();
  }

  async function init(given: KeycloakInitOptions | undefined, original: Keycloak['init']): Promise<boolean> {
    options = given;
    // Before the act ends: the login that it brings may be refused, and then the tokens are asked for and dropped.
    const signIn = async () => ((await original(given).finally(start)) ? keycloak : undefined);
    return Boolean(await (isAct() ? tokens.act(signIn) : signIn()));
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
        // It forgets all tokens at any answer with status 400, a proxy's as well; the session may live.
        updateToken: (original) => (seconds) => original(seconds).finally(tokens.follow),
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
        keycloak.onTokenExpired = onTokenExpired as () => void;
      };
    },
  };
}
