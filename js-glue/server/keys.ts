// The keys of issuers. They are fetched when a token needs them, and again when a token names a key that is not among
// them, because issuers change keys; not more often than every half minute, whatever tokens come.

import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { bytesOf } from './body.js';
import { isSafeUrl } from './options.js';

/** The issuer cannot be asked, or its answer is none. That says nothing about a token. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

type RemoteKeys = ReturnType<typeof createRemoteJWKSet>;

const timeoutMs = 5_000;
const cooldownMs = 30_000;
/** What could not be had, metadata or keys, is asked for again after this time, not with each token. */
const retryMs = 5_000;
/** Of the metadata, and of the keys. */
const answerBytesMax = 262_144;

export type KeysOptions = {
  readonly issuer: string;
  readonly jwksUri: string | undefined;
  readonly fetch: typeof fetch;
  readonly now: () => number;
};

export function keysOf({ issuer, jwksUri, fetch, now }: KeysOptions): JWTVerifyGetKey {
  let set: Promise<RemoteKeys> | undefined;
  let retryAt = 0;
  const open = async (): Promise<RemoteKeys> => {
    const url = jwksUri ?? (await discover(issuer, fetch));
    return createRemoteJWKSet(new URL(url), {
      [customFetch]: bounded(fetch, now),
      timeoutDuration: timeoutMs,
      cooldownDuration: cooldownMs,
    });
  };
  return async (header, token) => {
    if (set === undefined && now() < retryAt) throw new KeysUnavailable('The metadata of the issuer cannot be had.');
    set ??= open();
    const keys = await set.catch((cause: unknown) => {
      set = undefined;
      retryAt = now() + retryMs;
      throw cause;
    });
    const { coolingDown: isTooSoon } = keys;
    try {
      return await keys(header, token);
    } catch (cause) {
      // Anybody may have had them asked for; a key that has come since is refused to nobody.
      if (isTooSoon && cause instanceof errors.JWKSNoMatchingKey)
        throw new KeysUnavailable('The keys were asked for less than half a minute ago.', { cause });
      throw cause;
    }
  };
}

/** OpenID Connect Discovery 1.0 §4: the metadata must be of the issuer that was asked. */
async function discover(issuer: string, fetch: typeof globalThis.fetch): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    if (response.status !== 200) throw new Error(`It answers with the status ${response.status}.`);
    const metadata: unknown = JSON.parse(`${await bytesOf(response.body, answerBytesMax)}`);
    const { issuer: name, jwks_uri: keys } = Object(metadata) as Record<string, unknown>;
    if (name !== issuer) throw new Error('They are of another issuer.');
    if (typeof keys !== 'string' || !isSafeUrl(keys)) throw new Error('They have no https `jwks_uri`.');
    return keys;
  } catch (cause) {
    throw new KeysUnavailable('The metadata of the issuer cannot be had.', { cause });
  }
}

/** The library reads an answer to its end, however long that is, and asks again with each token where it got none. */
function bounded(fetch: typeof globalThis.fetch, now: () => number): typeof globalThis.fetch {
  let retryAt = 0;
  return async (url, init) => {
    if (now() < retryAt) throw new Error('The keys were asked for a moment ago.');
    retryAt = now() + retryMs;
    const response = await fetch(url, init);
    if (response.status !== 200) {
      await response.body?.cancel();
      return new Response(null, { status: 502 });
    }
    const bytes = await bytesOf(response.body, answerBytesMax);
    if (bytes === undefined) throw new Error(`The keys have more than ${answerBytesMax} bytes.`);
    return new Response(new Uint8Array(bytes), { headers: response.headers });
  };
}
