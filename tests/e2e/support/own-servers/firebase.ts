// A stand-in for Firebase's emulator of Authentication: the requests that its client makes here.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { allowApps, jwtOf, type OwnServer, readFields, sendJson } from './own-server.js';

const tokenSeconds = 3_600;

export function createFirebaseServer(): OwnServer {
  /** The user of each refresh token. */
  const signedIn = new Map<string, string>();
  let last = '';

  function idTokenOf(user: string): string {
    const now = Math.floor(Date.now() / 1_000);
    return jwtOf({ sub: user, user_id: user, auth_time: now, iat: now, exp: now + tokenSeconds, jti: randomUUID() });
  }

  function signIn(user: string) {
    const refreshToken = randomUUID();
    signedIn.set(refreshToken, user);
    last = user;
    return { localId: user, idToken: idTokenOf(user), refreshToken, expiresIn: `${tokenSeconds}` };
  }

  function refresh(token: string, response: ServerResponse): void {
    const user = signedIn.get(token);
    if (user === undefined) {
      sendJson(response, 400, { error: { code: 400, message: 'TOKEN_EXPIRED' } });
      return;
    }
    const idToken = idTokenOf(user);
    sendJson(response, 200, {
      access_token: idToken,
      id_token: idToken,
      refresh_token: token,
      expires_in: `${tokenSeconds}`,
      user_id: user,
    });
  }

  function look(idToken: string, response: ServerResponse): void {
    const [, payload = ''] = idToken.split('.');
    const { sub } = JSON.parse(`${Buffer.from(payload, 'base64url')}`);
    sendJson(response, 200, { users: [{ localId: sub, createdAt: '0', lastLoginAt: '0', providerUserInfo: [] }] });
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (allowApps(request, response)) return;
    const { pathname } = new URL(`${request.url}`, `https://${request.headers.host}`);
    // The app's own way to a token without the user.
    if (pathname === '/silent') {
      sendJson(response, last ? 200 : 401, { token: last });
      return;
    }
    const fields = await readFields(request);
    if (pathname.endsWith('/token')) refresh(`${fields.refresh_token}`, response);
    else if (pathname.endsWith('accounts:lookup')) look(`${fields.idToken}`, response);
    else if (pathname.endsWith('accounts:signInWithCustomToken')) sendJson(response, 200, signIn(`${fields.token}`));
    else if (pathname.endsWith('accounts:signInWithPassword')) {
      sendJson(response, 200, signIn(`${fields.email?.split('@')[0]}`));
    } else sendJson(response, 404, { error: { code: 404, message: 'NOT_FOUND' } });
  }

  return {
    respond: (request, response) => {
      respond(request, response).catch((error) => sendJson(response, 500, { error: { message: `${error}` } }));
    },
    // It has no session that could be ended: to sign out is to forget the tokens.
    ends: () => 0,
    revoke: () => signedIn.clear(),
  };
}
