// The order of an examination: what is asked of whom, and what has to be known first. Judges nothing itself.

import { type Artefacts, fallbackName } from '../artefacts.js';
import type { Config } from '../config.js';
import { providerOf } from '../hub-check.js';
import { addressFindings, twinFinding, twinOf } from './address.js';
import { appFindings } from './apps.js';
import { readBuiltConfig } from './built-config.js';
import { checkUrlFinding } from './check-url.js';
import { fallbackFinding } from './fallback.js';
import type { Look } from './fetch.js';
import { type Finding, finding, type Group, groups } from './finding.js';
import { pageHeaderFindings } from './page-headers.js';
import { providerFindings } from './provider.js';
import { releaseFindings } from './release.js';

export type Examination = {
  /** With a path that ends in a slash, as `hub` in a configuration. */
  readonly url: string;
  readonly look: Look;
  readonly parts: Artefacts | string;
  readonly version: string;
  /** Says what is being waited for. */
  readonly waitingFor: (what: string) => void;
  /** The provider that the user has named, which may be asked. */
  readonly issuer?: string;
  /** Looks at the hub in a browser. */
  readonly embed: (config: Config) => Promise<readonly Finding[]>;
};

// A host without plain http often drops what comes to its port.
const twinTimeoutMs = 5_000;

export async function examine(examination: Examination): Promise<readonly Finding[]> {
  const { url, look, waitingFor } = examination;
  waitingFor(`an answer of ${url}`);
  const twin = twinOf(url);
  const [answer, twins] = await Promise.all([
    look(url),
    twin === undefined ? undefined : look(twin, { timeoutMs: twinTimeoutMs }).then((each) => [twinFinding(twin, each)]),
  ]);
  const isRefused = 'status' in answer && (answer.status === 403 || answer.status === 404);
  const index = isRefused ? await look(new URL('index.html', url).href) : undefined;
  const { findings: address, page } = addressFindings(url, answer, index);
  const first = [...address, ...(twins ?? [])];
  if (page === undefined || 'failure' in answer) return withRest(first, 'there is no hub to look at');

  const html = Buffer.from(answer.body).toString('utf8');
  const { config, findings: configuration, aboutApps } = readBuiltConfig(page.config, url);
  const fallback = await look(new URL(fallbackName, url).href);
  const known = [
    ...first,
    ...configuration,
    ...releaseFindings(html, page, config, examination.parts, examination.version),
    fallbackFinding(page, fallback),
  ];
  if (config === undefined) return withRest(known, "the page's configuration cannot be read");

  known.push(...pageHeaderFindings(answer, config, page), ...appFindings(config, aboutApps));
  // What a page says of itself sends nobody anywhere else.
  if (config.hub.origin !== new URL(url).origin)
    return withRest(known, `the page was built for another origin, ${config.hub.origin}`);
  if (config.check !== undefined && 'url' in config.check) {
    waitingFor('the answer of check.url');
    known.push(checkUrlFinding(config.check.url, await look(config.check.url)));
  }
  const check = providerOf(config);
  if (check) {
    waitingFor('the callback page and the provider');
    const { hub } = config;
    known.push(...(await providerFindings({ check, hub, page, look, issuer: examination.issuer })));
  }
  return inOrder([...known, ...(await examination.embed(config))]);
}

/** Says of each group that has no finding why it was not looked at. */
function withRest(known: readonly Finding[], why: string): readonly Finding[] {
  const unseen = groups.filter((group) => group !== 'check' && !known.some((each) => each.group === group));
  return inOrder([...known, ...unseen.map((group) => notChecked(group, why))]);
}

function notChecked(group: Group, why: string): Finding {
  return finding(group, 'all', ['not checked', `Not looked at, since ${why}.`]);
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return groups.flatMap((group) => findings.filter((each) => each.group === group));
}
