// The request of silent authentication (OpenID Connect Core 1.0 §3.1.2.1), as a hub makes it, and as `lockstep doctor`
// tries it.

import { random } from './random.js';

/**
 * PKCE as RFC 7636 §4.3 has it, with a challenge that nobody has the verifier of: so nobody can redeem the code,
 * whoever reads it on its way. What the endpoint has of a query stays (RFC 6749 §3.1).
 */
export function silentRequest(endpoint: string, clientId: string, hub: string, state: string): string {
  const url = new URL(endpoint);
  const parameters = {
    client_id: clientId,
    redirect_uri: new URL('callback.html', hub).href,
    response_type: 'code',
    scope: 'openid',
    prompt: 'none',
    state,
    nonce: random(),
    code_challenge: random(),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
