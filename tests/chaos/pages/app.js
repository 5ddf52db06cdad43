// The app of a round. It notes everything it is shown and everything it does, with the time, and sends each note to
// its server at once.

import { connect, LockstepError } from '/lockstep.js';

const settings = JSON.parse(document.getElementById('settings').textContent);
const query = new URLSearchParams(location.search);
const id = `${performance.timeOrigin}-${Math.random()}`;
let count = 0;
let pending = 0;

function note(type, members = {}) {
  const origin = { tab: query.get('tab'), document: id, number: count++, at: Date.now() };
  navigator.sendBeacon('/note', JSON.stringify({ ...origin, type, ...members }));
}

note('document');

const session = connect({
  hub: settings.hub,
  checkSession: async ({ signal }) => {
    const response = await fetch('/check', { signal, cache: 'no-store' });
    if (!response.ok) throw new Error(`The provider answers ${response.status}.`);
    return response.json();
  },
});

/** The number of the login that the session shows. */
const loginOf = ({ claims }) => claims?.login;

function noteSnapshot(snapshot) {
  const { status, reason, subject, scope, error } = snapshot;
  note('snapshot', { status, reason, subject, scope, login: loginOf(snapshot), error: error?.code });
}

session.subscribe(noteSnapshot);
for (const type of ['login', 'logout', 'user-change', 'scope']) session.on(type, () => note(type));
session.on('error', ({ error }) => note('error', { code: error.code, message: error.message }));
addEventListener('pageshow', ({ persisted }) => persisted && note('pageshow'));

async function outcomeOf(promise) {
  pending++;
  try {
    await promise;
    return 'done';
  } catch (error) {
    if (error instanceof LockstepError) return error.code;
    throw error;
  } finally {
    pending--;
  }
}

async function login({ login, how, given }) {
  note('login-called', { login, how });
  const outcome = await outcomeOf(session.login({ ...given, claims: { login } }));
  note('login-ended', { login, how, outcome });
}

const acts = {
  /** The user fills in the app's own form, and clicks. */
  form(act) {
    document.getElementById('send').onclick = () => {
      note('click');
      note('login-begins', act);
      session.beginLogin();
      login(act);
    };
  },
  /** The app asks the provider, which answers when the test lets it. */
  async silent(act) {
    note('login-begins', act);
    pending++;
    await fetch('/silent', { cache: 'no-store' }).catch(() => undefined);
    pending--;
    login(act);
  },
  redirect({ to, ...act }) {
    note('login-begins', act);
    session.beginLogin();
    sessionStorage.setItem('act', JSON.stringify(act));
    setTimeout(() => location.assign(to));
  },
  async logout() {
    const calledAt = Date.now();
    const shown = loginOf(session.getSnapshot());
    note('logout-called', { login: shown });
    const outcome = await outcomeOf(session.logout());
    note('logout-ended', { login: shown, outcome, calledAt });
  },
  async check() {
    note('check-called');
    const outcome = await session.check().catch((error) => error.code);
    note('check-ended', { outcome });
  },
  /** Resolves when a hub has replied, or none has in time: then the next one is on its way. */
  ask: () => session.allows(location.origin).catch(() => {}),
  removeHub: () => document.querySelector('iframe')?.remove(),
  go: (url) => void setTimeout(() => location.assign(url)),
};

/** The last of its notes so far. */
function barrier() {
  note('barrier');
  return { document: id, count };
}

function look() {
  const { status, subject, scope, claims } = session.getSnapshot();
  return { document: id, status, subject, scope, login: claims?.login, pending };
}

Object.assign(window, { acts, look, barrier });
document.documentElement.dataset.app = 'running';
const waiting = query.has('code') && sessionStorage.getItem('act');
if (waiting) {
  sessionStorage.removeItem('act');
  login(JSON.parse(waiting));
}
