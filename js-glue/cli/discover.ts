// Asks an issuer for its authorization endpoint (OpenID Connect Discovery 1.0 §4). That is done when a hub is built,
// not in the browser: there it would cost every check a request, and the policy would allow requests to the provider.

import type { Answer, Failure, Look } from './doctor/fetch.js';

export type Discovered = { readonly endpoint: string } | { readonly sentence: string; readonly suggestion: string };

const byHand = 'or write "authorizationEndpoint" beside it, and nobody is asked';

/** `issuer`: as `checkConfig` has accepted it. */
export async function discover(issuer: string, look: Look): Promise<Discovered> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const wrong = (sentence: string, cure: string): Discovered => ({ sentence, suggestion: `${cure}, ${byHand}` });
  const answer = await look(url);
  const metadata = metadataOf(answer);
  if ('failure' in answer) return wrong(`${url} ${answer.failure}`, 'see whether the provider runs');
  if (answer.status !== 200) return wrong(`${url} is answered with ${answer.status}`, 'correct "issuer"');
  if (metadata === undefined) return wrong(`${url} is answered with no metadata of a provider`, 'correct "issuer"');
  // §4.3: the same to the letter, since it is compared with `iss`.
  if (metadata.issuer !== issuer)
    return wrong(
      `${url} says that the issuer is ${JSON.stringify(metadata.issuer)}`,
      `write "issuer": ${JSON.stringify(metadata.issuer)}`,
    );
  return { endpoint: metadata.authorization_endpoint };
}

type Metadata = { readonly issuer: string; readonly authorization_endpoint: string };

function metadataOf(answer: Answer | Failure): Metadata | undefined {
  if ('failure' in answer) return undefined;
  try {
    const said = JSON.parse(Buffer.from(answer.body).toString('utf8'));
    const isMetadata = typeof said?.issuer === 'string' && typeof said.authorization_endpoint === 'string';
    return isMetadata ? said : undefined;
  } catch {
    return undefined;
  }
}
