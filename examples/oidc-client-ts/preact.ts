import { LockstepProvider, Show, useLockstep, useSession } from 'lockstep/preact';
import { type FunctionComponent, createElement as h, render } from 'preact';
import { useState } from 'preact/hooks';
import { finishLogin, getToken, session, signIn } from './login.js';

const problem = await finishLogin();

const Account: FunctionComponent = () => {
  const { subject } = useSession();
  const { logout } = useLockstep();
  const [token, setToken] = useState('');
  return [
    h('p', null, `Signed in as ${subject}`),
    h('button', { type: 'button', onClick: () => void getToken().then(setToken) }, 'Get a token'),
    h('output', null, token),
    h('button', { type: 'button', onClick: () => void logout() }, 'Sign out'),
  ];
};

const SignIn: FunctionComponent = () => [
  h('p', null, problem),
  h('button', { type: 'button', onClick: () => void signIn() }, 'Sign in'),
];

render(
  h(
    LockstepProvider,
    { session },
    h(Show, { when: 'connecting' }, 'One moment …'),
    h(Show, { when: 'signed-out' }, h(SignIn, null)),
    h(Show, { when: 'signed-in' }, h(Account, null)),
  ),
  document.getElementById('root') as Element,
);
