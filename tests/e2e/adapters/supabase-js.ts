import { createClient } from '@supabase/supabase-js';
import { supabaseJs } from 'lockstep/adapters/supabase-js';
import type { CreateLibrary } from './library.js';

export const createLibrary: CreateLibrary = async ({ issuer }) => {
  const client = createClient(issuer, 'public', { auth: { autoRefreshToken: false, flowType: 'pkce' } });
  const { auth } = client;
  /** The app's own way to a session without the user. */
  const silent = async () => {
    const response = await fetch(`${issuer}/silent`);
    if (response.ok) await auth.setSession(await response.json());
  };
  return {
    adapter: supabaseJs(client, { silent }),
    signIn: () => auth.signInWithOAuth({ provider: 'github', options: { redirectTo: `${location.origin}/callback` } }),
    signInAs: (user) => auth.signInWithPassword({ email: `${user}@acme.com`, password: 'correct horse' }),
    finish: () => auth.initialize(),
    signOut: () => auth.signOut(),
    renew: () => auth.refreshSession(),
    holder: async () => (await auth.getSession()).data.session?.user.id,
  };
};
