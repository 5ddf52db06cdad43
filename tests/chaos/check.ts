// What must hold of everything that the pages of a round have noted, whatever happened to them meanwhile. Each sentence
// that it returns is a promise that was broken.

import type { Note, NoteOf } from './notes.js';

/**
 * How long something that has happened may need to reach every page. Only order counts for the hubs; but what happened
 * first in two processes is judged here by a clock.
 */
const arrivalMs = 3_000;
/** How long a duty may be under way. */
const dutyMs = 25_000;

export type Circumstances = {
  /** When a page or its hub was crashed, frozen, taken out or brought back. */
  readonly disturbedAt: readonly number[];
  /** Codes that the faults of this round explain. */
  readonly expected: ReadonlySet<string>;
};

export function brokenPromises(notes: readonly Note[], circumstances: Circumstances): readonly string[] {
  const story = [...notes].sort((a, b) => a.at - b.at || a.number - b.number);
  return [
    ...broughtBack(story),
    ...lateLogins(story),
    ...lockedOut(story, circumstances),
    ...unexpected(story, circumstances),
  ];
}

function ofType<Type extends Note['type']>(story: readonly Note[], type: Type): readonly NoteOf<Type>[] {
  return story.filter((note): note is NoteOf<Type> => note.type === type);
}

const loggedIn = (story: readonly Note[]) => ofType(story, 'login-ended').filter(({ outcome }) => outcome === 'done');
/** Those that ended a session that their page showed. */
const loggedOut = (story: readonly Note[]) =>
  ofType(story, 'logout-ended').filter(({ outcome, login }) => outcome === 'done' && login !== undefined);

/** Until when each login could be shown: what a logout ended, and what had been there before. */
function endsOf(story: readonly Note[]): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const called = new Map(ofType(story, 'login-called').map(({ login, at }) => [login, at]));
  for (const { login = 0, at } of loggedOut(story)) {
    const before = loggedIn(story).filter((one) => one.at < (called.get(login) ?? 0));
    for (const dead of [login, ...before.map((one) => one.login)]) ends.set(dead, Math.min(at, ends.get(dead) ?? at));
  }
  return ends;
}

/** A session whose logout has resolved is never shown again. */
function broughtBack(story: readonly Note[]): readonly string[] {
  const ends = endsOf(story);
  const shown = new Map<string, number | undefined>();
  const broken: string[] = [];
  for (const { document, tab, login, at } of ofType(story, 'snapshot')) {
    const end = login === undefined ? undefined : ends.get(login);
    if (end !== undefined && shown.get(document) !== login && at > end + arrivalMs)
      broken.push(`tab ${tab} shows login ${login} again, ${at - end} ms after its logout had resolved`);
    shown.set(document, login);
  }
  return broken;
}

/**
 * A login that began before a logout loses, unless it joins the session of the same person, who has signed in since. A
 * form is sent at once, and what happens at the same moment is nobody's fault.
 */
function lateLogins(story: readonly Note[]): readonly string[] {
  const begins = new Map(ofType(story, 'login-begins').map((note) => [note.login, note]));
  const called = new Map(ofType(story, 'login-called').map((note) => [note.login, note.at]));
  const logins = loggedIn(story);
  const calledAt = ({ login, at }: NoteOf<'login-ended'>) => called.get(login) ?? at;
  const subjectOf = (login: number) => begins.get(login)?.given.subject;
  // Who signs in takes the place of somebody else, whose tabs may be late to show it: what is logged out there is gone
  // by then (R2), and the logout has ended nothing.
  const isGone = ({ login = 0, at, calledAt: from }: NoteOf<'logout-ended'>) =>
    logins.some(
      (one) =>
        subjectOf(one.login) !== subjectOf(login) &&
        one.at > (called.get(login) ?? 0) &&
        calledAt(one) <= from &&
        one.at < at,
    );
  return logins
    .filter(({ how }) => how !== 'form')
    .flatMap((ended) => {
      const { login, tab, at } = ended;
      const begun = begins.get(login)?.at ?? at;
      // A login ends the flow that its document has begun: the client cannot know which of two it was (login-flow.ts).
      const isAct = (note: Note) =>
        note.type === 'click' || (/^login-(begins|called)$/.test(note.type) && 'login' in note && note.login !== login);
      const hasActed = story.some((note) => isAct(note) && note.tab === tab && note.at >= begun && note.at <= at);
      const logout = loggedOut(story).find((one) => one.calledAt > begun && one.at < calledAt(ended) && !isGone(one));
      if (!logout || hasActed) return [];
      // Two that end at one moment may be noted in either order: what it joined had been called by then, and got in.
      const isJoin = logins.some(
        (one) =>
          one.login !== login &&
          subjectOf(one.login) === subjectOf(login) &&
          one.at >= logout.calledAt &&
          calledAt(one) <= at,
      );
      return isJoin
        ? []
        : [`tab ${tab}: login ${login} began before the logout of ${logout.login} and got in after it`];
    });
}

/** A login is refused only for an end that its page had not been shown when it began. */
function lockedOut(story: readonly Note[], { disturbedAt }: Circumstances): readonly string[] {
  const ends = [
    ...ofType(story, 'logout-called').map((note) => ({
      from: note.at,
      to:
        ofType(story, 'logout-ended').find((one) => one.document === note.document && one.at >= note.at)?.at ??
        note.at + dutyMs,
    })),
    ...ofType(story, 'snapshot')
      .filter(({ reason }) => reason === 'revoked')
      .map(({ at }) => ({ from: at - arrivalMs, to: at })),
  ];
  return ofType(story, 'login-ended')
    .filter(({ outcome }) => outcome === 'session-ended')
    .flatMap(({ login, tab, document, at, how }) => {
      const isStart = (note: Note) =>
        how === 'silent'
          ? note.document === document && note.type === 'document'
          : note.type === 'login-begins' && note.login === login;
      const begun = story.find(isStart)?.at ?? 0;
      const excused = ends.some(({ from, to }) => from < at && to + arrivalMs > begun);
      const disturbed = disturbedAt.some((when) => when < at && when + dutyMs > begun);
      return excused || disturbed ? [] : [`tab ${tab}: login ${login} (${how}) was refused, though nobody logged out`];
    });
}

function unexpected(story: readonly Note[], { expected }: Circumstances): readonly string[] {
  const errors = ofType(story, 'error').map(({ tab, code, message }) => ({
    what: `error ${code} (${message})`,
    tab,
    code,
  }));
  const failed = [...ofType(story, 'login-ended'), ...ofType(story, 'logout-ended')].map(({ type, tab, outcome }) => ({
    what: `${type} with ${outcome}`,
    tab,
    code: outcome,
  }));
  return [...errors, ...failed]
    .filter(({ code }) => code !== 'done' && code !== 'session-ended' && !expected.has(code))
    .map(({ what, tab }) => `tab ${tab}: ${what}, which no fault of this round explains`);
}
