// The identity provider, as far as duties go: endpoints that note who asked and when, and that answer, refuse or keep
// waiting as a test says. An API is beside them. Whoever asks may read the answer, from whatever origin.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Handler, listen } from './listen.js';

/** A lifetime counts from the answer. */
export type Given =
  | { readonly active: true; readonly lifeMs?: number }
  | { readonly active: false }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };
/** `held`: none before `release`. */
export type Answer = 'held' | Given;

export type Call = {
  readonly at: number;
  readonly method: string;
  /** Of the page that asks; absent for a page of this very origin. */
  readonly origin: string | undefined;
  readonly cookie: string | undefined;
  readonly reason: string | null;
  /** `gone`: who asked did not wait for the answer. */
  readonly is: 'held' | 'answered' | 'gone';
  /** What the answer said. */
  readonly expiresAt?: number;
};

export type Endpoint = {
  /** All there were so far, in order. */
  readonly calls: () => readonly Call[];
  /** What the next calls get, one each; the last goes on. */
  readonly answer: (...answers: readonly [Answer, ...Answer[]]) => void;
  /** Answers all that are held. */
  readonly release: (answer: Given) => void;
  readonly respond: Handler;
};

export type Provider = {
  readonly url: string;
  readonly check: Endpoint;
  readonly end: Endpoint;
  readonly api: Endpoint;
  /** Refuses connections. */
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
};

export async function startProvider(): Promise<Provider> {
  const endpoints = { check: createEndpoint(), end: createEndpoint(), api: createEndpoint() };
  const byPath = new Map(Object.entries(endpoints).map(([name, endpoint]) => [`/${name}`, endpoint]));
  const { port, start, stop } = await listen((request, response) => {
    const endpoint = byPath.get(urlOf(request).pathname);
    if (endpoint) endpoint.respond(request, response);
    else response.writeHead(404).end();
  });
  return { url: `http://provider.localhost:${port}`, ...endpoints, start, stop };
}

export function createEndpoint(): Endpoint {
  const calls: Call[] = [];
  const held = new Map<number, ServerResponse>();
  let answers: readonly Answer[] = [{ active: true }];

  function note(index: number, members: Partial<Call>): void {
    calls[index] = { ...(calls[index] as Call), ...members };
  }

  function give(index: number, response: ServerResponse, answer: Given): void {
    held.delete(index);
    const { status, headers, body, ...said } = spelt(answer);
    note(index, { is: 'answered', ...said });
    response
      .writeHead(status, { ...headers, 'access-control-allow-origin': '*', 'cache-control': 'no-store' })
      .end(body);
  }

  return {
    calls: () => [...calls],
    answer: (...next) => {
      answers = next;
    },
    release: (answer) => {
      for (const [index, response] of [...held]) give(index, response, answer);
    },
    respond: (request, response) => {
      const index = calls.length;
      const { origin, cookie } = request.headers;
      const reason = urlOf(request).searchParams.get('reason');
      calls.push({ at: Date.now(), method: request.method ?? '', origin, cookie, reason, is: 'held' });
      const [answer = 'held', ...more] = answers;
      if (more.length > 0) answers = more;
      held.set(index, response);
      response.on('close', () => {
        if (held.delete(index)) note(index, { is: 'gone' });
      });
      if (answer !== 'held') give(index, response, answer);
    },
  };
}

type Spelt = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly expiresAt?: number;
};

function spelt(answer: Given): Spelt {
  if ('status' in answer) return answer;
  const headers = { 'content-type': 'application/json' };
  if (!answer.active || answer.lifeMs === undefined) {
    return { status: 200, headers, body: JSON.stringify({ active: answer.active }) };
  }
  const expiresAt = Date.now() + answer.lifeMs;
  return { status: 200, headers, body: JSON.stringify({ active: true, expiresAt }), expiresAt };
}

function urlOf({ url }: IncomingMessage): URL {
  return new URL(url ?? '/', 'http://any.invalid');
}
