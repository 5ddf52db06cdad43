// Says of each app whom its tabs share a session with, as `lockstep build` does, and what of its entry should not stay.

import type { Config } from '../config.js';
import { type Verdict, verdictsOf } from '../verdict.js';
import type { AppWarnings } from './built-config.js';
import { type Finding, finding } from './finding.js';

export function appFindings(config: Config, warnings: AppWarnings): readonly Finding[] {
  const origins = new Set(config.apps.map(({ origin }) => origin.text));
  return verdictsOf(config).map((verdict) => {
    const { origin, relation } = verdict;
    const secure = origin.replace(/^http:/, 'https:');
    const reasons = [...(warnings.get(origin) ?? [])];
    if (secure !== origin && origins.has(secure))
      reasons.push('is listed beside its https twin: whoever controls the network has its session too; remove it');
    if (relation === 'cross-site' || relation === 'other-scheme')
      reasons.push(`${shares(verdict)}; to be shared with all, serve it from the site of the hub`);
    return reasons.length === 0
      ? finding('apps', 'scope', ['ok', `${origin} ${shares(verdict)}.`], origin)
      : finding('apps', 'scope', ['warning', `${origin} ${reasons.join('. It ')}.`], origin);
  });
}

function shares({ chromium, firefox, webkit, relation }: Verdict): string {
  const each = `${chromium} in Chrome and Edge, ${firefox} in Firefox, ${webkit} in Safari`;
  return relation === 'same-site'
    ? `shares one session with ${each}`
    : `shares one session not with all everywhere: ${each}`;
}
