// The provider's origin: our login form in front, oidc-provider behind. Decides only whether a user name and a password
// belong together; everything about OpenID Connect is left to the library.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { appNames, originOf } from '../places.js';
import { demoUsers, userWithPassword } from './accounts.js';
import { readBody } from './body.js';
import { errorPage, loginPage } from './pages.js';
import { sessionPage } from './session-page.js';
import type { Sessions } from './sessions.js';
import { staticFiles } from './static.js';

const formBytesMax = 4_096;

function sendHtml(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(html);
}

export function createLogin(provider: Provider, sessions: Sessions, port: number, folder: string) {
  const files = staticFiles(folder);
  const passOn = provider.callback();
  // The forms lead, by redirects, back to the apps; Chromium holds `form-action` against those too.
  const formTargets = ["'self'", ...appNames.map((app) => originOf(app, port))].join(' ');
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    `form-action ${formTargets}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');

  async function showForm(request: IncomingMessage, response: ServerResponse, refused?: string): Promise<void> {
    const { uid, params } = await provider.interactionDetails(request, response);
    const client = await provider.Client.find(String(params.client_id));
    const appName = client?.clientName ?? 'an app';
    const page = { action: `/interaction/${uid}`, appName, users: demoUsers };
    sendHtml(
      response,
      refused === undefined ? 200 : 422,
      loginPage(refused === undefined ? page : { ...page, refused }),
    );
  }

  async function takeForm(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await readBody(request, formBytesMax));
    const login = form.get('username') ?? '';
    const user = userWithPassword(login, form.get('password') ?? '');
    if (user === undefined) return showForm(request, response, login);
    await provider.interactionFinished(request, response, {
      // Not remembered: the cookie lasts as long as the browser, and how long the session lives is known here alone.
      login: { accountId: user.subject, remember: false },
    });
  }

  async function interaction(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('content-security-policy', policy);
    try {
      await (request.method === 'POST' ? takeForm(request, response) : showForm(request, response));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      sendHtml(response, 400, errorPage('This login has expired', [why, 'Go back to the app and sign in again.']));
    }
  }

  async function showSession(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('content-security-policy', policy);
    sendHtml(response, 200, sessionPage(await sessions.here(request, response), sessions.asked()));
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    if (sessions.answer(request, response)) return;
    if (request.method === 'GET' && request.url === '/')
      void showSession(request, response).catch(() => response.headersSent || response.writeHead(400).end());
    else if (request.url?.startsWith('/interaction/')) void interaction(request, response);
    else files(request, response, () => void passOn(request, response));
  };
}
