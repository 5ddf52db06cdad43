// The card that says who is signed in, or why nobody is. It reads a snapshot and decides nothing.

import type { Snapshot } from 'lockstep';
import { button, h } from './dom.js';
import { capitalised, nameOf, whyEnded } from './words.js';

export type IdentityActs = {
  readonly signIn: () => void;
  readonly goToLogin: () => void;
  readonly switchUser: () => void;
  readonly signOut: () => void;
};

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .join('')
    .slice(0, 2)
    .toUpperCase();

function signedIn(name: string, email: string, acts: IdentityActs): readonly Node[] {
  return [
    h('span', { class: 'avatar', 'aria-hidden': 'true' }, initials(name)),
    h(
      'div',
      { class: 'who' },
      h('p', { class: 'name', 'data-testid': 'user' }, name),
      h('p', { class: 'muted' }, email),
    ),
    h(
      'div',
      { class: 'acts' },
      button('Switch user', 'switch-user', 'quiet', acts.switchUser),
      button('Sign out', 'sign-out', '', acts.signOut),
    ),
  ];
}

// The way to the login page is a click here, and not taken by itself: all tabs would leave at once, and nobody could
// read why.
function signedOut(title: string, why: HTMLElement, acts: IdentityActs): readonly Node[] {
  return [
    h('span', { class: 'avatar empty', 'aria-hidden': 'true' }),
    h('div', { class: 'who' }, h('p', { class: 'name' }, title), why),
    h(
      'div',
      { class: 'acts' },
      button('Login page', 'go-to-login', 'quiet', acts.goToLogin),
      button('Sign in', 'sign-in', 'primary', acts.signIn),
    ),
  ];
}

/** `holder`: whose tokens this tab holds, which is all there is to show while Lockstep is unavailable. */
export function identity(snapshot: Snapshot, holder: string | undefined, acts: IdentityActs): readonly Node[] {
  const { status, reason, endedBy, claims, error } = snapshot;
  if (status === 'connecting')
    return [h('span', { class: 'avatar empty' }), h('p', { class: 'muted' }, 'One moment …')];
  if (status === 'signed-in') {
    const email = claims?.email;
    return signedIn(nameOf(snapshot), typeof email === 'string' ? email : '', acts);
  }
  if (status === 'unavailable') {
    const why = h('p', { class: 'muted', 'data-testid': 'error', 'data-code': error?.code }, error?.message ?? '');
    return holder === undefined ? signedOut('On its own', why, acts) : signedIn(holder, 'in this tab alone', acts);
  }
  const why = h('p', { class: 'muted', 'data-testid': 'reason', 'data-reason': reason, 'data-ended-by': endedBy });
  why.append(`${capitalised(whyEnded(snapshot))}.`);
  return signedOut('You are signed out', why, acts);
}
