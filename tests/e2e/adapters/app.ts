// The app of the conformance suite: one line joins a login library to the session. What it is shown, the page notes.

import { connect, type Session } from 'lockstep';
// The bundler puts the library of the test here.
import { createLibrary } from 'the-library';
import type { CreateLibrary, Library, LibraryOptions } from './library.js';

export type App = Library & { readonly session: Session; readonly connect: () => Session };

declare global {
  interface Window {
    app: App;
    note: (note: object) => void;
  }
}

const options: LibraryOptions = JSON.parse(document.getElementById('options')?.textContent ?? '');
const library = await (createLibrary as CreateLibrary)(options);

/** What an app has without Lockstep: the library alone, as it comes. */
async function runAlone(): Promise<void> {
  await library.renew();
  document.body.dataset.app = 'running';
}

async function run(): Promise<void> {
  const join = () => connect({ hub: 'https://hub.acme.com/', adapter: library.adapter });
  const session = join();
  for (const type of ['login', 'logout', 'user-change', 'error'] as const) {
    session.on(type, (event) => {
      const { error, own } = event as { readonly error?: Error; readonly own?: true };
      window.note({ type, own: own === true, text: error && `${error.message} ${String(error.cause ?? '')}` });
    });
  }
  window.note({ type: 'page' });
  window.app = { ...library, session, connect: join };

  if (location.pathname === '/callback') {
    await library.finish().catch(({ code, message }) => window.note({ type: 'refused', text: code ?? message }));
    history.replaceState(null, '', '/');
  } else await library.start?.();
  document.body.dataset.app = 'running';
}

// As an adapter says it of a login that no function of the app waits for.
addEventListener('error', ({ error }) => window.note({ type: 'reported', text: error?.code ?? `${error}` }));
addEventListener('unhandledrejection', ({ reason }) => window.note({ type: 'error', text: `unhandled: ${reason}` }));
await (location.pathname === '/alone' ? runAlone() : run());
