// The login page of `lockstep dev --as NAME`, in the place of the app's own while there is no provider: no password, no
// token, one user. It is an app of the hub like any other, at the hub's own origin, and holds no rule of the session.

import { clientName } from './artefacts.js';
import type { Headers } from './headers.js';
import { hashSource } from './html.js';

export const signInPath = '/sign-in';

/** As PROTOCOL.md §3 bounds a subject. */
const nameBytesMax = 256;

export function isName(name: string): boolean {
  return name !== '' && Buffer.byteLength(name) <= nameBytesMax;
}

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-content: center; min-height: 90vh; margin: 0; }
  main { width: 24rem; max-width: 90vw; }
  h1 { font-size: 1.25rem; }
  button { font: inherit; padding: 0.5rem 1rem; }
`;

const script = `
  const session = lockstep.connect({ hub: location.origin + '/' });
  const { name } = document.querySelector('main').dataset;
  const state = document.querySelector('[role=status]');
  const button = document.querySelector('button');

  async function signIn() {
    session.beginLogin();
    await session.login({ subject: name, claims: { name } });
  }

  function show({ status, subject, error }) {
    state.textContent = {
      connecting: 'One moment …',
      unavailable: error?.message,
      'signed-in': subject + ' is signed in, in every app of this hub.',
      'signed-out': 'Nobody is signed in.',
    }[status];
    button.textContent = subject ? 'Sign out' : 'Sign in as ' + name;
    button.hidden = !status.startsWith('signed');
  }

  button.onclick = () => (session.getSnapshot().subject ? session.logout() : signIn());
  session.subscribe(show);
  show(session.getSnapshot());
  // An app that leads here wants the user to press a button. If this page did it, nobody could stay signed out.
  const leadsBack = new URLSearchParams(location.search).has('return');
  if (leadsBack) lockstep.returnWhenSignedIn(session, { fallback: location.pathname });
  else session.ready.then(signIn);
`;

export const signInHeaders: Headers = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': [
    "default-src 'none'",
    `script-src 'self' ${hashSource(script)}`,
    `style-src ${hashSource(style)}`,
    // The hub, and the client's look at it where that does not answer.
    "frame-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};

export function signInPage(name: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in as ${escapeHtml(name)}</title>
<style>${style}</style>
<main data-name="${escapeHtml(name)}">
<h1>In the place of your login page</h1>
<p role="status">One moment …</p>
<button hidden></button>
<p><small>By <code>lockstep dev --as</code>, on this machine alone: there is no password.</small></p>
</main>
<script src="/${clientName}"></script>
<script>${script}</script>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
