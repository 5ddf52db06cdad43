// A small app in React, as a stranger would write it from docs/react.md. It is rendered on a server first.

import type { Session } from 'lockstep';
import { LockstepProvider, Show, useIdle, useLockstep, useSession, useSessionEvent } from 'lockstep/react';
import { type FunctionComponent, createElement as h, StrictMode, useState } from 'react';

const Account: FunctionComponent = () => {
  const snapshot = useSession();
  const { logout } = useLockstep();
  if (snapshot.status !== 'signed-in') return null;
  return h(
    'p',
    null,
    `Signed in as ${snapshot.subject} `,
    h('button', { type: 'button', onClick: () => void logout() }, 'Sign out'),
  );
};

const SignIn: FunctionComponent = () => {
  const session = useLockstep();
  const signIn = () => {
    session.beginLogin();
    void session.login({ subject: 'ada' });
  };
  return h('button', { type: 'button', onClick: signIn }, 'Sign in');
};

const Warning: FunctionComponent = () => {
  const { isWarned, secondsLeft, stay } = useIdle();
  return isWarned ? h('button', { type: 'button', onClick: stay }, `Stay (${secondsLeft} s left)`) : null;
};

const Log: FunctionComponent = () => {
  const [log, setLog] = useState('');
  useSessionEvent('login', ({ own }) => setLog((before) => `${before}${own ? 'my ' : ''}login `));
  useSessionEvent('logout', ({ reason, own }) => setLog((before) => `${before}${own ? 'my ' : ''}${reason} `));
  return h('output', null, log.trim());
};

export const Page: FunctionComponent<{ readonly session: Session }> = ({ session }) =>
  h(
    StrictMode,
    null,
    h(
      LockstepProvider,
      { session },
      h(Show, { when: 'connecting' }, 'One moment …'),
      h(Show, { when: 'signed-out' }, h(SignIn)),
      h(Show, { when: 'signed-in' }, h(Account), h(Warning)),
      h(Log),
    ),
  );
