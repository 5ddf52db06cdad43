import { LockstepProvider, useLockstep, useSession } from 'lockstep/solid';
import { Match, Switch } from 'solid-js';
import { session } from './session';

function Account() {
  const snapshot = useSession();
  const { beginLogin, login, logout } = useLockstep();
  const signIn = () => {
    beginLogin();
    void login({ subject: 'ada' });
  };
  return (
    <main class={snapshot().status}>
      <Switch fallback="One moment …">
        <Match when={snapshot().status === 'signed-out'}>
          <button type="button" onClick={signIn}>
            Sign in
          </button>
        </Match>
        <Match when={snapshot().status === 'signed-in'}>
          <p>
            Signed in as {snapshot().subject}{' '}
            <button type="button" onClick={() => void logout()}>
              Sign out
            </button>
          </p>
        </Match>
      </Switch>
    </main>
  );
}

export function Page() {
  return (
    <LockstepProvider session={session}>
      <Account />
    </LockstepProvider>
  );
}
