// What this tab shows now: the status and why, whom it is in lockstep with, deadlines, the last error and its cure, and
// what can be known of capabilities without asking anybody.

import type { EpochMs, Snapshot } from 'lockstep';
import { type Child, h } from './dom.js';
import type { Act, Timeline } from './timeline.js';
import { cureOf, leftUntil, placeSentence, statusSentence, timeOf } from './words.js';

export function stateView(snapshot: Snapshot, timeline: Timeline): HTMLElement {
  const { status, scope, medium, subject, sessionId, claims, signedInAt, expiresAt, idleAt } = snapshot;
  const failure = timeline.lastFailure();
  return h(
    'dl',
    {},
    ...row('Status', badge(status, status), statusSentence(snapshot)),
    ...row('User', subject),
    ...row('Session id', sessionId),
    ...row('Claims', claims && h('code', {}, JSON.stringify(claims))),
    ...row('Signed in', signedInAt !== undefined && time(signedInAt)),
    ...row('Expires', ...deadline(expiresAt)),
    ...row('Idle end', ...deadline(idleAt)),
    ...row('Scope', badge(scope, scope), badge(medium), placeSentence(snapshot)),
    ...row('Last error', ...(failure ? [badge(failure.code, 'error'), failure.message, cure(failure.code)] : [])),
    ...row('May', ...capabilities(status, timeline.outcomes())),
    ...row('Browser', platform()),
  );
}

/** The countdowns that `stateView` has made say what is left now. */
export function tick(view: ParentNode): void {
  for (const element of view.querySelectorAll('[data-until]'))
    element.textContent = leftUntil(Number(element.getAttribute('data-until')), Date.now());
}

/** Nothing where it has no content. */
function row(term: string, ...content: readonly Child[]): readonly Child[] {
  const isEmpty = content.every((child) => !child);
  return isEmpty ? [] : [h('dt', {}, term), h('dd', {}, ...content)];
}

function badge(text: string, kind?: string): HTMLElement {
  return h('span', { class: 'badge', 'data-kind': kind }, text);
}

const time = (at: EpochMs): HTMLElement => h('time', { datetime: new Date(at).toISOString() }, timeOf(at));

function deadline(at: EpochMs | undefined): readonly Child[] {
  if (at === undefined) return [];
  return [h('strong', { 'data-until': String(at) }, leftUntil(at, Date.now())), time(at)];
}

function cure(code: string): Child {
  const text = cureOf(code);
  return text && h('p', { class: 'cure' }, text);
}

/** A confirmed snapshot proves `read`; what the others are, only an act shows. `touch` has no answer. */
function capabilities(status: Snapshot['status'], outcomes: ReadonlyMap<Act, string>): readonly Child[] {
  const may = (act: Act) => {
    const outcome = outcomes.get(act);
    if (outcome === 'forbidden') return 'no';
    return outcome === 'done' ? 'yes' : 'not tried';
  };
  const isRead = status === 'signed-in' || status === 'signed-out';
  const known = [
    ['read', isRead ? 'yes' : 'not known'],
    ['login', may('login')],
    ['logout', may('logout')],
  ] as const;
  return known.map(([name, answer]) => badge(`${name}: ${answer}`, answer === 'no' ? 'error' : undefined));
}

/** What decides on scope and medium. */
function platform(): string {
  const has = [
    [window.isSecureContext, 'secure context'],
    ['locks' in navigator, 'Web Locks'],
    ['cookieStore' in window, 'CookieStore'],
    ['requestStorageAccess' in document, 'Storage Access API'],
  ] as const;
  return has.map(([isThere, name]) => `${isThere ? '' : 'no '}${name}`).join(', ');
}
