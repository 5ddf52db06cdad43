// A component of the server, which uses what is for the client.

import { Show } from 'lockstep/react';
import { Account, SignIn } from './account';

export default function Page() {
  return (
    <main>
      <Show when="connecting">One moment …</Show>
      <Show when="signed-out">
        <SignIn />
      </Show>
      <Show when="signed-in">
        <Account />
      </Show>
    </main>
  );
}
