// A stand-in for Supabase's auth server, which is no package of npm: the requests that its client makes here, and
// refresh tokens that are used once.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { allowApps, jwtOf, type OwnServer, readFields, sendJson } from './own-server.js';

const tokenSeconds = 3_600;

export function createSupabaseServer(): OwnServer {
  /** The user of each session. */
  const sessions = new Map<string, string>();
  /** The session of each refresh token that can be used. */
  const fresh = new Map<string, string>();
  /** The user of each answer to a redirect. */
  const codes = new Map<string, string>();
  let last = '';
  let ends = 0;

  const userOf = (id: string | undefined) => ({ id, aud: 'authenticated', app_metadata: {}, user_metadata: {} });

  function tokensOf(id: string) {
    const refreshToken = randomUUID();
    fresh.set(refreshToken, id);
    const sub = sessions.get(id);
    const expires = Math.floor(Date.now() / 1_000) + tokenSeconds;
    return {
      access_token: jwtOf({ sub, session_id: id, exp: expires, jti: randomUUID() }),
      token_type: 'bearer',
      expires_in: tokenSeconds,
      expires_at: expires,
      refresh_token: refreshToken,
      user: userOf(sub),
    };
  }

  function signIn(user: string) {
    const id = randomUUID();
    sessions.set(id, user);
    last = user;
    return tokensOf(id);
  }

  function sessionOf({ headers }: IncomingMessage): string {
    const [, payload = ''] = `${headers.authorization}`.split('.');
    return JSON.parse(`${Buffer.from(payload, 'base64url')}`).session_id;
  }

  function refresh(token: string, response: ServerResponse): void {
    const id = `${fresh.get(token)}`;
    fresh.delete(token);
    if (sessions.has(id)) sendJson(response, 200, tokensOf(id));
    else sendJson(response, 400, { code: 400, error_code: 'refresh_token_not_found', msg: 'Invalid' });
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(`${request.url}`, `https://${request.headers.host}`);
    if (pathname === '/auth/v1/authorize') return authorize(request, response, searchParams);
    if (allowApps(request, response)) return;
    // The app's own way to a session without the user.
    if (pathname === '/silent') {
      sendJson(response, last ? 200 : 401, last ? signIn(last) : {});
      return;
    }
    if (pathname === '/auth/v1/user') {
      sendJson(response, 200, userOf(sessions.get(sessionOf(request))));
      return;
    }
    if (pathname === '/auth/v1/logout') {
      if (sessions.delete(sessionOf(request))) ends++;
      response.writeHead(204).end();
      return;
    }
    const fields = await readFields(request);
    const grant = searchParams.get('grant_type');
    if (grant === 'refresh_token') refresh(`${fields.refresh_token}`, response);
    else if (grant === 'password') sendJson(response, 200, signIn(`${fields.email?.split('@')[0]}`));
    else if (grant === 'pkce') sendJson(response, 200, signIn(`${codes.get(`${fields.auth_code}`)}`));
    else sendJson(response, 404, {});
  }

  async function authorize(request: IncomingMessage, response: ServerResponse, asked: URLSearchParams): Promise<void> {
    if (request.method !== 'POST') {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><form method="post"><input name="user"><button id="send">Sign in</button></form>');
      return;
    }
    const code = randomUUID();
    codes.set(code, `${(await readFields(request)).user}`);
    response.writeHead(302, { location: `${asked.get('redirect_to')}?code=${code}` }).end();
  }

  return {
    respond: (request, response) => {
      respond(request, response).catch((error) => sendJson(response, 500, { message: `${error}` }));
    },
    ends: () => ends,
    revoke: () => sessions.clear(),
  };
}
