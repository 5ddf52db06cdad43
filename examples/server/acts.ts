// When a user signed out, so that every tab can say how long after the act it got its event. Only the demo's display
// needs this: Lockstep itself sends nothing to a server. An app that asks before the acting app has reported waits for
// the answer.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from './body.js';

const actsMax = 100;
const bodyBytesMax = 256;
const waitMsMax = 3_000;

type Act = { readonly session: string; readonly at: number };

function readAct(text: string): Act | undefined {
  const act: unknown = JSON.parse(text);
  if (typeof act !== 'object' || act === null || !('session' in act) || !('at' in act)) return undefined;
  const { session, at } = act;
  return typeof session === 'string' && /^\d{1,16}$/.test(session) && Number.isSafeInteger(at)
    ? { session, at: at as number }
    : undefined;
}

export function createActs() {
  const known = new Map<string, number>();
  const waiting = new Map<string, Set<() => void>>();

  function answer(response: ServerResponse, at: number | undefined): void {
    if (at === undefined) response.writeHead(204).end();
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ at }));
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const act = await readBody(request, bodyBytesMax)
      .then(readAct)
      .catch(() => undefined);
    if (act === undefined) return void response.writeHead(400).end();
    // Of two tabs that sign out at the same moment, the first act is the one that counts.
    known.set(act.session, Math.min(act.at, known.get(act.session) ?? act.at));
    const [oldest] = known.keys();
    if (known.size > actsMax && oldest !== undefined) known.delete(oldest);
    for (const finish of waiting.get(act.session) ?? []) finish();
    response.writeHead(204).end();
  }

  function give(session: string, response: ServerResponse): void {
    if (known.has(session)) {
      answer(response, known.get(session));
      return;
    }
    const requests = waiting.get(session) ?? new Set();
    waiting.set(session, requests);
    const finish = () => {
      clearTimeout(timer);
      requests.delete(finish);
      if (requests.size === 0) waiting.delete(session);
      answer(response, known.get(session));
    };
    const timer = setTimeout(finish, waitMsMax).unref();
    response.on('close', () => requests.has(finish) && finish());
    requests.add(finish);
  }

  /** Answers `POST /acts` and `GET /acts/<session>`; says whether the request was one of these. */
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const session = /^\/acts\/(\d{1,16})$/.exec(request.url ?? '')?.[1];
    if (request.method === 'POST' && request.url === '/acts') void take(request, response);
    else if (request.method === 'GET' && session !== undefined) give(session, response);
    else return false;
    return true;
  };
}
