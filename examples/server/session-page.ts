// The provider's own page about the session of this browser, for whoever plays the administrator: who is signed in, who
// has asked about it, and a button that revokes it. It works without a script, and shows what is so when it is loaded.

import { userWithSubject } from './accounts.js';
import { escapeHtml, page } from './pages.js';
import type { Asked, SessionHere } from './sessions.js';

const shownMax = 8;

const time = (at: number): string => new Date(at).toLocaleTimeString('en-GB');

const outcome = ({ what, found }: Asked): string => {
  if (what === 'check') return found ? 'asked: it lives' : 'asked: it is gone';
  if (what === 'everywhere') return found ? 'signed the user out everywhere' : 'wanted to: nobody was signed in';
  if (!found) return what === 'end' ? 'wanted to end it: it was gone' : 'wanted to revoke it: it was gone';
  return what === 'end' ? 'ended it' : 'revoked it';
};

const row = (asked: Asked): string =>
  `<li><time>${time(asked.at)}</time> <strong>${escapeHtml(asked.by)}</strong> ${outcome(asked)}</li>`;

export function sessionPage(session: SessionHere | undefined, asked: readonly Asked[]): string {
  const name = session && (userWithSubject(session.subject)?.name ?? session.subject);
  const state =
    session === undefined
      ? '<p class="lead" data-testid="session">Nobody is signed in.</p>'
      : `<p class="lead" data-testid="session"><strong>${escapeHtml(name ?? '')}</strong> is signed in until
      ${time(session.expiresAt)}, and longer whenever an app asks.</p>
    <form method="post" action="/session/revoke">
      <button class="primary" data-testid="revoke">Revoke the session</button>
    </form>
    <p class="aside">No app is informed. The next check finds out, and with it every tab.</p>
    <form method="post" action="/session/everywhere">
      <button data-testid="everywhere">Sign ${escapeHtml(name ?? '')} out everywhere</button>
    </form>
    <p class="aside">In every browser, at once: the hub is informed by a logout token.</p>`;
  const latest = asked.slice(-shownMax).reverse();
  const list =
    latest.length === 0
      ? ''
      : `<p class="divider"><span>who asked</span></p><ul class="asked">${latest.map(row).join('')}</ul>`;
  return page('Provider', `<h1>The provider</h1>${state}${list}`);
}
