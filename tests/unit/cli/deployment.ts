// A hub that is deployed as it should be, without a network, and short ways to spoil one thing of it. What is asked for
// is answered from a table; whatever is not in it is missing.

import { fallbackName } from '../../../js-glue/cli/artefacts.js';
import { examine } from '../../../js-glue/cli/doctor/examine.js';
import type { Answer, Failure, Look } from '../../../js-glue/cli/doctor/fetch.js';
import type { Finding } from '../../../js-glue/cli/doctor/finding.js';
import { artefacts, build, configText, textOf } from './parts.js';

export const hubUrl = 'https://hub.acme.com/';
export const usualApps = ['https://portal.acme.com', 'https://*.preview.acme.com'];

type Headers = Readonly<Record<string, string | undefined>>;

/** What a server answers: `page`, `fallback`, `missing` (any other path), `twin` (the host over http), `check`. */
export type Deployment = Readonly<Record<'page' | 'fallback' | 'missing' | 'twin' | 'check', Answer | Failure>> & {
  readonly url: string;
};

export type DeployOptions = { readonly apps?: readonly string[]; readonly hub?: string; readonly rest?: object };

export function deployed({ apps = usualApps, hub = hubUrl, rest = {} }: DeployOptions = {}): Deployment {
  const built = build(configText(apps, hub, rest));
  const headers: Readonly<Record<string, Headers>> = JSON.parse(textOf(built, 'headers.json'));
  const { pathname } = new URL(hub);
  return {
    url: hub,
    page: answer(200, textOf(built, 'index.html'), {
      ...headers[pathname],
      'content-encoding': 'gzip',
      'strict-transport-security': 'max-age=31536000',
    }),
    fallback: answer(200, textOf(built, fallbackName), headers[`${pathname}${fallbackName}`] ?? {}),
    missing: answer(404, 'Not found', { 'content-type': 'text/plain' }),
    twin: { failure: 'refuses the connection' },
    check: answer(200, '{"active":false}', { 'content-type': 'application/json' }),
  };
}

export function answer(status: number, body: Uint8Array | string, headers: Headers): Answer {
  const said = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), value] as const],
  );
  return { status, headers: Object.fromEntries(said), body: Buffer.from(body), whole: true, ms: 1 };
}

/** The deployment with headers of one answer set, or taken away where they are undefined. */
export function withHeaders(deployment: Deployment, which: 'page' | 'twin', headers: Headers): Deployment {
  const before = given(deployment[which]);
  return { ...deployment, [which]: { ...before, headers: answer(0, '', { ...before.headers, ...headers }).headers } };
}

/** The deployment with the text of the page altered. */
export function withPage(deployment: Deployment, alter: (html: string) => string): Deployment {
  const page = given(deployment.page);
  return { ...deployment, page: { ...page, body: Buffer.from(alter(Buffer.from(page.body).toString())) } };
}

/** The deployment with its policy altered. */
export function withPolicy(deployment: Deployment, alter: (policy: string) => string): Deployment {
  const policy = given(deployment.page).headers['content-security-policy'] ?? '';
  return withHeaders(deployment, 'page', { 'content-security-policy': alter(policy) });
}

export function given(answer: Answer | Failure): Answer {
  if ('failure' in answer) throw new Error(answer.failure);
  return answer;
}

/** Everything that an examination finds, without a browser. */
export async function examined(deployment: Deployment): Promise<readonly Finding[]> {
  return (await watched(deployment)).findings;
}

export type Watched = {
  readonly findings: readonly Finding[];
  /** The URLs that were asked for. */
  readonly asked: readonly string[];
  /** The hub was looked at in a browser. */
  readonly embedded: boolean;
};

/** An examination, and whom it asked. */
export async function watched(
  deployment: Deployment,
  others: ReadonlyMap<string, Answer> = new Map(),
): Promise<Watched> {
  const asked: string[] = [];
  let embedded = false;
  const at = new Map<string, Answer | Failure>([
    [deployment.url, deployment.page],
    [new URL(fallbackName, deployment.url).href, deployment.fallback],
    [new URL('/session', deployment.url).href, deployment.check],
  ]);
  const look: Look = async (url) => {
    asked.push(url);
    const isTwin = url.startsWith('http:') && deployment.url.startsWith('https:');
    return others.get(url) ?? at.get(url) ?? (isTwin ? deployment.twin : deployment.missing);
  };
  const findings = await examine({
    url: deployment.url,
    look,
    parts: artefacts,
    version: '1.2.3',
    waitingFor: () => {},
    embed: async () => {
      embedded = true;
      return [];
    },
  });
  return { findings, asked, embedded };
}

/** What is not in order, as `state check: sentence`. */
export async function wrongs(deployment: Deployment): Promise<readonly string[]> {
  const findings = await examined(deployment);
  return findings
    .filter(({ state }) => state !== 'ok')
    .map(({ state, check, sentence }) => `${state} ${check}: ${sentence}`);
}
