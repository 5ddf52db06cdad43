import { UserManager } from 'oidc-client-ts';

const nothing = { authority: location.origin, client_id: location.origin, redirect_uri: location.origin };
await new UserManager(nothing).signinSilentCallback();
