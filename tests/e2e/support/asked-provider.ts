// A real OpenID Provider that the hub asks by itself, at an origin of its own. It is started before the hub, whose
// configuration names it, and is given the hub's redirect URI afterwards, as its owner does it.

import type { Handler, Tls } from './listen.js';
import { listen } from './listen.js';
import { createOpenIdProvider, type OpenIdProvider } from './openid-provider.js';

export const clientId = 'lockstep-hub';

export type AskedProvider = {
  readonly issuer: string;
  /** As `lockstep.config.json` has it. */
  readonly check: Readonly<Record<'issuer' | 'clientId' | 'authorizationEndpoint', string>>;
  /** Registers the client, with the redirect URI of this hub. */
  readonly register: (hubUrl: string) => void;
  /** Where somebody signs in by a form, as in a tab of their own. It leads to the callback page. */
  readonly signInUrl: () => string;
  /** The silent requests so far, by their parameters. */
  readonly requests: () => readonly URLSearchParams[];
  /** As an administrator does it. */
  readonly revoke: () => Promise<void>;
  /** What answers the next silent requests in the place of the provider; without one it does. */
  readonly behave: (handler?: (query: URLSearchParams, ...asked: Parameters<Handler>) => unknown) => void;
  /** Keeps silent requests waiting from now on. Returns what has the provider answer them, and those to come. */
  readonly hold: () => () => void;
  readonly close: () => Promise<void>;
};

/** `sameSite`: of its cookies. Only those of `none` may travel to another site. */
export async function startAskedProvider(
  host: string,
  sameSite: 'lax' | 'none' = 'lax',
  tls?: Tls,
): Promise<AskedProvider> {
  const requests: URLSearchParams[] = [];
  let provider: OpenIdProvider | undefined;
  let redirectUri = '';
  let instead: ((query: URLSearchParams, ...asked: Parameters<Handler>) => unknown) | undefined;
  const listener = await listen((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer);
    if (pathname === '/auth' && searchParams.get('prompt') === 'none') {
      requests.push(searchParams);
      if (instead) return void instead(searchParams, request, response);
    }
    provider?.respond(request, response);
  }, tls);
  const issuer = `${tls ? 'https' : 'http'}://${host}:${listener.port}`;

  return {
    issuer,
    check: { issuer, clientId, authorizationEndpoint: `${issuer}/auth` },
    register: (hubUrl) => {
      redirectUri = new URL('callback.html', hubUrl).href;
      provider = createOpenIdProvider([{ origin: clientId, refreshes: false }], {
        issuer,
        tokenSeconds: 60,
        client: { redirect_uris: [redirectUri], post_logout_redirect_uris: [] },
        configuration: { cookies: { keys: ['of-a-test'], long: { sameSite, ...(tls && { secure: true }) } } },
      });
    },
    signInUrl: () => {
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid',
        prompt: 'login',
        state: 'of-the-tab',
        code_challenge: 'A'.repeat(43),
        code_challenge_method: 'S256',
      });
      return `${issuer}/auth?${query}`;
    },
    requests: () => [...requests],
    revoke: async () => provider?.revoke(),
    behave: (handler) => {
      instead = handler;
    },
    hold: () => {
      const waiting: (() => void)[] = [];
      instead = (_, ...asked) => waiting.push(() => provider?.respond(...asked));
      return () => {
        instead = undefined;
        for (const answer of waiting) answer();
      };
    },
    close: listener.stop,
  };
}
