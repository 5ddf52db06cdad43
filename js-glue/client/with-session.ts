// A fetch that asks, when a server answers 401, whether the session still lives, and tries once more if it does.
// Whatever goes wrong with that, the caller gets the 401 as it came: this never throws what the given fetch did not.

import type { Session } from './types.js';

type Fetch = typeof fetch;

/**
 * Wraps a `fetch`. One 401 leads to one `session.check()`, which all tabs share, and to at most one more try, by the
 * same wrapped `fetch`: let that one add the access token, so that the second try has the new one. Not tried again are
 * a body that is a stream, and a call that was aborted. A `Request` with a body is cloned beforehand, and so kept in
 * memory until it is answered.
 */
export function withSession(fetch: Fetch, session: Pick<Session, 'check'>): Fetch {
  return async (input: Parameters<Fetch>[0], init?: RequestInit) => {
    const again = replay(input, init);
    const signal = init?.signal ?? (isRequest(input) ? input.signal : undefined);
    const refused = await fetch(input, init);
    if (refused.status !== 401 || !again || !(await isActive(session, signal))) return refused;
    try {
      const response = await fetch(again, init);
      // Nobody will read it; to say so frees its connection.
      refused.body?.cancel().catch(() => {});
      return response;
    } catch (error) {
      if (signal?.aborted) throw error;
      return refused;
    }
  };
}

/** What a second try may send, made before the first one uses it up. */
function replay(input: Parameters<Fetch>[0], init: RequestInit | undefined): Parameters<Fetch>[0] | undefined {
  const body: unknown = init?.body;
  if (body != null) return isStream(body) ? undefined : input;
  // Firefox lacks `Request.body`, so that the method decides.
  if (!isRequest(input) || /^(GET|HEAD)$/.test(input.method)) return input;
  try {
    return input.clone();
  } catch {
    // It has been used up already: the first try will say so.
    return;
  }
}

/** Of any realm, and of a library that brings its own. */
function isRequest(input: Parameters<Fetch>[0]): input is Request {
  return typeof (input as Request).clone === 'function';
}

/** All other bodies are in memory, and read anew by each try. */
function isStream(body: unknown): boolean {
  return typeof body === 'object' && body !== null && ('getReader' in body || Symbol.asyncIterator in body);
}

/** Whoever aborts does not wait for the check. */
function isActive(session: Pick<Session, 'check'>, signal: AbortSignal | null | undefined): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  const life = new AbortController();
  return new Promise((resolve) => {
    const end = (isActive: boolean) => {
      life.abort();
      resolve(isActive);
    };
    signal?.addEventListener('abort', () => end(false), { signal: life.signal });
    session.check().then(
      (outcome) => end(outcome === 'active'),
      () => end(false),
    );
  });
}
