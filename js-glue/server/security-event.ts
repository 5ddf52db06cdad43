// Decides whether a security event token is valid, and what it ends (RFC 8417, OpenID Shared Signals Framework 1.0 §9,
// CAEP 1.0 §3.1).

import type { JWTVerifyGetKey } from 'jose';
import { type Channel, tokenChannel } from './channel.js';
import { Refusal } from './errors.js';
import type { Issuer, SecurityEvents } from './options.js';
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
  if (verification in events) return { kind: 'verification', ends: [], used };
  if (!(revoked in events)) return { kind: 'other', ends: [], used };
  if (!isObject(events[revoked])) refuse('The event `session-revoked` is no object.');
  return { kind: 'session-revoked', ends: [channelOf(subject, issuer.issuer)], used };
}

function refuse(sentence: string): never {
  throw new Refusal('invalid_request', sentence);
}
