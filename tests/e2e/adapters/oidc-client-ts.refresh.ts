// An app whose tabs share the tokens of oidc-client-ts in localStorage.

import { refreshOnce } from 'lockstep/refresh-once';
import { UserManager, WebStorageStateStore } from 'oidc-client-ts';

declare global {
  interface Window {
    readonly signIn: () => Promise<void>;
    readonly accessToken: () => Promise<string>;
    /** `old`: the token that serves no more. Both give the new one, or the name of what went wrong. */
    readonly refreshOnce: (old: string) => Promise<string>;
    readonly refreshAlone: (old: string) => Promise<string>;
    /** Tabs that wait for the one that refreshes. */
    readonly waitingTabs: () => Promise<number>;
  }
}

const manager = new UserManager({
  authority: 'https://id.acme.com',
  client_id: location.origin,
  redirect_uri: `${location.origin}/callback`,
  scope: 'openid profile',
  automaticSilentRenew: false,
  userStore: new WebStorageStateStore({ store: localStorage }),
});

const refresh = async () => {
  const user = await manager.signinSilent();
  if (!user) throw new Error('Nobody is signed in.');
  return user;
};

const tokenOrError = (user: Promise<{ readonly access_token: string }>) =>
  user.then(
    ({ access_token }) => access_token,
    ({ error, name, message }) => error ?? (name === 'RefreshFailedError' ? name : message),
  );

Object.assign(window, {
  signIn: () => manager.signinRedirect(),
  accessToken: async () => (await manager.getUser())?.access_token,
  refreshOnce: (old: string) =>
    tokenOrError(
      refreshOnce({
        name: 'portal',
        read: () => manager.getUser(),
        isFresh: ({ access_token }) => access_token !== old,
        refresh,
      }),
    ),
  refreshAlone: () => tokenOrError(refresh()),
  waitingTabs: async () => (await navigator.locks.query()).pending?.length,
});

if (location.pathname === '/callback') {
  await manager.signinRedirectCallback();
  location.replace('/');
}
document.body.dataset.app = 'running';
