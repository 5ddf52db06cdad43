// A micro-app as single-spa knows it: it connects when it is mounted, and closes when it is unmounted.

import { connect, type Session } from 'lockstep';

export function microApp(name: string) {
  const element = document.createElement('section');
  let session: Session;

  function show(): void {
    const { status, subject } = session.getSnapshot();
    element.replaceChildren(`${name}: ${subject ?? status} `, button('in', signIn), button('out', session.logout));
  }
  function signIn(): void {
    session.beginLogin();
    void session.login({ subject: 'ada' });
  }
  function button(text: string, act: () => unknown): HTMLButtonElement {
    const made = document.createElement('button');
    made.append(`${name} ${text}`);
    made.addEventListener('click', () => void act());
    return made;
  }

  return {
    bootstrap: async () => {},
    mount: async () => {
      session = connect({ hub: document.documentElement.dataset.hub ?? '' });
      session.subscribe(show);
      show();
      document.body.append(element);
    },
    unmount: async () => {
      session.close();
      element.remove();
    },
  };
}
