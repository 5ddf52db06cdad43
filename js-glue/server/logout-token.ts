// Decides whether a logout token is valid, and what it ends. Every check is one of OpenID Connect Back-Channel Logout
// 1.0 §2.6, in its order.

import type { JWTVerifyGetKey } from 'jose';
import { type Channel, sessionChannel, subjectChannel, tokenChannel } from './channel.js';
import { Refusal } from './errors.js';
import type { Issuer } from './options.js';
import { claimedIssuer, isId, isObject, verified } from './verify.js';

const eventName = 'http://schemas.openid.net/event/backchannel-logout';

export type LogoutTokenOptions = {
  readonly issuers: ReadonlyMap<string, { readonly issuer: Issuer; readonly keys: JWTVerifyGetKey }>;
  readonly tokenAgeSecondsMax: number;
  readonly clockToleranceSeconds: number;
  readonly now: () => number;
};

/** `used`: under which it must be kept that this token was accepted, and must not be there before. */
export type Verdict = { readonly ends: readonly Channel[]; readonly used: Channel };

/** Rejects with a refusal, or with `KeysUnavailable`. */
export async function readLogoutToken(token: string, options: LogoutTokenOptions): Promise<Verdict> {
  const trusted = options.issuers.get(claimedIssuer(token) ?? '');
  const audience = trusted?.issuer.clientIds ?? [];
  if (trusted === undefined || audience.length === 0)
    throw new Refusal(
      'invalid_issuer',
      'The claim `iss` is missing, or is of nobody whose logout tokens are accepted.',
    );
  const { issuer, keys } = trusted;
  const { payload, type } = await verified(token, keys, {
    issuer: issuer.issuer,
    audience: [...audience],
    algorithms: [...(issuer.algorithms ?? ['RS256'])],
    requiredClaims: ['iat', 'jti', 'events', ...(issuer.requireExpiry === false ? [] : ['exp'])],
    maxTokenAge: options.tokenAgeSecondsMax,
    clockTolerance: options.clockToleranceSeconds,
    currentDate: new Date(options.now()),
  });
  checkType(type, issuer);
  const { sub, sid, events, jti } = payload;
  if (sub === undefined && sid === undefined) refuse('It has neither `sub` nor `sid`.');
  if (sub !== undefined && !isId(sub)) refuse('The claim `sub` is not as it must be.');
  if (sid !== undefined && !isId(sid)) refuse('The claim `sid` is not as it must be.');
  if (!isObject(events) || !isObject(events[eventName])) refuse('The claim `events` does not say that it is a logout.');
  // Otherwise an ID token could be passed off as a logout token, or a logout token as an ID token.
  if ('nonce' in payload) refuse('The claim `nonce` is forbidden.');
  if (!isId(jti)) refuse('The claim `jti` is not as it must be.');
  return { ends: [endedBy(issuer, sub, sid)], used: tokenChannel(issuer.issuer, jti) };
}

/** §2.4: explicit typing is recommended, and older providers write none, or that of any JWT. */
function checkType(type: string | undefined, { requireType }: Issuer): void {
  const name = type?.toLowerCase().replace(/^application\//, '');
  if (name === 'logout+jwt') return;
  if (requireType === false && (name === undefined || name === 'jwt')) return;
  refuse('Its `typ` is not `logout+jwt`.');
}

/** §2.7: with `sid` that session, without it all sessions of the subject. */
function endedBy({ issuer, endAllOfSubject }: Issuer, sub: string | undefined, sid: unknown): Channel {
  if (isId(sid) && !(endAllOfSubject === true && sub !== undefined)) return sessionChannel(issuer, sid);
  return subjectChannel(issuer, sub ?? '');
}

function refuse(sentence: string): never {
  throw new Refusal('invalid_request', sentence);
}
