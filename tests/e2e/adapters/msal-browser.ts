import { ProtocolMode, PublicClientApplication } from '@azure/msal-browser';
import { msalBrowser } from 'lockstep/adapters/msal-browser';
import type { CreateLibrary } from './library.js';

export const createLibrary: CreateLibrary = async ({ issuer }) => {
  const msal = new PublicClientApplication({
    auth: {
      clientId: location.origin,
      authority: `${issuer}/`,
      knownAuthorities: [new URL(issuer).host],
      redirectUri: `${location.origin}/callback`,
      postLogoutRedirectUri: `${location.origin}/`,
    },
    system: { protocolMode: ProtocolMode.OIDC },
  });
  const scopes = ['openid', 'profile'];
  const silent = { scopes, redirectUri: `${location.origin}/silent` };
  const claims = JSON.stringify({ id_token: { sid: null } });
  const start = async () => {
    await msal.initialize();
    await msal.handleRedirectPromise({ navigateToLoginRequestUrl: false });
  };
  return {
    adapter: msalBrowser(msal, { silent }),
    start,
    signIn: (prompt) => msal.loginRedirect({ scopes, claims, ...(prompt && { prompt }) }),
    finish: start,
    signOut: () => msal.logoutRedirect(),
    renew: async () => {
      const [account] = msal.getAllAccounts();
      await msal.acquireTokenSilent({ ...silent, ...(account && { account }), forceRefresh: true });
    },
    holder: async () => msal.getAllAccounts()[0]?.idTokenClaims?.sub,
  };
};
