// The real server of better-auth, with its store in memory, at https://id.acme.com for all apps.

import { randomBytes } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { issuer } from '../openid-provider.js';
import { allowApps, type OwnServer } from './own-server.js';

export function createBetterAuthServer(apps: readonly string[]): OwnServer {
  const store: { session: unknown[]; [table: string]: unknown[] } = {
    user: [],
    session: [],
    account: [],
    verification: [],
  };
  let ends = 0;
  const auth = betterAuth({
    baseURL: issuer,
    secret: randomBytes(32).toString('hex'),
    database: memoryAdapter(store),
    trustedOrigins: [...apps],
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      // A slow hash would protect nobody here.
      password: { hash: async (password) => password, verify: async ({ hash, password }) => hash === password },
    },
    databaseHooks: { session: { delete: { after: async () => void ends++ } } },
  });
  const respond = toNodeHandler(auth);
  const users = Promise.all(
    ['ada', 'grace'].map((name) =>
      auth.api.signUpEmail({ body: { name, email: `${name}@acme.com`, password: 'correct horse' } }),
    ),
  ).then(() => {
    // Who signs up is signed in.
    store.session.length = 0;
  });
  return {
    respond(request, response) {
      if (!allowApps(request, response)) void users.then(() => respond(request, response));
    },
    ends: () => ends,
    revoke: () => {
      store.session.length = 0;
    },
  };
}
