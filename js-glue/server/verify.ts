// What logout tokens and security events have in common: signature, issuer, audience, times, type, and an id that is
// used once. The sentences of refusals name a claim and never what is in it.

import { decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import { Refusal } from './errors.js';
import { KeysUnavailable } from './keys.js';

/** The identifiers that are accepted: subjects, session ids, token ids. */
const idCharsMax = 1_024;

export const isId = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= idCharsMax;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the token says of its issuer, before anything is verified: only to choose the keys. */
export function claimedIssuer(token: string): string | undefined {
  // Five parts are an encrypted token, of which there is no key here.
  if (token.split('.').length !== 3) throw new Refusal('invalid_request', 'It is no signed JWT in compact form.');
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? iss : undefined;
  } catch {
    throw new Refusal('invalid_request', 'It is no signed JWT in compact form.');
  }
}

/** Rejects with a refusal, or with `KeysUnavailable` where nothing can be said about the token. */
export async function verified(
  token: string,
  keys: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<{ readonly payload: JWTPayload; readonly type: string | undefined }> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, options);
    return { payload, type: protectedHeader.typ };
  } catch (cause) {
    throw refusalOf(cause);
  }
}

function refusalOf(cause: unknown): Error {
  if (cause instanceof KeysUnavailable) return cause;
  if (cause instanceof errors.JWTExpired) return new Refusal('invalid_request', 'It has expired.');
  if (cause instanceof errors.JWTClaimValidationFailed) {
    const code = codes[cause.claim] ?? 'invalid_request';
    return new Refusal(code, `The claim \`${cause.claim}\` is missing, or is not as it must be.`);
  }
  if (cause instanceof errors.JOSEAlgNotAllowed)
    return new Refusal('invalid_key', 'It is signed by an algorithm that is not agreed.');
  if (cause instanceof errors.JWSSignatureVerificationFailed)
    return new Refusal('invalid_key', 'Its signature is not valid.');
  if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys)
    return new Refusal('invalid_key', 'Its header does not name exactly one key of the issuer.');
  if (cause instanceof errors.JWTInvalid || cause instanceof errors.JWSInvalid)
    return new Refusal('invalid_request', 'It is no signed JWT in compact form.');
  if (cause instanceof errors.JOSENotSupported)
    return new Refusal('invalid_request', 'Its header asks for something that is not supported.');
  // All that is left comes from fetching the keys: the network, a status, an answer that is no set of keys.
  return new KeysUnavailable('The keys of the issuer cannot be had.', { cause });
}

/** The codes of RFC 8935 §2.4; in an answer to a logout token all are `invalid_request`. */
const codes: Readonly<Record<string, string>> = { iss: 'invalid_issuer', aud: 'invalid_audience' };
