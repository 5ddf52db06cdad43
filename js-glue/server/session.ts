// `GET <check.url>`: what a hub asks when it checks by itself (PROTOCOL §5). The owner says whose request it is; this
// adds the ends. Only what is known to have ended is `false`: a failure is no answer, and signs nobody out.

import { type Channel, jointChannel, sessionChannel, subjectChannel } from './channel.js';
import type { Ends } from './ends.js';
import type { Issuer, KnownSession, LogEntry, PushOptions } from './options.js';
import { oauthError, object, otherMethod } from './replies.js';

export type SessionOptions = {
  readonly sessionOf: PushOptions['sessionOf'];
  readonly issuers: readonly Issuer[];
  readonly ends: Ends;
  readonly log: (entry: LogEntry) => void;
  /** Called where a session comes without `signedInAt`. */
  readonly onNoTime: () => void;
};

export async function answerSession(request: Request, options: SessionOptions): Promise<Response> {
  const wrong = otherMethod(request, 'GET');
  if (wrong !== undefined) return wrong;
  if (options.sessionOf === undefined)
    return oauthError(501, 'temporarily_unavailable', '`sessionOf` is not given, so nothing is known here.');
  try {
    const session = await options.sessionOf(request);
    if (session === null) return object(200, { active: false });
    if (await hasEnded(session, options)) return object(200, { active: false });
    const { expiresAt } = session;
    return object(200, expiresAt === undefined ? { active: true } : { active: true, expiresAt });
  } catch {
    options.log({ level: 'error', event: 'session-failed' });
    return oauthError(500, 'server_error', 'Whether the session lives is not known.');
  }
}

async function hasEnded(session: KnownSession, { issuers, ends, onNoTime }: SessionOptions): Promise<boolean> {
  const issuer = session.issuer ?? issuers[0]?.issuer ?? '';
  if (session.issuer === undefined && issuers.length > 1) throw new Error('`sessionOf` must say the issuer.');
  const { subject, sessionId, signedInAt } = session;
  // An end of an earlier session cannot be kept apart from one of this: a new login would be refused until it expires.
  if (signedInAt === undefined) {
    onNoTime();
    return false;
  }
  const channels = channelsOf(issuer, subject, sessionId);
  // While the bus is unavailable the owner's word counts, together with what this node has seen.
  const latest = await ends.latest(channels).catch(() => channels.map(ends.seen));
  return latest.some((at) => at !== undefined && at >= signedInAt);
}

function channelsOf(issuer: string, subject: string, sessionId: string | undefined): readonly Channel[] {
  const ofSubject = subjectChannel(issuer, subject);
  if (sessionId === undefined) return [ofSubject];
  const ofSession = sessionChannel(issuer, sessionId);
  return [ofSession, ofSubject, jointChannel(ofSession, ofSubject)];
}
