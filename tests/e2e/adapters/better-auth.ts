import { createAuthClient } from 'better-auth/client';
import { betterAuth } from 'lockstep/adapters/better-auth';
import type { CreateLibrary } from './library.js';

export const createLibrary: CreateLibrary = async ({ issuer }) => {
  // The tests' users have no id before they sign up.
  const adapter = betterAuth({ login: ({ user }) => ({ subject: user.name }) });
  const client = createAuthClient({
    baseURL: issuer,
    plugins: [adapter.plugin],
    sessionOptions: { refetchOnWindowFocus: false },
  });
  // As a component does it.
  client.useSession.subscribe(() => {});
  const signInAs = (user: string) => client.signIn.email({ email: `${user}@acme.com`, password: 'correct horse' });
  return {
    adapter,
    signIn: () => signInAs('ada'),
    signInAs,
    finish: async () => {},
    signOut: () => client.signOut(),
    renew: () => client.getSession(),
    holder: async () => client.useSession.get().data?.user.name,
  };
};
