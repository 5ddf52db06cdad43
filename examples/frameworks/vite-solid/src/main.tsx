import { LockstepProvider, useLockstep, useSession } from 'lockstep/solid';
import { Match, Switch } from 'solid-js';
import { render } from 'solid-js/web';
import { session } from './session';

function Page() {
  const snapshot = useSession();
  const { beginLogin, login, logout } = useLockstep();
  const signIn = () => {
    beginLogin();
    void login({ subject: 'ada' });
  };
  return (
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
  );
}

render(
  () => (
    <LockstepProvider session={session}>
      <Page />
    </LockstepProvider>
  ),
  document.querySelector('#app') as Element,
);
