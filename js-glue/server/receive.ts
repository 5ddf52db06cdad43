// The endpoints that a provider calls from server to server: logout tokens and security events. A token that is wrong
// gets 400 and does nothing. Where nothing can be said, because keys or the bus cannot be had, the answer is 503, so
// that the provider sends it again: an end that was not kept is never reported as kept.

import { createHash, timingSafeEqual } from 'node:crypto';
import { mediaTypeOf, textOf } from './body.js';
import { PushError, Refusal } from './errors.js';
import { KeysUnavailable } from './keys.js';
import { type LogoutTokenOptions, readLogoutToken } from './logout-token.js';
import type { LogEntry } from './options.js';
import { empty, oauthError, otherMethod, retryAfter, setError } from './replies.js';
import { readSecurityEvent, type SecurityEventOptions } from './security-event.js';
import type { Accept } from './used.js';

export type ReceiveOptions = {
  readonly accept: Accept;
  readonly now: () => number;
  readonly log: (entry: LogEntry) => void;
};

type ErrorReply = (
  status: number,
  code: string,
  sentence: string,
  headers?: Readonly<Record<string, string>>,
) => Response;

const retrySeconds = 5;

/** OpenID Connect Back-Channel Logout 1.0 §2.5 and §2.8. */
export async function answerLogoutToken(
  request: Request,
  tokens: LogoutTokenOptions,
  options: ReceiveOptions,
): Promise<Response> {
  return (
    otherMethod(request, 'POST') ??
    answer(request, options, 'backchannel-logout', oauthReply, async () => {
      if (mediaTypeOf(request) !== 'application/x-www-form-urlencoded')
        throw new Refusal('invalid_request', 'The body must be application/x-www-form-urlencoded.');
      const [token, ...others] = new URLSearchParams(await textOf(request)).getAll('logout_token');
      if (!token || others.length > 0) throw new Refusal('invalid_request', '`logout_token` must be there, once.');
      const { ends, used } = await readLogoutToken(token, tokens);
      await options.accept({ ends, used, at: options.now() });
      options.log({ level: 'info', event: 'backchannel-logout' });
      return empty(200);
    })
  );
}

/** All codes are one there: the specification names no other. */
const oauthReply: ErrorReply = (status, code, sentence, headers) =>
  oauthError(status, status === 400 ? 'invalid_request' : code, sentence, headers);

/** Push-based delivery of security event tokens (RFC 8935 §2). */
export async function answerSecurityEvent(
  request: Request,
  events: SecurityEventOptions,
  options: ReceiveOptions,
): Promise<Response> {
  const wrong = otherMethod(request, 'POST');
  if (wrong !== undefined) return wrong;
  const given = request.headers.get('authorization') ?? '';
  const transmitters = events.transmitters.filter(({ agreed }) => isSame(given, agreed.authorization));
  if (transmitters.length === 0) {
    options.log({ level: 'warning', event: 'security-event-refused', why: 'authentication_failed' });
    const sentence = 'The header `Authorization` is not as agreed.';
    return setError(401, 'authentication_failed', sentence, { 'WWW-Authenticate': 'Bearer' });
  }
  return answer(request, options, 'security-event', setError, async () => {
    if (mediaTypeOf(request) !== 'application/secevent+jwt')
      throw new Refusal('invalid_request', 'The body must be application/secevent+jwt.');
    const token = (await textOf(request)).trim();
    const { kind, ...accepted } = await readSecurityEvent(token, { ...events, transmitters });
    await options.accept(accepted);
    options.log({ level: 'info', event: 'security-event', kind });
    return empty(202);
  });
}

/** In the same time, whatever they have in common. */
function isSame(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

async function answer(
  request: Request,
  { log }: ReceiveOptions,
  event: string,
  reply: ErrorReply,
  act: () => Promise<Response>,
): Promise<Response> {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof Refusal) {
      log({ level: 'warning', event: `${event}-refused`, why: cause.message });
      return reply(400, cause.code, cause.message);
    }
    const isKnown = cause instanceof KeysUnavailable || cause instanceof PushError;
    // A client that went away while it sent its body is no fault of this server.
    const name = isKnown ? cause.name : request.signal.aborted ? 'Aborted' : 'Unexpected';
    log({ level: 'error', event: `${event}-failed`, why: name });
    return reply(503, 'temporarily_unavailable', 'It was not accepted. Send it again.', retryAfter(retrySeconds));
  }
}
