// The OpenID provider of the demo: npm's oidc-provider with one public PKCE client per app, everything in memory.
// It knows nothing of Lockstep, and Lockstep nothing of it: that is what the demo is there to show.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import Provider, { type ClientMetadata, type Configuration, type JWK, type KoaContextWithOIDC } from 'oidc-provider';
import { type AppName, appNames, originOf } from '../places.js';
import { userWithSubject } from './accounts.js';
import { errorPage, logoutPage, signedOutPage } from './pages.js';

/** Short, so that one can watch it being renewed. */
export const sessionSecondsDefault = 120;
const workingDaySeconds = 8 * 60 * 60;
const scopes = 'openid profile email';

export const appTitles: Readonly<Record<AppName, string>> = {
  portal: 'Acme Portal',
  billing: 'Acme Billing',
  reports: 'Acme Reports',
};

function clientOf(app: AppName, port: number): ClientMetadata {
  const origin = originOf(app, port);
  return {
    client_id: app,
    client_name: appTitles[app],
    token_endpoint_auth_method: 'none', // A program in a browser can keep no secret: PKCE takes its place.
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: [`${origin}/callback`, `${origin}/silent.html`],
    post_logout_redirect_uris: [`${origin}/`],
    // Each app has a session id of its own here, and Lockstep's session has that of the app where the user signed in.
    backchannel_logout_uri: `${originOf('hub', port)}/backchannel`,
    backchannel_logout_session_required: true,
  };
}

export function signingKey(): JWK {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'demo' } as JWK;
}

// The company's own apps: nobody is asked to consent.
async function grantForOwnApp(ctx: KoaContextWithOIDC) {
  const { client, session, provider } = ctx.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const grantId = session.grantIdFor(client.clientId);
  const existing = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  if (existing !== undefined) return existing;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(scopes);
  await grant.save();
  return grant;
}

function askBeforeLogout(ctx: KoaContextWithOIDC, form: string): void {
  const hint = ctx.oidc.entities.IdTokenHint as { readonly payload: { readonly sub?: string } } | undefined;
  const isOurs = hint?.payload.sub !== undefined && hint.payload.sub === ctx.oidc.session?.accountId;
  ctx.type = 'html';
  ctx.body = logoutPage(form, isOurs ? 'by-our-app' : 'by-somebody');
}

/** `informs`: sends a logout token. `key`: what it signs with. */
export type ProviderParts = {
  readonly key: JWK;
  readonly informs: (request: Request) => Promise<Response>;
};

function configuration(port: number, sessionSeconds: number, { key, informs }: ProviderParts): Configuration {
  return {
    clients: appNames.map((app) => clientOf(app, port)),
    jwks: { keys: [key] },
    fetch: (url, { method, headers, body } = {}) => informs(new Request(url, { method, headers, body } as RequestInit)),
    cookies: { keys: [randomBytes(32).toString('hex')] },
    scopes: scopes.split(' '),
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    conformIdTokenClaims: false, // The name travels in the ID token, which saves the apps a request for it.
    ttl: {
      AccessToken: 600, // Void before that when its session ends.
      AuthorizationCode: 60,
      Grant: workingDaySeconds,
      IdToken: sessionSeconds, // As long as the session, so that an app can give Lockstep its lifetime.
      Interaction: 3_600,
      Session: sessionSeconds, // From the last time that somebody asked.
    },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      claimsParameter: { enabled: true }, // The apps ask for `sid`, the session id, by name.
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: askBeforeLogout,
        postLogoutSuccessSource(ctx) {
          ctx.type = 'html';
          ctx.body = signedOutPage();
        },
      },
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    clientBasedCORS: (_ctx, origin, client) =>
      client.clientId !== undefined && origin === originOf(client.clientId as AppName, port),
    loadExistingGrant: grantForOwnApp,
    findAccount(_ctx, subject) {
      const user = userWithSubject(subject);
      if (user === undefined) return undefined;
      return { accountId: user.subject, claims: () => ({ sub: user.subject, name: user.name, email: user.email }) };
    },
    renderError(ctx, out) {
      ctx.type = 'html';
      ctx.body = errorPage('This did not work', [out.error, out.error_description ?? ''].filter(Boolean));
    },
  };
}

export const createProvider = (port: number, sessionSeconds: number, parts: ProviderParts): Provider =>
  new Provider(originOf('login', port), configuration(port, sessionSeconds, parts));
