// The real server of next-auth, below /api/auth of each app, without Next around it. Its tokens are the keys of a map,
// so that a session can be revoked.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthOptions } from 'next-auth';
import type { JWT } from 'next-auth/jwt';
import NextAuthModule from 'next-auth/next';
import credentialsProvider from 'next-auth/providers/credentials';
import { type OwnServer, readFields, sendJson } from './own-server.js';

type Answer = (request: object, response: object, options: AuthOptions) => Promise<unknown>;
/** CommonJS, as Node imports it. */
const defaultOf = <T>(module: T) => ((module as { readonly default?: unknown }).default ?? module) as T;
const answerOf = NextAuthModule as unknown as Answer;
const credentialsOf = credentialsProvider as unknown as typeof import('next-auth/providers/credentials').default;

export function createNextAuthServer(): OwnServer {
  const tokens = new Map<string, JWT>();
  let ends = 0;
  // It takes the app's origin from the request.
  process.env.AUTH_TRUST_HOST = 'true';
  const options: AuthOptions = {
    secret: randomUUID(),
    providers: [
      defaultOf(credentialsOf)({
        credentials: { name: {} },
        authorize: async (given?: { readonly name?: string }) => ({ id: `${given?.name}`, name: `${given?.name}` }),
      }),
    ],
    jwt: {
      async encode({ token }) {
        const key = randomUUID();
        tokens.set(key, token ?? {});
        return key;
      },
      decode: async ({ token }) => tokens.get(`${token}`) ?? null,
    },
    callbacks: { session: ({ session, token }) => ({ ...session, user: { id: token.sub, name: token.name ?? null } }) },
    // A token that was revoked is an error to it.
    logger: { error() {}, warn() {} },
  };

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(`${request.url}`, `https://${request.headers.host}`);
    const cookies = Object.fromEntries(
      (request.headers.cookie ?? '').split('; ').map((pair) => {
        const [name = '', ...value] = pair.split('=');
        return [name, decodeURIComponent(value.join('='))];
      }),
    );
    const token = cookies['__Secure-next-auth.session-token'];
    if (request.method === 'POST' && pathname.endsWith('/signout') && tokens.delete(`${token}`)) ends++;
    await defaultOf(answerOf)(
      Object.assign(request, {
        query: { ...Object.fromEntries(searchParams), nextauth: pathname.split('/').slice(3) },
        body: request.method === 'POST' ? await readFields(request) : {},
        cookies,
        headers: { ...request.headers, 'x-forwarded-host': request.headers.host, 'x-forwarded-proto': 'https' },
      }),
      Object.assign(response, {
        status(code: number) {
          response.statusCode = code;
          return response;
        },
        json: (value: unknown) => sendJson(response, response.statusCode, value),
        send: (body: unknown) =>
          typeof body === 'object' ? sendJson(response, response.statusCode, body) : response.end(body),
      }),
      options,
    );
  }

  return {
    respond: (request, response) => {
      respond(request, response).catch((error) => sendJson(response, 500, { error: `${error}` }));
    },
    ends: () => ends,
    revoke: () => tokens.clear(),
  };
}
