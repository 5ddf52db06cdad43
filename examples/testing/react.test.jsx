// A component that uses `lockstep/react`, over a session that the test drives. The same file runs in Vitest and in Jest.

import { act, fireEvent, render, screen } from '@testing-library/react';
import { LockstepProvider, useLockstep, useSession } from 'lockstep/react';
import { createTestSession } from 'lockstep/testing';

function Account() {
  const { status, subject } = useSession();
  const { logout } = useLockstep();
  if (status !== 'signed-in') return <p>Nobody</p>;
  return (
    <button type="button" onClick={() => void logout()}>
      Sign {subject} out
    </button>
  );
}

test('shows who is signed in, and signs out', async () => {
  const session = createTestSession();
  render(
    <LockstepProvider session={session}>
      <Account />
    </LockstepProvider>,
  );
  expect(screen.getByText('Nobody')).toBeTruthy();
  act(() => session.signIn('ada'));
  await act(async () => fireEvent.click(screen.getByText('Sign ada out')));
  expect(screen.getByText('Nobody')).toBeTruthy();
  expect(session.calls).toEqual([{ type: 'logout' }]);
});
