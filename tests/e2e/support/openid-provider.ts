// A real OpenID Provider (npm's oidc-provider) at https://id.acme.com, with a login form in front. It does what it does
// by default, but for what the tests need: tokens that end after seconds, refresh tokens for the apps that want them,
// and no page for consent. It counts what people were shown.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import Provider, { type ClientMetadata, type Configuration, type JWK, type KoaContextWithOIDC } from 'oidc-provider';
import { readBody } from '../../../examples/server/body.js';
import type { Handler } from './listen.js';

export const issuer = 'https://id.acme.com';

export type Counts = {
  /** Login forms that were shown. */
  readonly forms: number;
  /** Times that somebody was asked "do you want to sign out?". */
  readonly questions: number;
  /** Sessions that an app has ended. */
  readonly ends: number;
};

export type OpenIdProvider = {
  readonly respond: Handler;
  readonly counts: () => Counts;
  /** The paths that were asked for so far, in order. */
  readonly requests: () => readonly string[];
  /** As an administrator does it: no app is informed. */
  readonly revoke: () => Promise<void>;
};

export type ProviderClient = { readonly origin: string; readonly refreshes: boolean };

/** What a login library needs another way. */
export type ProviderOptions = {
  readonly tokenSeconds: number;
  /** Default: `issuer`. */
  readonly issuer?: string;
  readonly client?: Partial<ClientMetadata>;
  readonly configuration?: Configuration;
  /** Sees each request first, and may alter or answer it. */
  readonly middleware?: (
    provider: Provider,
  ) => (ctx: KoaContextWithOIDC, next: () => Promise<void>) => Promise<unknown>;
};

const clientOf = ({ origin, refreshes }: ProviderClient): ClientMetadata => ({
  client_id: origin,
  token_endpoint_auth_method: 'none',
  grant_types: refreshes ? ['authorization_code', 'refresh_token'] : ['authorization_code'],
  response_types: ['code'],
  redirect_uris: [`${origin}/callback`, `${origin}/silent`],
  post_logout_redirect_uris: [`${origin}/`],
});

function signingKey(): JWK {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' } as JWK;
}

/** The company's own apps: nobody is asked to consent. */
async function grantForOwnApp({ oidc: { client, session, provider } }: KoaContextWithOIDC) {
  if (client === undefined || session?.accountId === undefined) return undefined;
  const known = session.grantIdFor(client.clientId);
  const existing = known === undefined ? undefined : await provider.Grant.find(known);
  if (existing !== undefined) return existing;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile');
  await grant.save();
  return grant;
}

const html = (body: string) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Acme ID</title>${body}</html>`;
const loginForm = html(`<form method="post">
<input name="user"><button id="send">Sign in</button><button name="cancel" id="cancel">Cancel</button></form>`);

export function createOpenIdProvider(clients: readonly ProviderClient[], options: ProviderOptions): OpenIdProvider {
  const { tokenSeconds, client, configuration: further, middleware } = options;
  const counts = { forms: 0, questions: 0, ends: 0 };
  const requests: string[] = [];
  const sessions = new Set<{ readonly destroy: () => Promise<void> }>();

  /** OpenID Connect RP-Initiated Logout 1.0 §2: the user is asked, unless an ID token says that it is they. */
  function logoutSource(ctx: KoaContextWithOIDC, form: string): void {
    const hint = ctx.oidc.entities.IdTokenHint as { readonly payload: { readonly sub?: string } } | undefined;
    const isKnown = hint !== undefined && hint.payload.sub === ctx.oidc.session?.accountId;
    if (!isKnown) counts.questions++;
    const button = '<button form="op.logoutForm" name="logout" value="yes" id="yes">Do you want to sign out?</button>';
    const press = "<script>document.getElementById('yes').click()</script>";
    ctx.type = 'html';
    ctx.body = html(`${form}${button}${isKnown ? press : ''}`);
  }

  const configuration: Configuration = {
    clients: clients.map((each) => ({ ...clientOf(each), ...client })),
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(32).toString('hex')] },
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub'], profile: ['name'] },
    conformIdTokenClaims: false,
    ttl: { AccessToken: tokenSeconds, IdToken: tokenSeconds, Grant: 3_600, Interaction: 3_600, Session: 3_600 },
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true },
      rpInitiatedLogout: { enabled: true, logoutSource },
      ...further?.features,
    },
    issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    clientBasedCORS: (_, origin, client) => origin === client.clientId,
    loadExistingGrant: grantForOwnApp,
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, name: accountId }) }),
  };
  const { features, ...rest } = further ?? {};
  const provider = new Provider(options.issuer ?? issuer, { ...configuration, ...rest });
  if (middleware) provider.use(middleware(provider) as Parameters<Provider['use']>[0]);
  provider.on('session.saved' as 'session.destroyed', (session) => sessions.add(session));
  provider.on('end_session.success', () => {
    counts.ends++;
  });
  const passOn = provider.callback();

  const interact = async (...[request, response]: Parameters<Handler>) => {
    if (request.method === 'POST') {
      const fields = new URLSearchParams(await readBody(request, 4_096));
      const login = { accountId: fields.get('user') ?? '' };
      const result = fields.has('cancel') ? { error: 'access_denied' } : { login };
      return provider.interactionFinished(request, response, result);
    }
    counts.forms++;
    response.writeHead(200, { 'content-type': 'text/html', 'cache-control': 'no-store' }).end(loginForm);
  };

  return {
    counts: () => ({ ...counts }),
    requests: () => [...requests],
    async revoke() {
      for (const session of sessions) await session.destroy();
      sessions.clear();
    },
    respond: (request, response) => {
      requests.push(`${request.url}`.split('?')[0] ?? '');
      if (!request.url?.startsWith('/interaction/')) return void passOn(request, response);
      interact(request, response).catch((error) => response.writeHead(400).end(String(error)));
    },
  };
}
