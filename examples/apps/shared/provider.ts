// The login library's side: oidc-client-ts, authorization code with PKCE. Tokens stay in this tab's memory and nowhere
// else.

import type { Session } from 'lockstep';
import { InMemoryWebStorage, type SigninRedirectArgs, UserManager, WebStorageStateStore } from 'oidc-client-ts';
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

/** A login begins: whoever signs out from now on, in any tab, wins against it. */
export function goToProvider(provider: UserManager, session: Session, parameters: SigninRedirectArgs): Promise<void> {
  session.beginLogin();
  // Its end may not have reached the provider yet, which would let the next person in without a password.
  const { reason } = session.getSnapshot();
  const asksAgain = reason === 'logout' || reason === 'idle';
  return provider.signinRedirect(asksAgain ? { ...parameters, prompt: 'login' } : parameters);
}
