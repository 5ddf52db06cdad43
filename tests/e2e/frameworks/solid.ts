// A small app in Solid, as a stranger would write it from docs/solid.md, without Solid's compiler.

import { connect } from 'lockstep';
import { LockstepProvider, useLockstep, useSession, useSessionEvent } from 'lockstep/solid';
import { createComponent, createSignal } from 'solid-js';
import html from 'solid-js/html';
import { render } from 'solid-js/web';

function Account() {
  const snapshot = useSession();
  const { logout } = useLockstep();
  return html`<p>Signed in as ${() => snapshot().subject} <button onClick=${() => void logout()}>Sign out</button></p>`;
}

function SignIn() {
  const session = useLockstep();
  const signIn = () => {
    session.beginLogin();
    void session.login({ subject: 'ada' });
  };
  return html`<button onClick=${signIn}>Sign in</button>`;
}

function Page() {
  const snapshot = useSession();
  const [log, setLog] = createSignal('');
  useSessionEvent('logout', ({ reason, own }) => setLog(`${own ? 'my ' : ''}${reason}`));
  const shown = () => {
    if (snapshot().status === 'signed-in') return createComponent(Account, {});
    return snapshot().status === 'signed-out' ? createComponent(SignIn, {}) : 'One moment …';
  };
  return html`<div>${shown}</div><output>${log}</output>`;
}

const session = connect({ hub: document.documentElement.dataset.hub ?? '' });
const provided = {
  session,
  get children() {
    return createComponent(Page, {});
  },
};
render(() => createComponent(LockstepProvider, provided), document.body);
