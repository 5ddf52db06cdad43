import { ProtocolMode, PublicClientApplication } from '@azure/msal-browser';
import { connect } from 'lockstep';
import { msalBrowser } from 'lockstep/adapters/msal-browser';
import { finishLogin, show } from './page.js';

const msal = new PublicClientApplication({
  auth: {
    clientId: location.origin,
    authority: 'https://id.acme.com/',
    knownAuthorities: ['id.acme.com'],
    redirectUri: `${location.origin}/callback`,
    postLogoutRedirectUri: `${location.origin}/`,
  },
  // Not with Entra ID: the provider is another one here.
  system: { protocolMode: ProtocolMode.OIDC },
});
const scopes = ['openid', 'profile'];
const silent = { scopes, redirectUri: `${location.origin}/silent` };
const session = connect({ hub: 'https://hub.acme.com/', adapter: msalBrowser(msal, { silent }) });
await msal.initialize();
await finishLogin(() => msal.handleRedirectPromise({ navigateToLoginRequestUrl: false }));

show(session, {
  signIn: () => msal.loginRedirect({ scopes }),
  async getToken() {
    const account = msal.getActiveAccount() ?? msal.getAllAccounts()[0];
    return account && (await msal.acquireTokenSilent({ ...silent, account })).accessToken;
  },
});
