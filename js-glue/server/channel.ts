// The names under which ends travel and are kept (PROTOCOL §6.1). Each is a hash, so that neither a URL nor an event,
// a log or a bus holds anything personal; and two issuers with the same session id have two names.

import { createHash } from 'node:crypto';

/** Base64url without padding of a SHA-256: always 43 characters. */
export type Channel = string;

export const sessionChannel = (issuer: string, sessionId: string): Channel => hashOf('sid', issuer, sessionId);

export const subjectChannel = (issuer: string, subject: string): Channel => hashOf('sub', issuer, subject);

/** Of a session together with its subject: ends of it concern whoever has both (RFC 9493 §3.2.8). */
export const jointChannel = (session: Channel, subject: Channel): Channel => hashOf('both', session, subject);

/** Under which it is kept that a token has been used. */
export const tokenChannel = (issuer: string, tokenId: string): Channel => hashOf('jti', issuer, tokenId);

/** 256 bits make 42 characters of 6 bits and one whose last two bits are zero. */
export const isChannel = (text: string): text is Channel => /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(text);

function hashOf(kind: string, issuer: string, id: string): Channel {
  return createHash('sha256').update(`${kind}|${issuer}|${id}`, 'utf8').digest('base64url');
}
