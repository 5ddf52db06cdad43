// A hub that is deployed as it should be, without a network, and short ways to spoil one thing of it. What is asked for is answered from a
// table; whatever is not in it is missing.

import { examine } from '../../../js-glue/cli/doctor/examine.js';
import type { Answer, Failure, Look } from '../../../js-glue/cli/doctor/fetch.js';
import type { Finding } from '../../../js-glue/cli/doctor/finding.js';
import { composeHub } from '../../../js-glue/cli/html.js';
import { artefacts, build, configText, textOf } from './parts.js';

export const hubUrl = 'https://hub.acme.com/';
export const usualApps = ['https://portal.acme.com', 'https://*.preview.acme.com'];
export const { scriptName, moduleName } = composeHub({
  ...artefacts,
  template: hubTemplate(),
  config: '{}',
  sameSite: 'Strict',
});

type Headers = Readonly<Record<string, string | undefined>>;

/** What a server answers: `page`, `script`, `module`, `missing` (any other path), `twin` (the host over http), `check`. */
export type Deployment = Readonly<
  Record<'page' | 'script' | 'module' | 'missing' | 'twin' | 'check', Answer | Failure>
> & {
  readonly url: string;
};

export type DeployOptions = { readonly apps?: readonly string[]; readonly hub?: string; readonly rest?: object };

function hubTemplate(): string {
  return artefacts.template.replace('<!doctype html>', '<!doctype html>\n<meta name="lockstep-hub" content="1">');
}

export const parts = { ...artefacts, template: hubTemplate() };

export function deployed({ apps = usualApps, hub = hubUrl, rest = {} }: DeployOptions = {}): Deployment {
  const built = build(configText(apps, hub, rest));
  const headers: Readonly<Record<string, Headers>> = JSON.parse(textOf(built, 'headers.json'));
  const { pathname } = new URL(hub);
  const html = textOf(built, 'index.html').replace(
    '<!doctype html>',
    '<!doctype html>\n<meta name="lockstep-hub" content="1">',
  );
  const file = (name: string, body: Uint8Array | string) =>
    answer(200, body, { ...headers[`${pathname}${name}`], 'content-encoding': 'gzip' });
  return {
    url: hub,
    page: answer(200, html, { ...headers[pathname], 'strict-transport-security': 'max-age=31536000' }),
    script: file(scriptName, artefacts.script),
    module: file(moduleName, artefacts.wasm),
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
export function withHeaders(
  deployment: Deployment,
  which: 'page' | 'script' | 'module' | 'missing',
  headers: Headers,
): Deployment {
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
export function examined(deployment: Deployment): Promise<readonly Finding[]> {
  const at = new Map<string, Answer | Failure>([
    [deployment.url, deployment.page],
    [new URL(scriptName, deployment.url).href, deployment.script],
    [new URL(moduleName, deployment.url).href, deployment.module],
    [new URL('/session', deployment.url).href, deployment.check],
  ]);
  const look: Look = async (url) =>
    at.get(url) ??
    (url.startsWith('http:') && deployment.url.startsWith('https:') ? deployment.twin : deployment.missing);
  return examine({
    url: deployment.url,
    look,
    parts,
    version: '1.2.3',
    waitingFor: () => {},
    embed: async () => [],
  });
}

/** What is not in order, as `state check: sentence`. */
export async function wrongs(deployment: Deployment): Promise<readonly string[]> {
  const findings = await examined(deployment);
  return findings
    .filter(({ state }) => state !== 'ok')
    .map(({ state, check, sentence }) => `${state} ${check}: ${sentence}`);
}
