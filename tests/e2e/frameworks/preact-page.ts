// A small app in Preact, as a stranger would write it from docs/preact.md. It is rendered on a server first.

import type { Session } from 'lockstep';
import { LockstepProvider, Show, useLockstep, useSession, useSessionEvent } from 'lockstep/preact';
import { type FunctionComponent, createElement as h } from 'preact';
import { useState } from 'preact/hooks';

const Account: FunctionComponent = () => {
  const { subject } = useSession();
  const { logout } = useLockstep();
  return h('p', null, `Signed in as ${subject} `, h('button', { onClick: () => void logout() }, 'Sign out'));
};

const SignIn: FunctionComponent = () => {
  const session = useLockstep();
  const signIn = () => {
    session.beginLogin();
    void session.login({ subject: 'ada' });
  };
  return h('button', { onClick: signIn }, 'Sign in');
};

const Log: FunctionComponent = () => {
  const [log, setLog] = useState('');
  useSessionEvent('logout', ({ reason, own }) => setLog(`${own ? 'my ' : ''}${reason}`));
  return h('output', null, log);
};

export const Page: FunctionComponent<{ readonly session: Session }> = ({ session }) =>
  h(
    LockstepProvider,
    { session },
    h(Show, { when: 'connecting' }, 'One moment …'),
    h(Show, { when: 'signed-out' }, h(SignIn, null)),
    h(Show, { when: 'signed-in' }, h(Account, null)),
    h(Log, null),
  );
