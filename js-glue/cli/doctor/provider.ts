// Tries what a hub does that asks the provider: is the callback page there, and does the provider send back to it? The
// provider is asked only where the user has named it: a page is not believed about whom to ask.

import { random } from '../../../bridge-html/random.js';
import { silentRequest } from '../../../bridge-html/silent-request.js';
import { callbackName } from '../artefacts.js';
import type { Hub } from '../config.js';
import { discover } from '../discover.js';
import { callbackHash, type HubPage } from '../html.js';
import type { ProviderCheck } from '../hub-check.js';
import type { Answer, Failure, Look } from './fetch.js';
import { type Finding, finding, type Judged, shown } from './finding.js';
import { forbidsCallback } from './policy.js';

export type ProviderQuestion = {
  readonly check: ProviderCheck;
  readonly hub: Hub;
  readonly page: HubPage;
  readonly look: Look;
  /** As the user has named it. */
  readonly issuer: string | undefined;
};

export async function providerFindings(question: ProviderQuestion): Promise<readonly Finding[]> {
  const { hub, page, look } = question;
  const callback = await lookAtPage(`${hub.url}${callbackName}`, look);
  return [
    finding('check', callbackName, judgedPage(callback, page, hub)),
    finding('check', 'provider', await judgedProvider(question)),
  ];
}

/** Cloudflare Pages sends a browser on to the same name without its ending. */
async function lookAtPage(url: string, look: Look): Promise<Answer | Failure> {
  const answer = await look(url);
  const short = url.replace(/\.html$/, '');
  const { location = '' } = 'failure' in answer ? {} : answer.headers;
  return URL.canParse(location, url) && new URL(location, url).href === short ? look(short) : answer;
}

function judgedPage(answer: Answer | Failure, { asking }: HubPage, hub: Hub): Judged {
  const harm = 'So no answer of the provider reaches the hub.';
  const advice = `${harm} Deploy the whole folder of the build.`;
  if ('failure' in answer) return ['fault', `${callbackName} ${answer.failure}. ${advice}`];
  const { status, headers, body } = answer;
  if (status !== 200) return ['fault', `${callbackName} is answered with ${status}. ${advice}`];
  if (callbackHash(Buffer.from(body).toString('utf8')) !== asking?.callback)
    return ['fault', `${callbackName} is not the one that the page names. ${advice}`];
  if (!/^text\/html\s*(;|$)/i.test(headers['content-type'] ?? ''))
    return ['fault', `${callbackName} is not served as text/html. ${harm}`];
  if (headers['x-frame-options'] !== undefined)
    return ['fault', `${callbackName} has X-Frame-Options ${shown(headers['x-frame-options'])}. ${harm} Remove it.`];
  const forbidden = forbidsCallback(headers['content-security-policy'] ?? '', asking.callback, hub);
  return forbidden === undefined
    ? ['ok', `${callbackName} is there, and the hub may frame it.`]
    : ['fault', `${callbackName} has a policy whose ${forbidden} forbids it. ${harm} Deploy the headers of the build.`];
}

async function judgedProvider({ check, hub, look, issuer }: ProviderQuestion): Promise<Judged> {
  if (issuer === undefined)
    return [
      'not checked',
      `The provider was not asked, since only the page names it. To try it, add --issuer ${shown(check.issuer)}.`,
    ];
  if (issuer !== check.issuer)
    return [
      'fault',
      `The page asks ${shown(check.issuer)}, and not ${shown(issuer)}. Correct "issuer", and build again.`,
    ];
  const found = await discover(issuer, look);
  if ('sentence' in found) return ['warning', `${shown(found.sentence)} (${shown(found.suggestion)}).`];
  if (found.endpoint !== check.authorizationEndpoint)
    return [
      'fault',
      `The page asks ${shown(check.authorizationEndpoint ?? '')}, and the issuer names ${shown(found.endpoint)}. ` +
        'Build the hub again.',
    ];
  const state = random();
  const answer = await look(silentRequest(found.endpoint, check.clientId, hub.url, state));
  return judgedAnswer(answer, `${hub.url}${callbackName}`, check, state);
}

/** A stranger without cookies is not signed in: OpenID Connect Core 1.0 §3.1.2.6 has the error for that. */
function judgedAnswer(answer: Answer | Failure, callback: string, check: ProviderCheck, state: string): Judged {
  const endpoint = shown(check.authorizationEndpoint ?? '');
  if ('failure' in answer) return ['fault', `${endpoint} ${answer.failure}.`];
  const location = answer.headers.location ?? '';
  if (!location.startsWith(`${callback}?`)) {
    const instead = location === '' ? 'shows a page' : `leads to ${shown(location)}`;
    return [
      'fault',
      `${endpoint} answers ${answer.status} and ${instead}, in the place of an answer to the hub. Register ` +
        `${callback} as a redirect URI of the client ${shown(check.clientId)}, which has to be a public one.`,
    ];
  }
  const said = new URL(location).searchParams;
  if (said.get('state') !== state) return ['fault', `${endpoint} does not give back the state: no hub believes it.`];
  if ((said.get('iss') ?? check.issuer) !== check.issuer)
    return ['fault', `${endpoint} answers for ${shown(said.get('iss') ?? '')}: no hub believes it. Correct "issuer".`];
  const error = said.get('error');
  if (error === 'login_required') return ['ok', `${endpoint} answers the hub that a stranger is not signed in.`];
  if (error === null) return ['warning', `${endpoint} says of a stranger without cookies that he is signed in.`];
  const why = said.get('error_description') ?? '';
  return [
    'fault',
    `${endpoint} answers a stranger with ${shown(error)}${why && `: ${shown(why)}`}. Only login_required is a no to ` +
      `a hub. See what the client ${shown(check.clientId)} is allowed: the code flow with PKCE, and the scope openid.`,
  ];
}
