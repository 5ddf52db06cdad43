// What the tests need of a server that a login library talks to, where that is no OpenID Provider. Whose session it is
// it learns from a name that the page sends: nobody types a password here.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../../../../examples/server/body.js';
import type { Handler } from '../listen.js';

export type OwnServer = {
  readonly respond: Handler;
  /** Times that it was asked to end a session that it still had. */
  readonly ends: () => number;
  /** As an administrator does it: all sessions are over, and no app is informed. */
  readonly revoke: () => void;
};

/** The apps, at their origins, send cookies along. */
export function allowApps(request: IncomingMessage, response: ServerResponse): boolean {
  const { origin } = request.headers;
  if (origin) response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-allow-headers', `${request.headers['access-control-request-headers'] ?? '*'}`);
  response.setHeader('access-control-allow-methods', 'GET, POST, OPTIONS');
  if (request.method !== 'OPTIONS') return false;
  response.writeHead(204).end();
  return true;
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Of a form or of JSON. */
export async function readFields(request: IncomingMessage): Promise<Readonly<Record<string, string>>> {
  const body = await readBody(request, 16_384);
  return body.startsWith('{') ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
}

/** Unsigned: no client verifies it. */
export function jwtOf(claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}.c2lnbmF0dXJl`;
}
