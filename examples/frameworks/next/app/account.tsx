'use client';

import { useLockstep, useSession } from 'lockstep/react';

export function SignIn() {
  const { beginLogin, login } = useLockstep();
  const signIn = () => {
    beginLogin();
    void login({ subject: 'ada' });
  };
  return (
    <button type="button" onClick={signIn}>
      Sign in
    </button>
  );
}

export function Account() {
  const { subject } = useSession();
  const { logout } = useLockstep();
  return (
    <p>
      Signed in as {subject}{' '}
      <button type="button" onClick={() => void logout()}>
        Sign out
      </button>
    </p>
  );
}
