import Keycloak from 'keycloak-js';
import { connect } from 'lockstep';
import { keycloakJs } from 'lockstep/adapters/keycloak-js';
import { finishLogin, show } from './page.js';

const keycloak = new Keycloak({ url: 'https://id.acme.com', realm: 'acme', clientId: location.origin });
const session = connect({ hub: 'https://hub.acme.com/', adapter: keycloakJs(keycloak) });
await finishLogin(() =>
  keycloak.init({
    onLoad: 'check-sso',
    silentCheckSsoRedirectUri: `${location.origin}/silent`,
    silentCheckSsoFallback: false,
    checkLoginIframe: false,
  }),
);

show(session, {
  signIn: () => keycloak.login({ redirectUri: `${location.origin}/callback` }),
  async getToken() {
    await keycloak.updateToken(2);
    return keycloak.token;
  },
});
