// Judges the script and the module that a page names, and what the server answers for a file that is not there.

import { createHash } from 'node:crypto';
import { fileCache, missingCache } from './cache.js';
import type { Answer, Failure } from './fetch.js';
import { type Finding, finding, type Judged, shown } from './finding.js';
import { unwantedFindings } from './page-headers.js';

export type FileKind = 'script' | 'module';

const scriptTypes = /^(text|application)\/(x-)?(java|ecma)script\s*(;|$)/i;

/** Of one file that the page names. */
export function fileFindings(kind: FileKind, name: string, answer: Answer | Failure): readonly Finding[] {
  const told = (check: string, judged: Judged) => finding('files', check, judged, name);
  const absent = absence(name, answer);
  if (absent !== undefined || 'failure' in answer) return [told('there', ['fault', absent ?? ''])];
  const { headers, body } = answer;
  const it = `The ${kind}`;
  return [
    told('there', ['ok', `${it} ${name} is there.`]),
    told('hash', hashOf(name, body)),
    told('content-type', kind === 'module' ? moduleType(headers) : scriptType(headers)),
    told('content-encoding', compression(it, headers, body.length)),
    told('cache-control', fileCache(it, headers['cache-control'])),
    told('cross-origin-resource-policy', resourcePolicy(it, headers)),
    told('access-control-allow-origin', readable(it, headers)),
    told('x-content-type-options', nosniff(it, headers)),
    ...unwantedFindings(headers, it, name),
  ];
}

/** Why there is no file to look at. */
function absence(name: string, answer: Answer | Failure): string | undefined {
  const deploy = 'Deploy the whole folder of the build.';
  if ('failure' in answer) return `${name} ${answer.failure}.`;
  const { status, headers, body, whole } = answer;
  if (status >= 300 && status < 400)
    return `${name} is redirected (${status}) to ${shown(headers.location ?? 'nowhere')}. Serve it beside the page.`;
  if (status !== 200) return `${name} is answered with ${status}. ${deploy}`;
  if (/^text\/html\b/i.test(headers['content-type'] ?? ''))
    return `${name} is answered with a page, which means that it is missing. ${deploy}`;
  if (!whole) return `${name} has more than ${body.length} bytes, and so is no file of a hub. ${deploy}`;
  return undefined;
}

/** Of one file that cannot be there. */
export function missingFindings(kind: FileKind, answer: Answer | Failure): readonly Finding[] {
  const told = (judged: Judged) => [finding('files', `missing ${kind}`, judged)];
  if ('failure' in answer)
    return told(['not checked', `What is answered for a missing ${kind} is not known: it ${answer.failure}.`]);
  const kept = missingCache(answer.headers['cache-control']);
  if (kept[0] !== 'ok') return told(kept);
  return told(
    answer.status >= 400
      ? ['ok', `A missing ${kind} is answered with ${answer.status}, which is not kept.`]
      : [
          'warning',
          `A missing ${kind} is answered with ${answer.status} instead of 404: a page instead of a file makes faults hard to name. Let the server answer 404 beside the hub.`,
        ],
  );
}

function hashOf(name: string, body: Uint8Array): Judged {
  const actual = createHash('sha256').update(body).digest('hex').slice(0, 16);
  return name.includes(`.${actual}.`)
    ? ['ok', 'Its name is the hash of its bytes.']
    : [
        'fault',
        `${name} holds other bytes than its name says (their hash is ${actual}): it is cut short, or was altered on the way. Deploy it again, and let nothing rewrite it.`,
      ];
}

function moduleType({ 'content-type': type }: Answer['headers']): Judged {
  return type === 'application/wasm'
    ? ['ok', 'The module has the type application/wasm.']
    : [
        'warning',
        `The module's Content-Type ${is(type)} and not application/wasm to the letter, so browsers compile it only once it is whole, and keep no compiled code. Correct its type.`,
      ];
}

function scriptType({ 'content-type': type }: Answer['headers']): Judged {
  return scriptTypes.test(type ?? '')
    ? ['ok', 'The script has the type of a script.']
    : [
        'fault',
        `The script's Content-Type ${is(type)} and not text/javascript: browsers do not run it. Correct its type.`,
      ];
}

function compression(it: string, { 'content-encoding': coding }: Answer['headers'], bytes: number): Judged {
  return /^(br|gzip|x-gzip|deflate|zstd)$/i.test(coding?.trim() ?? '')
    ? ['ok', `${it} travels as ${coding}.`]
    : [
        'warning',
        `${it} travels without compression, all ${bytes} bytes. Let the server compress it, as brotli or gzip.`,
      ];
}

const deployHeaders = 'Deploy the headers of the build.';

function resourcePolicy(it: string, { 'cross-origin-resource-policy': value }: Answer['headers']): Judged {
  return value === 'cross-origin'
    ? ['ok', `${it} may be used across origins.`]
    : ['warning', `${it}'s Cross-Origin-Resource-Policy ${is(value)} and not cross-origin. ${deployHeaders}`];
}

function readable(it: string, { 'access-control-allow-origin': value }: Answer['headers']): Judged {
  return value?.trim() === '*'
    ? ['ok', `Apps can read ${it.toLowerCase()}, to name a fault.`]
    : [
        'warning',
        `${it}'s Access-Control-Allow-Origin ${is(value)} and not *: an app whose hub fails cannot name the reason. ${deployHeaders}`,
      ];
}

function nosniff(it: string, { 'x-content-type-options': value }: Answer['headers']): Judged {
  return value?.trim().toLowerCase() === 'nosniff'
    ? ['ok', `Browsers do not guess at the type of ${it.toLowerCase()}.`]
    : ['warning', `${it}'s X-Content-Type-Options ${is(value)} and not nosniff. ${deployHeaders}`];
}

function is(value: string | undefined): string {
  return value === undefined ? 'is missing' : `is ${shown(value)}`;
}
