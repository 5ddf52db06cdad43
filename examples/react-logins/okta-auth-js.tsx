import { OktaAuth } from '@okta/okta-auth-js';
import { connect } from 'lockstep';
import { oktaAuthJs } from 'lockstep/adapters/okta-auth-js';
import { finishLogin, show } from './page.js';

const issuer = 'https://id.acme.com';
const okta = new OktaAuth({
  issuer,
  clientId: location.origin,
  redirectUri: `${location.origin}/callback`,
  postLogoutRedirectUri: `${location.origin}/`,
  scopes: ['openid', 'profile'],
  services: { autoRenew: false, syncStorage: false },
  restoreOriginalUri: async () => {},
  // Not with Okta, whose own are below the issuer: the provider is another one here.
  authorizeUrl: `${issuer}/auth`,
  tokenUrl: `${issuer}/token`,
  userinfoUrl: `${issuer}/me`,
  revokeUrl: `${issuer}/token/revocation`,
  logoutUrl: `${issuer}/session/end`,
});
const session = connect({ hub: 'https://hub.acme.com/', adapter: oktaAuthJs(okta) });
if (location.pathname === '/callback') await finishLogin(() => okta.handleLoginRedirect());

show(session, {
  signIn: () => okta.signInWithRedirect(),
  getToken: async () => (await okta.getOrRenewAccessToken()) ?? undefined,
});
