// The answers to requests, but for the streams. None is kept by a cache, and none repeats what the request said.

type Headers = Readonly<Record<string, string>>;

const always: Headers = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
const json: Headers = { ...always, 'Content-Type': 'application/json' };

export const empty = (status: number, headers: Headers = {}): Response =>
  new Response(null, { status, headers: { ...always, ...headers } });

export const object = (status: number, body: object, headers: Headers = {}): Response =>
  new Response(JSON.stringify(body), { status, headers: { ...json, ...headers } });

/** As OAuth writes errors (RFC 6749 §5.2). */
export const oauthError = (status: number, error: string, sentence: string, headers: Headers = {}): Response =>
  object(status, { error, error_description: sentence }, headers);

/** As transmitters of security events read errors (RFC 8935 §2.3). */
export const setError = (status: number, err: string, description: string, headers: Headers = {}): Response =>
  object(status, { err, description }, { 'Content-Language': 'en', ...headers });

/** To try again later is right: the fault is not the request's. */
export const retryAfter = (seconds: number): Headers => ({ 'Retry-After': `${seconds}` });

/** Nothing of the body is read. Undefined where the method is the one that is expected. */
export function otherMethod(request: Request, method: 'GET' | 'POST'): Response | undefined {
  if (request.method === method) return undefined;
  return oauthError(405, 'invalid_request', `Only ${method} is possible here.`, { Allow: method });
}
