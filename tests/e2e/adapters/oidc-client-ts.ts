import { oidcClientTs } from 'lockstep/adapters/oidc-client-ts';
import { UserManager } from 'oidc-client-ts';
import type { CreateLibrary } from './library.js';

export const createLibrary: CreateLibrary = async ({ issuer }) => {
  const manager = new UserManager({
    authority: issuer,
    client_id: location.origin,
    redirect_uri: `${location.origin}/callback`,
    silent_redirect_uri: `${location.origin}/silent`,
    post_logout_redirect_uri: `${location.origin}/`,
    scope: 'openid profile',
    // The cost test has tokens of some seconds.
    accessTokenExpiringNotificationTimeInSeconds: 4,
    extraQueryParams: { claims: JSON.stringify({ id_token: { sid: null } }) },
  });
  return {
    adapter: oidcClientTs(manager),
    signIn: (prompt) => manager.signinRedirect(prompt ? { prompt } : {}),
    finish: () => manager.signinRedirectCallback(),
    signOut: () => manager.signoutRedirect(),
    renew: () => manager.signinSilent(),
    holder: async () => (await manager.getUser())?.profile.sub,
  };
};
