// The login page of all apps: whoever waits here goes back to where they came from as soon as any tab signs in. It
// shows the address from its query as text alone; whether it is obeyed is up to `returnWhenSignedIn`, which asks the
// hub.

import { connect, returnWhenSignedIn } from 'lockstep';
import { button, h } from '../shared/dom.js';
import { here, originHere } from '../shared/places-here.js';
import { createUserManager, goToProvider } from '../shared/provider.js';
import { capitalised, whyEnded } from '../shared/words.js';

const root = document.getElementById('login');
if (root === null) throw new Error('The page has no element "login" to draw into.');

const session = connect({ hub: `${originHere('hub')}/`, activity: false });
const why = h('p', { class: 'lead', 'data-testid': 'reason' });
const complaint = h('p', { class: 'complaint', role: 'alert', hidden: '' });

function signIn(): void {
  // Back to this page, which knows the rest of the way.
  goToProvider(createUserManager('portal'), session, { state: here() }).catch((error: unknown) => {
    complaint.textContent = error instanceof Error ? error.message : String(error);
    complaint.hidden = false;
  });
}

function draw(): void {
  const { status, reason, error } = session.getSnapshot();
  root?.setAttribute('data-status', status);
  why.setAttribute('data-reason', reason ?? '');
  if (status === 'connecting') why.textContent = 'One moment …';
  else if (status === 'signed-in') why.textContent = 'Signed in: on the way back …';
  else why.textContent = error?.message ?? `${capitalised(whyEnded(session.getSnapshot()))}.`;
}

const back = new URL(location.href).searchParams.get('return');
root.append(
  h('p', { class: 'brand' }, h('span', { class: 'brand-mark', 'aria-hidden': 'true' }), 'Acme'),
  h('h1', {}, 'Sign in'),
  why,
  complaint,
  button('Sign in', 'sign-in', 'primary wide', signIn),
  h('p', { class: 'aside' }, 'Or sign in in any other tab: this one follows, and goes back.'),
  back === null ? '' : h('p', { class: 'aside address', 'data-testid': 'return' }, back),
);
session.subscribe(draw);
draw();
returnWhenSignedIn(session, { fallback: '/' });
