// Decides whether a security event token is valid, and what it ends (RFC 8417, OpenID Shared Signals Framework 1.0 §9,
// CAEP 1.0 §3.1).

import type { JWTVerifyGetKey } from 'jose';
import { type Channel, tokenChannel } from './channel.js';
import { Refusal } from './errors.js';
import type { Issuer, SecurityEvents } from './options.js';
import type { EpochMs } from './recent.js';
import { channelOf } from './subject-identifier.js';
import { claimedIssuer, isId, isObject, verified } from './verify.js';

const revoked = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
const verification = 'https://schemas.openid.net/secevent/ssf/event-type/verification';

export type Transmitter = {
  readonly issuer: Issuer;
  readonly agreed: SecurityEvents;
  readonly keys: JWTVerifyGetKey;
};

export type SecurityEventOptions = {
  /** Those whose `Authorization` the request has. */
  readonly transmitters: readonly Transmitter[];
  /** Not older than what is remembered of accepted tokens, since one could come again. */
  readonly tokenAgeSecondsMax: number;
  readonly clockToleranceSeconds: number;
  readonly now: () => number;
};

/** `ends`: none for a verification, and for events of types that are not asked for. */
export type SecurityVerdict = {
  readonly kind: 'session-revoked' | 'verification' | 'other';
  readonly ends: readonly Channel[];
  readonly used: Channel;
  /** When it happened. It may have been underway for long, and a session that began since is none of it. */
  readonly at: EpochMs;
};

/** Rejects with a refusal, or with `KeysUnavailable`. */
export async function readSecurityEvent(token: string, options: SecurityEventOptions): Promise<SecurityVerdict> {
  const iss = claimedIssuer(token);
  const transmitter = options.transmitters.find(({ issuer, agreed }) => iss === (agreed.transmitter ?? issuer.issuer));
  if (transmitter === undefined)
    throw new Refusal('invalid_issuer', 'The claim `iss` is missing, or is not of who has this authorization.');
  const { issuer, agreed, keys } = transmitter;
  const { payload } = await verified(token, keys, {
    typ: 'secevent+jwt',
    issuer: agreed.transmitter ?? issuer.issuer,
    audience: agreed.audience,
    algorithms: [...(agreed.algorithms ?? issuer.algorithms ?? ['RS256'])],
    requiredClaims: ['iat', 'jti', 'events'],
    maxTokenAge: options.tokenAgeSecondsMax,
    clockTolerance: options.clockToleranceSeconds,
    currentDate: new Date(options.now()),
  });
  const { events, jti, sub_id: subject } = payload;
  if (!isId(jti)) refuse('The claim `jti` is not as it must be.');
  // SSF 1.0 §11.1: a token with `sub` could be an access token or an ID token to whoever does not read its type.
  if ('sub' in payload) refuse('The claim `sub` is forbidden: the subject is in `sub_id`.');
  if (!isObject(events) || Object.keys(events).length !== 1) refuse('The claim `events` must have exactly one event.');
  const used = tokenChannel(iss ?? '', jti);
  const at = options.now();
  if (verification in events) return { kind: 'verification', ends: [], used, at };
  if (!(revoked in events)) return { kind: 'other', ends: [], used, at };
  const event = events[revoked];
  if (!isObject(event)) refuse('The event `session-revoked` is no object.');
  const ends = [channelOf(subject, issuer.issuer)];
  return { kind: 'session-revoked', ends, used, at: timeOf(event, payload.iat ?? 0, options) };
}

/** CAEP 1.0 §2: `event_timestamp` in seconds, if it is there. By a clock that may differ, and never later than now. */
function timeOf(event: Readonly<Record<string, unknown>>, iat: number, options: SecurityEventOptions): EpochMs {
  const { event_timestamp: given } = event;
  const seconds = typeof given === 'number' && given >= 0 ? given : iat;
  return Math.floor(Math.min(options.now(), (seconds + options.clockToleranceSeconds) * 1_000));
}

function refuse(sentence: string): never {
  throw new Refusal('invalid_request', sentence);
}
