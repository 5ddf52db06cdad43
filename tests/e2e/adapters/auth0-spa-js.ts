import { Auth0Client } from '@auth0/auth0-spa-js';
import { auth0SpaJs } from 'lockstep/adapters/auth0-spa-js';
import type { CreateLibrary } from './library.js';

export const createLibrary: CreateLibrary = async ({ issuer, refreshes }) => {
  const client = new Auth0Client({
    domain: new URL(issuer).host,
    clientId: location.origin,
    useRefreshTokens: refreshes,
    useRefreshTokensFallback: true,
    authorizationParams: {
      redirect_uri: `${location.origin}/callback`,
      claims: JSON.stringify({ id_token: { sid: null } }),
    },
  });
  return {
    adapter: auth0SpaJs(client),
    signIn: (prompt) => client.loginWithRedirect(prompt && { authorizationParams: { prompt } }),
    finish: () => client.handleRedirectCallback(),
    signOut: () => client.logout({ logoutParams: { returnTo: `${location.origin}/` } }),
    renew: () => client.getTokenSilently({ cacheMode: 'off' }),
    holder: async () => (await client.getUser())?.sub,
  };
};
