// Compares what is deployed with what this version of the package would deploy. A page of another version is no fault; one that somebody
// or something has altered may be.

import type { Artefacts } from '../artefacts.js';
import type { Config } from '../config.js';
import { composeHub } from '../html.js';
import { sameSiteFor, verdictsOf } from '../verdict.js';
import { type Finding, finding } from './finding.js';
import type { HubPage } from './page.js';

/** Nothing of this is known without the package's own parts: then `parts` says why. */
export function releaseFindings(
  html: string,
  page: HubPage,
  config: Config | undefined,
  parts: Artefacts | string,
  version: string,
): readonly Finding[] {
  if (typeof parts === 'string') {
    const sentence =
      'The version cannot be compared: the parts of the hub are missing in this package. Install it again.';
    return [finding('configuration', 'version', ['not checked', sentence])];
  }
  const sameSite = config ? sameSiteFor(verdictsOf(config)) : 'Strict';
  const ours = composeHub({ ...parts, config: page.configText, sameSite });
  if (!page.scripts.includes(ours.scriptName) || !page.modules.includes(ours.moduleName)) {
    const sentence = `Script and module are not those of Lockstep ${version}, which is asking. Build and deploy the hub again with it, or ask with the version that the apps have.`;
    return [finding('configuration', 'version', ['warning', sentence])];
  }
  const same = finding('configuration', 'version', ['ok', `Script and module are those of Lockstep ${version}.`]);
  return [
    same,
    html === ours.html
      ? finding('configuration', 'page', ['ok', 'The page is, byte for byte, as "lockstep build" writes it.'])
      : finding('configuration', 'page', [
          'warning',
          'The page is not, byte for byte, as "lockstep build" writes it: something on the way rewrites it. Switch that off for the hub.',
        ]),
  ];
}
