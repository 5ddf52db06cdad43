// Judges what `check.url` answers to a stranger without cookies. The hub asks it with the user's; that is never done
// here.

import type { Answer, Failure } from './fetch.js';
import { type Finding, finding, type Judged, shown } from './finding.js';

export function checkUrlFinding(url: string, answer: Answer | Failure): Finding {
  return finding('check', 'check.url', judged(url, answer));
}

const unknown = 'A hub takes that for "not known", so nobody is signed out by a check, and nobody prolonged';

function judged(url: string, answer: Answer | Failure): Judged {
  if ('failure' in answer) return ['fault', `${url} ${answer.failure}.`];
  const { status, headers, body } = answer;
  if (status === 401 || status === 403)
    return [
      'ok',
      `${url} answers ${status} without cookies. A hub takes that for "not known": for a session that has ` +
        'ended answer 200 with {"active": false}.',
    ];
  if (status >= 300 && status < 400)
    return [
      'fault',
      `${url} is redirected (${status}) to ${shown(headers.location ?? 'nowhere')}, which a hub does not ` +
        'follow. Answer 200 with {"active": false}.',
    ];
  if (status !== 200)
    return [
      'fault',
      `${url} answers ${status}. ${unknown}. Answer 200 with {"active": false} to who is not signed in.`,
    ];
  const active = activeOf(Buffer.from(body).toString('utf8'));
  if (active === undefined)
    return [
      'fault',
      `${url} answers 200, but not with JSON like {"active": false}. ${unknown}. Correct what it answers.`,
    ];
  return active
    ? [
        'warning',
        `${url} says without any cookie that a session lives, so it says so of everybody. Let it decide by ` +
          `the session's cookie.`,
      ]
    : ['ok', `${url} answers without cookies that no session lives.`];
}

/** PROTOCOL.md §5: a JSON object whose `active` is a boolean. */
function activeOf(text: string): boolean | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return 'active' in value && typeof value.active === 'boolean' ? value.active : undefined;
  } catch {
    return undefined;
  }
}
