// What the provider's origin says and does about the session of this browser, beside OpenID Connect: does it live, end
// it, revoke it. A request with the provider's cookie, rather than `prompt=none` in a hidden frame: it is one round
// trip instead of four, needs no page that may be late in a hidden tab, distinguishes "no session" from "no answer",
// and gives out no tokens that nobody wants. All names under `acme.localhost` are one site, so that the browser sends
// the cookie (SameSite=Lax) over plain http too, where SameSite=None would need https. It answers the company's own
// origins and never anybody else: the cookie alone proves nothing about who asks.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { appNames, originOf, type PlaceName } from '../places.js';
import { readBody } from './body.js';

const askedMax = 1_000;
const bodyBytesMax = 256;
const sidPattern = /^[\w-]{1,64}$/;

/** One request about a session. */
export type Asked = {
  readonly what: 'check' | 'end' | 'revoke' | 'everywhere';
  readonly by: PlaceName;
  readonly at: number;
  /** Was there such a session? */
  readonly found: boolean;
};

export type SessionHere = { readonly subject: string; readonly expiresAt: number };

export type Sessions = {
  /** Answers what is under `/session`; says whether the request was for it. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** The session that this request's cookie names. */
  readonly here: (request: IncomingMessage, response: ServerResponse) => Promise<SessionHere | undefined>;
  /** Somebody is being signed out everywhere. */
  readonly isInforming: () => boolean;
  /** The latest, oldest first. */
  readonly asked: () => readonly Asked[];
};

/** The uids of a person's sessions. The provider itself finds a session by its cookie alone. */
function sessionsByPerson(provider: Provider): (accountId: string | undefined) => readonly string[] {
  const persons = new Map<string, string>();
  provider.on('session.saved', ({ uid, accountId }) => void (accountId && persons.set(uid, accountId)));
  provider.on('session.destroyed', ({ uid }) => void persons.delete(uid));
  return (accountId) => [...persons].flatMap(([uid, person]) => (person === accountId ? [uid] : []));
}

/** OpenID Connect Back-Channel Logout 1.0. What oidc-provider does by itself when a user logs out on its page. */
async function informApps(provider: Provider, session: InstanceType<Provider['Session']>): Promise<void> {
  for (const [clientId, { sid }] of Object.entries(session.authorizations ?? {})) {
    const client = await provider.Client.find(clientId);
    // Public, and missing in its types.
    const informed = client as unknown as { backchannelLogout: (subject?: string, sid?: string) => Promise<void> };
    await informed.backchannelLogout(session.accountId, sid);
  }
}

export function createSessions(provider: Provider, port: number, lifetimeSeconds: number): Sessions {
  const asked: Asked[] = [];
  const of = sessionsByPerson(provider);
  let informing = 0;
  const places = new Map<string | undefined, PlaceName>(
    ([...appNames, 'login'] as const).map((place) => [originOf(place, port), place]),
  );

  /** With a session id, only that session: a late end must not hit the one that came after. */
  async function find(request: IncomingMessage, response: ServerResponse, sid?: string) {
    const session = await provider.Session.get(provider.createContext(request, response));
    if (session.accountId === undefined) return undefined;
    const isNamed = sid === undefined || Object.values(session.authorizations ?? {}).some((each) => each.sid === sid);
    return isNamed ? session : undefined;
  }

  function note(what: Asked['what'], by: PlaceName, found: boolean): void {
    asked.push({ what, by, at: Date.now(), found });
    if (asked.length > askedMax) asked.shift();
  }

  // Each check that finds the session renews it, as a visit to the provider would.
  async function check(request: IncomingMessage, response: ServerResponse, by: PlaceName): Promise<void> {
    const sid = new URL(request.url ?? '/', 'http://localhost').searchParams.get('sid') ?? '';
    if (!sidPattern.test(sid)) return void response.writeHead(400).end();
    const session = await find(request, response, sid);
    await session?.save(lifetimeSeconds);
    note('check', by, session !== undefined);
    // A lifetime, since the browser's clock may not agree with this one.
    const answer = session === undefined ? { active: false } : { active: true, expiresIn: lifetimeSeconds };
    // 200 for both: whatever else a proxy or a fault may answer with is then no outcome, and signs nobody out.
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  async function end(request: IncomingMessage, response: ServerResponse, by: PlaceName): Promise<void> {
    const form = new URLSearchParams(await readBody(request, bodyBytesMax));
    const sid = form.get('sid') ?? undefined;
    if (sid !== undefined && !sidPattern.test(sid)) return void response.writeHead(400).end();
    const session = await find(request, response, sid);
    await session?.destroy();
    note('end', by, session !== undefined);
    response.writeHead(204).end();
  }

  // As an administrator would: the provider deletes the session, and informs no app.
  async function revoke(request: IncomingMessage, response: ServerResponse, by: PlaceName): Promise<void> {
    const session = await find(request, response);
    await session?.destroy();
    note('revoke', by, session !== undefined);
    if (by === 'login') response.writeHead(303, { location: '/' }).end();
    else response.writeHead(204).end();
  }

  // By the administrator, the user on another device, a changed password: all sessions of this person, in whatever
  // browser, and the apps of each are informed by logout tokens.
  async function everywhere(request: IncomingMessage, response: ServerResponse, by: PlaceName): Promise<void> {
    const here = await find(request, response);
    informing += 1;
    try {
      for (const uid of of(here?.accountId)) {
        const session = await provider.Session.findByUid(uid);
        if (session) await informApps(provider, session).catch(() => undefined);
        await session?.destroy();
      }
    } finally {
      informing -= 1;
    }
    note('everywhere', by, here !== undefined);
    if (by === 'login') response.writeHead(303, { location: '/' }).end();
    else response.writeHead(204).end();
  }

  const doors = {
    '/session': { method: 'GET', open: check },
    '/session/end': { method: 'POST', open: end },
    '/session/revoke': { method: 'POST', open: revoke },
    '/session/everywhere': { method: 'POST', open: everywhere },
  } as const;

  function answer(request: IncomingMessage, response: ServerResponse): boolean {
    const [path = ''] = (request.url ?? '').split('?');
    if (!Object.hasOwn(doors, path)) return false;
    const { method, open } = doors[path as keyof typeof doors];
    const { origin } = request.headers;
    const by = places.get(origin);
    response.setHeader('cache-control', 'no-store').setHeader('vary', 'origin');
    if (origin === undefined || by === undefined) {
      // CORS would only hide the answer. A form of any page can post, so that the deed itself has to be refused.
      response.writeHead(403).end();
      return true;
    }
    response.setHeader('access-control-allow-origin', origin).setHeader('access-control-allow-credentials', 'true');
    if (request.method !== method) response.writeHead(405, { allow: method }).end();
    else open(request, response, by).catch(() => response.headersSent || response.writeHead(400).end());
    return true;
  }

  return {
    answer,
    async here(request, response) {
      const session = await find(request, response);
      if (session?.accountId === undefined) return undefined;
      return { subject: session.accountId, expiresAt: session.exp * 1_000 };
    },
    asked: () => asked,
    isInforming: () => informing > 0,
  };
}
