// Without Solid's compiler.

import { LockstepProvider, useLockstep, useSession } from 'lockstep/solid';
import { createComponent, createSignal } from 'solid-js';
import html from 'solid-js/html';
import { render } from 'solid-js/web';
import { finishLogin, getToken, session, signIn } from './login.js';

const problem = await finishLogin();

function Account() {
  const snapshot = useSession();
  const { logout } = useLockstep();
  const [token, setToken] = createSignal('');
  return html`
    <p>Signed in as ${() => snapshot().subject}</p>
    <button type="button" onClick=${() => void getToken().then(setToken)}>Get a token</button>
    <output>${token}</output>
    <button type="button" onClick=${() => void logout()}>Sign out</button>
  `;
}

const SignIn = () => html`<p>${problem}</p><button type="button" onClick=${() => void signIn()}>Sign in</button>`;

function Page() {
  const snapshot = useSession();
  const shown = () => {
    if (snapshot().status === 'signed-in') return createComponent(Account, {});
    return snapshot().status === 'signed-out' ? createComponent(SignIn, {}) : 'One moment …';
  };
  return html`<div>${shown}</div>`;
}

const provided = {
  session,
  get children() {
    return createComponent(Page, {});
  },
};
render(() => createComponent(LockstepProvider, provided), document.getElementById('root') as Element);
