// The provider's pages as HTML text: the login form, the question before a logout, and errors. They work without a
// script; the only one there is presses the "yes" of a logout that an app of ours has asked for.

import type { DemoUser } from './accounts.js';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

const initials = (name: string): string => name.replace(/[^A-Z]/g, '').slice(0, 2);

export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escapeHtml(title)} · Acme</title>
  <link rel="stylesheet" href="/login.css">
</head>
<body>
  <main class="sheet">
    <p class="brand"><span class="brand-mark" aria-hidden="true"></span>Acme</p>
    ${body}
  </main>
</body>
</html>
`;
}

function demoUserForm(action: string, user: DemoUser): string {
  return `<form method="post" action="${escapeHtml(action)}">
      <input type="hidden" name="username" value="${escapeHtml(user.login)}">
      <input type="hidden" name="password" value="${escapeHtml(user.password)}">
      <button class="person" data-testid="demo-user-${escapeHtml(user.login)}">
        <span class="person-mark" aria-hidden="true">${escapeHtml(initials(user.name))}</span>
        <span class="person-name">${escapeHtml(user.name)}</span>
        <code>${escapeHtml(user.login)} / ${escapeHtml(user.password)}</code>
      </button>
    </form>`;
}

export type LoginPage = {
  readonly action: string;
  readonly appName: string;
  readonly users: readonly DemoUser[];
  /** The user name that was refused a moment ago. */
  readonly refused?: string;
};

export function loginPage({ action, appName, users, refused }: LoginPage): string {
  const complaint =
    refused === undefined
      ? ''
      : `<p class="complaint" role="alert" data-testid="login-error">
          This user name and password do not belong together.</p>`;
  return page(
    'Sign in',
    `<h1>Sign in</h1>
    <p class="lead">to continue to <strong>${escapeHtml(appName)}</strong></p>
    ${complaint}
    <form class="fields" method="post" action="${escapeHtml(action)}">
      <label>User name
        <input name="username" data-testid="username" value="${escapeHtml(refused ?? '')}"
        autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus>
      </label>
      <label>Password
        <input name="password" data-testid="password" type="password" autocomplete="current-password" required>
      </label>
      <button class="primary" data-testid="login-submit">Sign in</button>
    </form>
    <p class="divider"><span>or pick a demo user</span></p>
    <div class="people">
    ${users.map((user) => demoUserForm(action, user)).join('\n    ')}
    </div>`,
  );
}

/**
 * `form` comes from the provider and carries its protection against forged requests. OpenID Connect RP-Initiated
 * Logout 1.0 §2: the user is asked, unless the app has shown with an ID token that it acts for this very user.
 */
export function logoutPage(form: string, asked: 'by-our-app' | 'by-somebody'): string {
  const choices = `${form}
    <div class="choices">
      <button class="primary" form="op.logoutForm" name="logout" value="yes" data-testid="logout-yes">Sign out</button>
      <button form="op.logoutForm" data-testid="logout-no">Stay signed in</button>
    </div>`;
  return asked === 'by-our-app'
    ? page('Signing out', `<h1>Signing out…</h1>${choices}<script src="/logout.js"></script>`)
    : page('Sign out', `<h1>Sign out of Acme?</h1><p class="lead">You will be signed out of every app.</p>${choices}`);
}

export const signedOutPage = (): string =>
  page('Signed out', '<h1>You are signed out</h1><p class="lead">You can close this tab.</p>');

export function errorPage(title: string, lines: readonly string[]): string {
  const details = lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('');
  return page(title, `<h1>${escapeHtml(title)}</h1><ul class="details">${details}</ul>`);
}
