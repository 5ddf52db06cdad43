// Decides what a security event is about (RFC 9493). All parts of a complex subject must match, so where one of them is
// something that is not known of a session here, the event cannot be judged and is refused: to leave the part out would
// end sessions that the event does not mean.

import { type Channel, jointChannel, sessionChannel, subjectChannel } from './channel.js';
import { Refusal } from './errors.js';
import { isId, isObject } from './verify.js';

export function channelOf(identifier: unknown, issuer: string): Channel {
  const { format } = asObject(identifier);
  if (format !== 'complex') return simpleChannel(identifier, issuer);
  const { format: _, session, user, ...others } = asObject(identifier);
  if (Object.keys(others).length > 0) refuse('It is also about something else than a session and a user.');
  const ofSession = session === undefined ? undefined : sessionOf(session, issuer);
  const ofUser = user === undefined ? undefined : userOf(user, issuer);
  if (ofSession !== undefined && ofUser !== undefined) return jointChannel(ofSession, ofUser);
  return ofSession ?? ofUser ?? refuse('It is about neither a session nor a user.');
}

/** `opaque` is a session (CAEP 1.0 §3.1), `iss_sub` a user. */
function simpleChannel(identifier: unknown, issuer: string): Channel {
  return asObject(identifier).format === 'opaque' ? sessionOf(identifier, issuer) : userOf(identifier, issuer);
}

function sessionOf(identifier: unknown, issuer: string): Channel {
  const { format, id, ...others } = asObject(identifier);
  if (format !== 'opaque' || !isId(id) || Object.keys(others).length > 0)
    refuse('A session must be of the format `opaque`, with its `id`.');
  return sessionChannel(issuer, id);
}

function userOf(identifier: unknown, issuer: string): Channel {
  const { format, iss, sub, ...others } = asObject(identifier);
  if (format !== 'iss_sub' || !isId(sub) || Object.keys(others).length > 0)
    refuse('A user must be of the format `iss_sub`, with `iss` and `sub`.');
  if (iss !== issuer) refuse('The user is of another issuer.');
  return subjectChannel(issuer, sub);
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : refuse('The claim `sub_id` is not as it must be.');
}

function refuse(sentence: string): never {
  throw new Refusal('invalid_request', sentence);
}
