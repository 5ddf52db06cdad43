// What informs the hub that a session has ended elsewhere: the provider's logout tokens go in, and the hub's stream
// comes out. Provider and hub are one process here, so what would be two requests between servers are two calls.

import { createPushServer, type PushServer, toNodeHandler } from 'lockstep/server';
import type { JWK } from 'oidc-provider';
import { appNames, originOf } from '../places.js';
import type { Handler } from './listen.js';

export type Push = {
  /** `push.url` of the hub. */
  readonly events: Handler;
  /** Of the clients' `backchannel_logout_uri`. */
  readonly logout: PushServer['backchannelLogout'];
  readonly close: () => Promise<void>;
};

/** `key`: what the provider signs with. */
export function createPush(port: number, { kty, n, e, alg, use, kid }: JWK): Push {
  const issuer = originOf('login', port);
  const server = createPushServer({
    issuers: [{ issuer, clientIds: appNames, jwksUri: `${issuer}/jwks` }],
    fetch: async () => Response.json({ keys: [{ kty, n, e, alg, use, kid }] }),
  });
  return { events: toNodeHandler(server.events), logout: server.backchannelLogout, close: server.close };
}
