import { connect } from 'lockstep';
import { oidcClientTs } from 'lockstep/adapters/oidc-client-ts';
import { UserManager } from 'oidc-client-ts';
import { finishLogin, show } from './page.js';

const manager = new UserManager({
  authority: 'https://id.acme.com',
  client_id: location.origin,
  redirect_uri: `${location.origin}/callback`,
  silent_redirect_uri: `${location.origin}/silent`,
  post_logout_redirect_uri: `${location.origin}/`,
  // The tokens live for seconds here.
  accessTokenExpiringNotificationTimeInSeconds: 2,
});
const session = connect({ hub: 'https://hub.acme.com/', adapter: oidcClientTs(manager) });
if (location.pathname === '/callback') await finishLogin(() => manager.signinRedirectCallback());

show(session, {
  signIn: () => manager.signinRedirect(),
  async getToken() {
    const user = await manager.getUser();
    return (user?.expired ? await manager.signinSilent() : user)?.access_token;
  },
});
