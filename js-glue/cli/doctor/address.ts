// Judges how a hub's URL answers at all, and what the same host serves over plain http.

import { type HubPage, readHub } from '../html.js';
import type { Answer, Failure } from './fetch.js';
import { type Finding, finding, type Judged, shown } from './finding.js';

export type Arrived = { readonly findings: readonly Finding[]; readonly page?: HubPage };

/** `index`: what is answered at the page's other path, where it was asked for. */
export function addressFindings(url: string, answer: Answer | Failure, index?: Answer | Failure): Arrived {
  const only = (check: string, judged: Judged): Arrived => ({ findings: [finding('address', check, judged)] });
  if ('failure' in answer) return only('reachable', ['fault', `${url} ${answer.failure}.`]);
  const { status, headers, body, whole, ms, proxy } = answer;
  const asked = proxy === undefined ? '' : ` It was asked through ${proxy}.`;
  if (status >= 300 && status < 400 && status !== 304) {
    const target = shown(headers.location ?? 'nowhere');
    const sentence =
      `${url} is redirected (${status}) to ${target}: an app sends its hello to the origin that it ` +
      `was configured with, and no other can answer. Serve the hub at its own URL, or use ${target} everywhere.`;
    return only('redirect', ['fault', sentence]);
  }
  if (status !== 200) {
    const sentence = showsHub(index)
      ? `${url} answers ${status}, though ${url}index.html shows the hub: the host knows no index of a ` +
        'folder. S3 behind CloudFront needs the function in cloudfront-function.js.'
      : `${url} answers ${status}. Deploy the folder of the build so that this URL serves it.${asked}`;
    return only('status', ['fault', sentence]);
  }
  const reached = finding('address', 'reachable', ['ok', `${url} answers 200, in ${ms} ms.${asked}`]);
  if (!whole) {
    const sentence =
      `${url} answers with more than ${body.length} bytes, and so with no hub. Deploy the folder of the ` +
      'build there.';
    return { findings: [reached, finding('address', 'hub', ['fault', sentence])] };
  }
  const page = readHub(Buffer.from(body).toString('utf8'));
  if (page === undefined) {
    const sentence =
      `${url} shows a page that is no hub. Deploy the folder of the build there, and let nothing rewrite its ` +
      'page.';
    return { findings: [reached, finding('address', 'hub', ['fault', sentence])] };
  }
  return { findings: [reached, finding('address', 'hub', ['ok', 'The page is a hub.'])], page };
}

function showsHub(answer: Answer | Failure | undefined): boolean {
  if (answer === undefined || 'failure' in answer) return false;
  return answer.status === 200 && readHub(Buffer.from(answer.body).toString('utf8')) !== undefined;
}

/** The address of the same host over plain http; nothing where the hub has no http twin that a browser would try. */
export function twinOf(url: string): string | undefined {
  const twin = new URL(url);
  if (twin.protocol !== 'https:') return undefined;
  twin.protocol = 'http:';
  twin.port = '';
  return twin.href;
}

export function twinFinding(twin: string, answer: Answer | Failure): Finding {
  return finding('address', 'http twin', judgedTwin(twin, answer));
}

function judgedTwin(twin: string, answer: Answer | Failure): Judged {
  if ('failure' in answer)
    return answer.proxy === undefined
      ? ['ok', `Nothing answers at ${twin}.`]
      : ['not checked', `${twin} ${answer.failure}.`];
  const { status, headers, body } = answer;
  const location = headers.location ?? '';
  if (status >= 300 && status < 400) {
    const target = URL.canParse(location, twin) ? new URL(location, twin) : undefined;
    return target?.protocol === 'https:'
      ? ['ok', `${twin} leads to https.`]
      : ['warning', `${twin} is redirected to ${shown(location)}, and not to https. Redirect it to https.`];
  }
  if (status >= 400) return ['ok', `${twin} answers ${status}, and so shows no hub.`];
  return readHub(Buffer.from(body).toString('utf8')) === undefined
    ? ['warning', `${twin} answers ${status} over plain http. Redirect it to https.`]
    : ['warning', `${twin} serves a hub over plain http, which anybody on the way can alter. Redirect it to https.`];
}
