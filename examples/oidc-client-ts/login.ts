// oidc-client-ts and its adapter, as docs/adapters.md has them. The pages of this folder show the same, each as the
// guide to its framework has it; React's is examples/react-logins/oidc-client-ts.tsx.

import { connect } from 'lockstep';
import { oidcClientTs } from 'lockstep/adapters/oidc-client-ts';
import { UserManager } from 'oidc-client-ts';

const manager = new UserManager({
  authority: 'https://id.acme.com',
  client_id: location.origin,
  redirect_uri: `${location.origin}/callback`,
  silent_redirect_uri: `${location.origin}/silent`,
  post_logout_redirect_uri: `${location.origin}/`,
  // The tokens live for seconds here.
  accessTokenExpiringNotificationTimeInSeconds: 2,
});

export const session = connect({ hub: 'https://hub.acme.com/', adapter: oidcClientTs(manager) });

/** Reads the provider's answer. Returns what is wrong with it, or nothing; the app starts in any case. */
export async function finishLogin(): Promise<string> {
  if (location.pathname !== '/callback') return '';
  const problem = await manager.signinRedirectCallback().then(
    () => '',
    (error: Error) => `Nobody has signed in: ${error.message}`,
  );
  history.replaceState(null, '', '/');
  return problem;
}

/** Goes to the provider. */
export const signIn = (): Promise<void> => manager.signinRedirect();

/** For a request to an API; the library renews it where it has ended. */
export async function getToken(): Promise<string> {
  try {
    const user = await manager.getUser();
    return (user?.expired ? await manager.signinSilent() : user)?.access_token ?? 'none';
  } catch (error) {
    return `none: ${error instanceof Error ? error.message : error}`;
  }
}
