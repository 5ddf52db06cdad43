import { LockstepProvider, Show, useLockstep, useSession } from 'lockstep/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { session } from './session';

function SignIn() {
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

function Account() {
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

createRoot(document.querySelector('#app') as Element).render(
  <StrictMode>
    <LockstepProvider session={session}>
      <Show when="connecting">One moment …</Show>
      <Show when="signed-out">
        <SignIn />
      </Show>
      <Show when="signed-in">
        <Account />
      </Show>
    </LockstepProvider>
  </StrictMode>,
);
