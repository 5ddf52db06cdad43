import { Auth0Client } from '@auth0/auth0-spa-js';
import { connect } from 'lockstep';
import { auth0SpaJs } from 'lockstep/adapters/auth0-spa-js';
import { finishLogin, show } from './page.js';

const auth0 = new Auth0Client({
  domain: 'id.acme.com',
  clientId: location.origin,
  useRefreshTokens: true,
  useRefreshTokensFallback: true,
  authorizationParams: { redirect_uri: `${location.origin}/callback` },
});
const logout = { logoutParams: { returnTo: `${location.origin}/` } };
const session = connect({ hub: 'https://hub.acme.com/', adapter: auth0SpaJs(auth0, { logout }) });
if (location.pathname === '/callback') await finishLogin(() => auth0.handleRedirectCallback());

show(session, {
  signIn: () => auth0.loginWithRedirect(),
  getToken: () => auth0.getTokenSilently(),
});
