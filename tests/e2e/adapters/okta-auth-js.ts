import { OktaAuth } from '@okta/okta-auth-js';
import { oktaAuthJs } from 'lockstep/adapters/okta-auth-js';
import type { CreateLibrary } from './library.js';

export const createLibrary: CreateLibrary = async ({ issuer }) => {
  const okta = new OktaAuth({
    issuer,
    clientId: location.origin,
    redirectUri: `${location.origin}/callback`,
    postLogoutRedirectUri: `${location.origin}/`,
    scopes: ['openid', 'profile'],
    // Okta's own are below /oauth2/v1.
    authorizeUrl: `${issuer}/auth`,
    tokenUrl: `${issuer}/token`,
    userinfoUrl: `${issuer}/me`,
    revokeUrl: `${issuer}/token/revocation`,
    logoutUrl: `${issuer}/session/end`,
    services: { autoRenew: false, syncStorage: false },
    restoreOriginalUri: async () => {},
  });
  const extraParams = { claims: JSON.stringify({ id_token: { sid: null } }) };
  return {
    adapter: oktaAuthJs(okta),
    signIn: (prompt) => okta.signInWithRedirect({ extraParams, ...(prompt && { prompt }) }),
    finish: () => okta.handleLoginRedirect(),
    signOut: () => okta.signOut(),
    renew: async () => okta.tokenManager.setTokens(await okta.token.renewTokens()),
    holder: async () => okta.tokenManager.getTokensSync().idToken?.claims.sub,
  };
};
