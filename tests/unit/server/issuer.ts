// An issuer for tests: keys of its own, metadata, and tokens that are right but for what a test changes.

import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export const issuerName = 'https://login.acme.com';
export const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** Members of the payload; undefined takes one out. */
export type Changes = Readonly<Record<string, unknown>>;
type Key = { readonly kid: string; readonly privateKey: CryptoKey; readonly publicJwk: object };

export type TestIssuer = {
  readonly name: string;
  readonly fetch: typeof fetch;
  /** The URLs that were asked for. */
  readonly asked: string[];
  /** What its endpoints answer in place of what is right; a throw is a network that fails. */
  answer: ((url: string) => Response | undefined) | undefined;
  readonly logoutToken: (changes?: Changes, header?: Changes) => Promise<string>;
  readonly securityEvent: (changes?: Changes, header?: Changes) => Promise<string>;
  /** From now on it signs with another key, and publishes that one alone. */
  readonly rotate: () => Promise<void>;
};

let tokens = 0;
/** Making an RSA key takes a moment; the issuers of one file share the first. */
const firstKey = makeKey('key-1');

export async function makeIssuer(name = issuerName): Promise<TestIssuer> {
  let key = await firstKey;
  const sign = (payload: JWTPayload, changes: Changes, header: Changes) =>
    new SignJWT(defined({ ...payload, ...changes }))
      .setProtectedHeader(defined({ alg: 'RS256', kid: key.kid, ...header }) as { alg: string })
      .sign(key.privateKey, { crit: { ext: true } });
  const issuer: TestIssuer = {
    name,
    asked: [],
    answer: undefined,
    fetch: async (input) => {
      const url = `${input}`;
      issuer.asked.push(url);
      const other = issuer.answer?.(url);
      if (other !== undefined) return other;
      if (url === `${name}/.well-known/openid-configuration`)
        return Response.json({ issuer: name, jwks_uri: `${name}/jwks` });
      return Response.json({ keys: [key.publicJwk] });
    },
    logoutToken: (changes = {}, header = {}) =>
      sign(
        {
          ...times(),
          iss: name,
          aud: 'portal',
          jti: nextId(),
          sid: 'sid-1',
          sub: 'ada',
          events: { [logoutEvent]: {} },
        },
        changes,
        {
          typ: 'logout+jwt',
          ...header,
        },
      ),
    securityEvent: (changes = {}, header = {}) =>
      sign(
        {
          iat: times().iat,
          iss: name,
          aud: 'https://hub.acme.com/',
          jti: nextId(),
          sub_id: { format: 'opaque', id: 'sid-1' },
          events: { 'https://schemas.openid.net/secevent/caep/event-type/session-revoked': {} },
        },
        changes,
        { typ: 'secevent+jwt', ...header },
      ),
    rotate: async () => {
      key = await makeKey(`key-${nextId()}`);
    },
  };
  return issuer;
}

async function makeKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

function nextId(): string {
  tokens += 1;
  return `token-${tokens}`;
}

function times(): { readonly iat: number; readonly exp: number } {
  const iat = Math.floor(Date.now() / 1_000);
  return { iat, exp: iat + 120 };
}

const defined = (members: Changes): JWTPayload =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
