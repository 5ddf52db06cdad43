// The adapter for next-auth, whose functions are a module's: no other may take their place. So it brings some of its
// own, for the app to call.

import type { Login, LoginAdapter } from 'lockstep';
import type { Session as NextAuthSession } from 'next-auth';
import type { SignInResponse, signIn, signOut } from 'next-auth/react';
import { createOwnServerLogin } from './own-server.js';

export type NextAuthFunctions = { readonly signIn: typeof signIn; readonly signOut: typeof signOut };

export type NextAuthOptions = {
  /** What else `session.login` gets: claims, a subject that is the same in all apps, the session's lifetime. */
  readonly login?: ((signedIn: NextAuthSession) => Partial<Login>) | undefined;
  /** As the library's own, default `/api/auth`. */
  readonly basePath?: string | undefined;
};

export type NextAuthAdapter = LoginAdapter &
  NextAuthFunctions & {
    /** For the page that a link in a mail leads to: the user has signed in. Rejects where Lockstep refuses that. */
    readonly signedIn: () => Promise<void>;
  };

/** The server gives it where the app's `session` callback does. */
type User = NonNullable<NextAuthSession['user']> & { readonly id?: string };

/**
 * `const adapter = nextAuth({ signIn, signOut })` with the functions of `next-auth/react`, and `connect({ hub, adapter
 * })`. The app calls the adapter's own `signIn` and `signOut` in their place.
 */
export function nextAuth(library: NextAuthFunctions, options: NextAuthOptions = {}): NextAuthAdapter {
  const { login, basePath = '/api/auth' } = options;

  /** The library's own `getSession` makes null of every failure. */
  async function read(): Promise<NextAuthSession | null> {
    const response = await fetch(`${basePath}/session`, { cache: 'no-store' });
    if (!response.ok) throw new Error(`The server answers ${response.status}.`);
    const found = await response.json();
    return found?.user ? found : null;
  }

  const server = createOwnServerLogin<NextAuthSession>({
    name: 'next-auth',
    loginOf(found) {
      const { id, email }: User = found.user ?? {};
      const { subject = id || email, ...others } = login?.(found) ?? {};
      // All users without one would be one user.
      if (!subject)
        throw new TypeError('next-auth says neither `id` nor `email` of the user: give a `subject` in `login`');
      return { subject, ...others };
    },
    read,
    async end() {
      await library.signOut({ redirect: false });
      // The library does not say what the server has answered.
      if (await read()) throw new Error('The server has not ended its session.');
    },
    // As when another tab of this origin has changed it: a page has no other way to make its provider ask again.
    show() {
      const newValue = '{"event":"session","data":{}}';
      dispatchEvent(new StorageEvent('storage', { key: 'nextauth.message', newValue }));
    },
  });

  const own = {
    async signIn(...args: Parameters<typeof signIn>) {
      server.begin();
      server.leave(true);
      let result: SignInResponse | undefined;
      try {
        result = (await library.signIn(...args)) as SignInResponse | undefined;
      } catch (error) {
        server.leave(false);
        throw error;
      }
      // Without one the page leaves.
      if (result) server.leave(false);
      if (result?.ok && !result.error) await server.signedIn();
      return result;
    },
    async signOut({ redirect = true, ...given }: Parameters<typeof signOut>[0] & object = {}) {
      const { url } = (await library.signOut({ ...given, redirect: false })) as { readonly url: string };
      await server.signedOut();
      if (redirect) location.assign(url);
      return { url };
    },
  };

  return {
    checkSession: server.checkSession,
    endSession: server.endSession,
    attach: server.attach,
    signedIn: server.signedIn,
    signIn: own.signIn as typeof signIn,
    signOut: own.signOut as unknown as typeof signOut,
  };
}
