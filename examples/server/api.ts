// A small API of each app, as a resource server: who calls needs an access token of this very app, whose session still
// lives at the provider. A server elsewhere would ask the provider's introspection endpoint (RFC 7662); this one runs
// in the provider's process and looks it up.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { AppName } from '../places.js';
import { type DemoUser, userWithSubject } from './accounts.js';

const texts: Readonly<Record<AppName, string>> = {
  portal: '12 days left',
  billing: '3 invoices to collect',
  reports: 'November is the best month',
};

/** Answers `GET /api/today`; says whether the request was for it. */
export function createApi(provider: Provider, app: AppName) {
  async function callerOf(request: IncomingMessage): Promise<DemoUser | undefined> {
    const value = /^Bearer ([\w-]{1,128})$/i.exec(request.headers.authorization ?? '')?.[1];
    const token = value === undefined ? undefined : await provider.AccessToken.find(value);
    if (token?.clientId !== app || token.sessionUid === undefined) return undefined;
    const session = await provider.Session.findByUid(token.sessionUid);
    return session?.accountId === token.accountId ? userWithSubject(token.accountId) : undefined;
  }

  async function today(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const caller = await callerOf(request);
    // RFC 6750 §3.1.
    if (caller === undefined) response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
    else {
      const text = `${texts[app]}, ${caller.name.split(' ')[0]}`;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ text }));
    }
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.url !== '/api/today') return false;
    response.setHeader('cache-control', 'no-store');
    if (request.method !== 'GET') response.writeHead(405, { allow: 'GET' }).end();
    else today(request, response).catch(() => response.headersSent || response.writeHead(500).end());
    return true;
  };
}
