// The login library's side: oidc-client-ts, authorization code with PKCE. Tokens stay in this tab's memory and nowhere
// else.

import { InMemoryWebStorage, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { originHere } from './places-here.js';

export const createUserManager = (clientId: string): UserManager =>
  new UserManager({
    authority: originHere('login'),
    client_id: clientId,
    redirect_uri: `${location.origin}/callback`,
    silent_redirect_uri: `${location.origin}/silent.html`,
    post_logout_redirect_uri: `${location.origin}/`,
    scope: 'openid profile email',
    // OpenID Connect Core 1.0 §5.5: ask for the session id by name, most providers leave it out otherwise.
    extraQueryParams: { claims: JSON.stringify({ id_token: { sid: null } }) },
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    automaticSilentRenew: false,
  });
