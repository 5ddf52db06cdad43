// Judges the one file beside the page, which browsers load where WebAssembly does not run. The page names it by its
// hash, so that another build's is as good as none.

import { fallbackName } from '../artefacts.js';
import { type HubPage, hashOf } from '../html.js';
import type { Answer, Failure } from './fetch.js';
import { type Finding, finding, type Judged } from './finding.js';

export function fallbackFinding({ fallback }: HubPage, answer: Answer | Failure): Finding {
  return finding('configuration', 'fallback', judgedOf(fallback, answer));
}

function judgedOf(fallback: string, answer: Answer | Failure): Judged {
  const harm = 'A browser without WebAssembly refuses the hub (wasm-refused).';
  const advice = `${harm} Deploy the whole folder of the build.`;
  if ('failure' in answer) return ['warning', `${fallbackName} ${answer.failure}. ${advice}`];
  if (answer.status !== 200) return ['warning', `${fallbackName} is answered with ${answer.status}. ${advice}`];
  if (hashOf(answer.body) !== fallback)
    return ['warning', `${fallbackName} is not the one that the page names. ${advice}`];
  if (!/^(text|application)\/(x-)?(java|ecma)script\s*(;|$)/i.test(answer.headers['content-type'] ?? ''))
    return ['warning', `${fallbackName} is not served as text/javascript. ${harm}`];
  return ['ok', `${fallbackName} is there, for browsers without WebAssembly.`];
}
