// The adapter for better-auth, in whatever framework. Its client is a proxy of which no method can be wrapped, so what
// the user does is seen by a plugin of the client, in the requests that the client makes for it.

import type { BetterAuthClientOptions, BetterAuthClientPlugin } from 'better-auth/client';
import type { Login, LoginAdapter } from 'lockstep';
import { createOwnServerLogin, type OwnServerLogin } from './own-server.js';

/** What the server says of somebody who has signed in. */
export type BetterAuthSession = {
  readonly user: { readonly id: string; readonly name: string; readonly email: string };
  readonly session: { readonly id: string };
};

export type BetterAuthOptions = {
  /** What else `session.login` gets: claims, a subject that is the same in all apps, the session's lifetime. */
  readonly login?: ((signedIn: BetterAuthSession) => Partial<Login>) | undefined;
};

export type BetterAuthAdapter = LoginAdapter & {
  /** `createAuthClient({ plugins: [adapter.plugin], … })` */
  readonly plugin: Plugin;
  /** For the page that a link in a mail leads to: the user has signed in. Rejects where Lockstep refuses that. */
  readonly signedIn: () => Promise<void>;
};

/** A `BetterAuthClientPlugin`; of the client's own types an app's compiler makes others than ours. */
type Plugin = {
  readonly id: 'lockstep';
  readonly getActions: (fetch: unknown, store: unknown, options: BetterAuthClientOptions | undefined) => object;
  readonly fetchPlugins: NonNullable<BetterAuthClientPlugin['fetchPlugins']>;
};

/** What the client gives a plugin: as much of it as is used here. */
type Client = {
  readonly fetch: <Data>(
    path: string,
    options: object,
  ) => Promise<{ data: Data | null; error: { status: number } | null }>;
  readonly store: { readonly atoms: { readonly session: { get: () => object; set: (value: object) => void } } };
};

/**
 * The client gets `adapter.plugin`, and `sessionOptions: { refetchOnWindowFocus: false }`; then `connect({ hub, adapter
 * })`, before the client is used.
 */
export function betterAuth({ login }: BetterAuthOptions = {}): BetterAuthAdapter {
  let client: Client;
  let isEnding = false;
  const server: OwnServerLogin = createOwnServerLogin<BetterAuthSession>({
    name: 'better-auth',
    loginOf: (found) => ({ subject: found.user.id, sessionId: found.session.id, ...login?.(found) }),
    async read() {
      const { data, error } = await client.fetch<BetterAuthSession>('/get-session', {
        // Not what the cookie itself says: only the server knows of a session that was revoked.
        query: { disableCookieCache: true },
        throw: false,
      });
      if (error && error.status !== 401) throw error;
      return data;
    },
    async end() {
      isEnding = true;
      const ended = client.fetch('/sign-out', { method: 'POST', body: {}, throw: true });
      await ended.finally(() => {
        isEnding = false;
      });
    },
    show(data) {
      const { session } = client.store.atoms;
      session.set({ ...session.get(), data });
    },
  });

  async function answered(url: string, data: Partial<Answer> | null): Promise<void> {
    if (/\/sign-out\b/.test(url)) {
      if (!isEnding) await server.signedOut();
    } else if (data?.url && /\/sign-in\//.test(url)) {
      // To link an account leads elsewhere, too, and is no login.
      server.leave(true);
    } else if (data?.user && (data.token || data.session) && !/\/get-session\b/.test(url)) {
      await server.signedIn();
    }
  }

  return {
    checkSession: server.checkSession,
    endSession: server.endSession,
    attach: server.attach,
    signedIn: server.signedIn,
    plugin: createPlugin(server.begin, answered, (made) => {
      client = made;
    }),
  };
}

/** Of a request that signs in: at once, or by a page elsewhere. */
type Answer = { readonly user: object; readonly token: string; readonly session: object; readonly url: string };

function createPlugin(
  begin: () => void,
  answered: (url: string, data: Partial<Answer> | null) => Promise<void>,
  made: (client: Client) => void,
): Plugin {
  return {
    id: 'lockstep',
    getActions(fetch, store, options) {
      if (options?.sessionOptions?.refetchOnWindowFocus !== false) {
        throw new TypeError('refetchOnWindowFocus must be off');
      }
      made({ fetch, store } as Client);
      return {};
    },
    fetchPlugins: [
      {
        id: 'lockstep',
        name: 'lockstep',
        hooks: {
          onRequest({ url }) {
            if (/\/sign-(in|up)\//.test(`${url}`)) begin();
          },
          onSuccess: ({ request, data }) => answered(`${request.url}`, data),
        },
      },
    ],
  };
}
