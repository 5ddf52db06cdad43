// What the five apps of this folder show. Each of them is a login library, its adapter, and this page; the guides are
// docs/adapters.md and docs/react.md.

import type { Session } from 'lockstep';
import { LockstepProvider, Show, useLockstep, useSession } from 'lockstep/react';
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';

/** What an app asks of its login library. */
export type Login = {
  /** Goes to the provider. */
  readonly signIn: () => Promise<unknown>;
  /** For a request to an API; the library renews it where it has ended. */
  readonly getToken: () => Promise<string | undefined>;
};

let problem = '';

/** Reads the provider's answer. What is wrong with it is shown, and the app starts nevertheless. */
export async function finishLogin(read: () => Promise<unknown>): Promise<void> {
  await read().catch((error) => {
    problem = error.message ?? error.error;
  });
  if (location.pathname === '/callback') history.replaceState(null, '', '/');
}

function Account({ getToken }: Pick<Login, 'getToken'>) {
  const { subject } = useSession();
  const { logout } = useLockstep();
  const [token, setToken] = useState('');
  const ask = () =>
    getToken().then(
      (found) => setToken(found ?? 'none'),
      (error) => setToken(`none: ${error.message}`),
    );
  return (
    <>
      <p>Signed in as {subject}</p>
      <button type="button" onClick={ask}>
        Get a token
      </button>
      <output>{token}</output>
      <button type="button" onClick={() => void logout()}>
        Sign out
      </button>
    </>
  );
}

function SignIn({ signIn }: Pick<Login, 'signIn'>) {
  return (
    <>
      {problem && <p role="alert">Nobody has signed in: {problem}</p>}
      <button type="button" onClick={() => void signIn()}>
        Sign in
      </button>
    </>
  );
}

export function show(session: Session, { signIn, getToken }: Login): void {
  createRoot(document.getElementById('root') as Element).render(
    <StrictMode>
      <LockstepProvider session={session}>
        <Show when="connecting">One moment …</Show>
        <Show when="unavailable">The sign-in service cannot be reached.</Show>
        <Show when="signed-out">
          <SignIn signIn={signIn} />
        </Show>
        <Show when="signed-in">
          <Account getToken={getToken} />
        </Show>
      </LockstepProvider>
    </StrictMode>,
  );
}
