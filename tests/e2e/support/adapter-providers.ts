// oidc-provider as some login libraries want their own provider to be: the paths it has, and the form of its tokens.

import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { readBody } from '../../../examples/server/body.js';
import type { ProviderOptions } from './openid-provider.js';

type Special = Pick<ProviderOptions, 'issuer' | 'configuration' | 'middleware'>;

const realm = '/realms/acme/protocol/openid-connect';
/** Its page says whether the browser gives the provider's frames their cookies. */
const cookiesPage = '<!doctype html><script>parent.postMessage("supported", "*")</script>';

/** Each access token is a JWT, for keycloak-js reads it, and has the session's id. */
const jwtAccessTokens: Configuration = {
  extraTokenClaims: (_, token) => ({ sid: (token as { readonly sessionUid?: string }).sessionUid }),
  features: {
    resourceIndicators: {
      enabled: true,
      defaultResource: () => 'urn:acme:api',
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: '',
        audience: 'urn:acme:api',
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
};

const payloadOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());

/** keycloak-js decodes refresh tokens, too; those of oidc-provider are opaque. */
async function dressRefreshTokens(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  if (ctx.path.endsWith('3p-cookies/step1.html')) {
    ctx.type = 'html';
    ctx.body = cookiesPage;
    return;
  }
  if (ctx.method !== 'POST' || ctx.path !== `${realm}/token`) return next();
  const body = Object.fromEntries(new URLSearchParams(await readBody(ctx.req, 16_384)));
  if (body.refresh_token) body.refresh_token = payloadOf(body.refresh_token).opaque;
  Object.assign(ctx.req, { body });
  await next();
  // Its requests have cookies.
  ctx.set('access-control-allow-credentials', 'true');
  const answer = ctx.body as { refresh_token?: string } | undefined;
  if (!answer?.refresh_token) return;
  const payload = Buffer.from(JSON.stringify({ opaque: answer.refresh_token })).toString('base64url');
  ctx.body = { ...answer, refresh_token: `e30.${payload}.none` };
}

export const likeKeycloak: Special = {
  configuration: {
    ...jwtAccessTokens,
    routes: {
      authorization: `${realm}/auth`,
      token: `${realm}/token`,
      userinfo: `${realm}/userinfo`,
      jwks: `${realm}/certs`,
      end_session: `${realm}/logout`,
    },
  },
  middleware: () => dressRefreshTokens,
};

/** Auth0 ends a session without a question, and without an ID token. */
const logOutAtOnce = (provider: Provider) => async (ctx: KoaContextWithOIDC, next: () => Promise<void>) => {
  if (ctx.path !== '/v2/logout') return next();
  const session = await provider.Session.get(provider.createContext(ctx.req, ctx.res));
  await session.destroy();
  provider.emit('end_session.success', ctx);
  ctx.redirect(`${ctx.query.returnTo ?? `${ctx.query.client_id}/`}`);
};

export const likeAuth0: Special = {
  issuer: 'https://id.acme.com/',
  configuration: {
    features: { webMessageResponseMode: { enabled: true, ack: 'individual-draft-01' } },
    routes: { authorization: '/authorize', token: '/oauth/token', revocation: '/oauth/revoke' },
  },
  middleware: logOutAtOnce,
};

/** A frame of the library gets its answer in a message. */
const answerByMessage = (provider: Provider) => {
  const answer: ResponseMode = (ctx, redirectUri, payload) => {
    ctx.type = 'html';
    const { origin } = new URL(redirectUri);
    const message = `${JSON.stringify(payload)}, ${JSON.stringify(origin)}`;
    ctx.body = `<!doctype html><script>parent.postMessage(${message})</script>`;
  };
  provider.registerResponseMode('okta_post_message', answer as Parameters<Provider['registerResponseMode']>[1]);
  return (_: KoaContextWithOIDC, next: () => Promise<void>) => next();
};
type ResponseMode = (ctx: KoaContextWithOIDC, redirectUri: string, payload: object) => void;

export const likeOkta: Special = { middleware: answerByMessage };

/** msal-browser asks for `offline_access` at every renewal; oidc-provider gives that to nobody who has not agreed. */
async function takeOfflineAccess(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  if (ctx.method === 'POST' && ctx.path === '/token') {
    const body = Object.fromEntries(new URLSearchParams(await readBody(ctx.req, 16_384)));
    if (body.scope) body.scope = body.scope.replace(/ ?offline_access/, '');
    Object.assign(ctx.req, { body });
  }
  await next();
}

export const likeEntra: Special = { middleware: () => takeOfflineAccess };
