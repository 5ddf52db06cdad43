import Keycloak from 'keycloak-js';
import { keycloakJs } from 'lockstep/adapters/keycloak-js';
import type { CreateLibrary } from './library.js';

export const createLibrary: CreateLibrary = async ({ issuer }) => {
  const keycloak = new Keycloak({ url: issuer, realm: 'acme', clientId: location.origin });
  const adapter = keycloakJs(keycloak);
  const start = () =>
    keycloak.init({
      onLoad: 'check-sso',
      silentCheckSsoRedirectUri: `${location.origin}/silent`,
      checkLoginIframe: false,
    });
  return {
    adapter,
    start,
    signIn: (prompt) => keycloak.login({ redirectUri: `${location.origin}/callback`, ...(prompt && { prompt }) }),
    finish: start,
    signOut: () => keycloak.logout({ redirectUri: `${location.origin}/` }),
    renew: () => keycloak.updateToken(-1),
    holder: async () => keycloak.subject,
  };
};
