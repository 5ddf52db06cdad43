// Compares what is deployed with what this version of the package would deploy. A page of another version is no fault;
// one that somebody or something has altered may be.

import type { Artefacts } from '../artefacts.js';
import { hubPage } from '../build.js';
import type { Config } from '../config.js';
import { type HubPage, readHub } from '../html.js';
import { type Finding, finding, type Judged, shown } from './finding.js';

/** Nothing of this is known without the package's own page: then `parts` says why. */
export function releaseFindings(
  html: string,
  page: HubPage,
  config: Config | undefined,
  parts: Artefacts | string,
  version: string,
): readonly Finding[] {
  const found = (check: string, judged: Judged) => [finding('configuration', check, judged)];
  if (typeof parts === 'string') {
    const sentence =
      'The version cannot be compared: the page of the hub is missing in this package. Install it again.';
    return found('version', ['not checked', sentence]);
  }
  const ours = readHub(parts.template);
  if (page.script !== ours?.script || page.module !== ours.module) {
    const names = page.version === undefined ? '' : ` The page names Lockstep ${shown(page.version)}.`;
    const sentence =
      `Script and module are not those of Lockstep ${version}, which is asking.${names} Build and deploy the ` +
      'hub again with it, or ask with the version that the apps have.';
    return found('version', ['warning', sentence]);
  }
  const same = found('version', ['ok', `Script and module are those of Lockstep ${version}.`]);
  // What else the page holds depends on its configuration.
  if (config === undefined) return same;
  const unaltered = html === hubPage(config, page.config, parts);
  return [
    ...same,
    ...found(
      'page',
      unaltered
        ? ['ok', 'The page is, byte for byte, as "lockstep build" writes it.']
        : [
            'warning',
            'The page is not, byte for byte, as "lockstep build" writes it: something on the way rewrites ' +
              'it. Switch that off for the hub.',
          ],
    ),
  ];
}
