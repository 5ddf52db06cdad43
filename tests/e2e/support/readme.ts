// The apps that follow README's steps, with README's own lines: what is around them (buttons, pages, the login
// library's settings) is here. Its names and addresses are README's, too: https://hub.acme.com and so on.

import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blocks, textOf } from '../../unit/docs/blocks.js';
import { bundle } from './bundle.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The one of README's snippets that has this. */
function snippet(language: 'ts' | 'json', part: string): string {
  const found = blocks('README.md', language).filter((text) => text.includes(part));
  if (found.length !== 1) throw new Error(`README has ${found.length} snippets with ${part}.`);
  return found[0] as string;
}

/** Step 3 is three pieces, each below a comment that says where it belongs. */
function piece(place: RegExp): string {
  const found = snippet('ts', 'session.beginLogin();')
    .split('\n\n')
    .filter((text) => place.test(text.split('\n')[0] ?? ''));
  if (found.length !== 1) throw new Error(`Step 3 of README has ${found.length} pieces for ${place}.`);
  return found[0] as string;
}

/** What README says that a page's policy needs. */
function frameSource(): string {
  const [, source] = /`(frame-src [^`]+)`/.exec(textOf('README.md')) ?? [];
  if (!source) throw new Error('README does not say what a policy needs.');
  return source;
}

export type AppName = 'portal' | 'billing' | 'reports' | 'login';
export const appNames: readonly AppName[] = ['portal', 'billing', 'reports', 'login'];
export const appUrl = (name: AppName) => `https://${name}.acme.com/`;

const libraryOf = (app: AppName, issuer: string) => `
import { UserManager } from 'oidc-client-ts';
const manager = new UserManager({
  authority: ${JSON.stringify(issuer)},
  client_id: location.origin,
  redirect_uri: location.origin + '/callback',
  silent_redirect_uri: location.origin + '/silent',
  post_logout_redirect_uri: location.origin + '/',
  scope: 'openid profile',
  automaticSilentRenew: true,
  accessTokenExpiringNotificationTimeInSeconds: 5,
  ${app === 'portal' ? 'extraQueryParams: { claims: JSON.stringify({ id_token: { sid: null } }) },' : ''}
});
`;

/** What README's lines only name. Everything that happens is noted; the test has put \`note\` into the page. */
const surroundings = `
function render(snapshot) {
  document.body.dataset.status = snapshot.status;
  document.body.dataset.subject = snapshot.subject ?? '';
  document.body.dataset.sid = snapshot.sessionId ?? '';
}
function greet() {}
function warn() {}
async function dropTokens() { await manager.removeUser(); }
const noteUser = async () => { document.body.dataset.holder = (await manager.getUser())?.profile.sub ?? ''; };
manager.events.addUserLoaded(() => { note({ type: 'tokens' }); return noteUser(); });
manager.events.addUserUnloaded(noteUser);
for (const type of ['login', 'logout', 'user-change', 'error'])
  session.on(type, ({ own, error, snapshot }) =>
    note({ type, app: location.hostname, own: own === true, subject: snapshot?.subject, text: error?.message }));
addEventListener('unhandledrejection', ({ reason }) => note({ type: 'error', text: String(reason) }));
note({ type: 'page' });
void noteUser();
`;

function appSource(app: AppName, issuer: string): string {
  const goesToLogin = app === 'reports' ? snippet('ts', 'followLogin(session') : '';
  const comesBack = app === 'login' ? snippet('ts', 'returnWhenSignedIn(session') : '';
  const signsIn = `
const signIn = async (options) => {
  ${piece(/login button/)}
  await manager.signinRedirect(options);
};
document.getElementById('sign-in').onclick = () => signIn();
document.getElementById('switch-user').onclick = () => signIn({ prompt: 'login' });
if (location.pathname === '/callback') {
  const user = await manager.signinRedirectCallback();
  history.replaceState(null, '', '/');
  ${piece(/callback/)}
}`;
  const signsOut = `
document.getElementById('sign-out').onclick = async () => {
  ${piece(/logout button/)}
  await manager.signoutRedirect();
};`;
  return [
    snippet('ts', "session.on('user-change'"),
    libraryOf(app, issuer),
    surroundings,
    snippet('ts', 'manager.signinSilent()'),
    goesToLogin,
    comesBack,
    app === 'portal' || app === 'login' ? signsIn : '',
    app === 'portal' || app === 'billing' ? signsOut : '',
    'Object.assign(window, { session });',
  ].join('\n');
}

const page = (script: string) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Acme</title>
<body><button id="sign-in">Sign in</button><button id="switch-user">Switch user</button>
<button id="sign-out">Sign out</button><script type="module" src="/${script}.js"></script></body></html>`;

type Headers = Readonly<Record<string, string>>;
export type Answer = { readonly body: string; readonly headers: Headers };
/** What was built by README's commands, as a server gives it. */
export type Deployment = {
  readonly answer: (name: AppName | 'hub', path: string) => Answer | undefined;
  readonly remove: () => Promise<void>;
};

/** Step 1, in an empty folder: the package as npm packs it, README's configuration, README's commands. */
async function installInto(folder: string): Promise<void> {
  const run = (cwd: string, command: string, ...args: readonly string[]) =>
    execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  run(root, 'npm', 'pack', '--ignore-scripts', '--pack-destination', folder);
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz')) ?? '';
  await writeFile(join(folder, 'package.json'), '{ "name": "acme", "private": true, "type": "module" }');
  run(folder, 'npm', 'install', '--offline', '--no-audit', '--no-fund', join(folder, tarball));
  run(folder, 'npx', '--no-install', 'lockstep', 'init');
  await writeFile(join(folder, 'lockstep.config.json'), snippet('json', '"hub": "https://hub.acme.com/"'));
  run(folder, 'npx', '--no-install', 'lockstep', 'build');
}

function bundleIn(folder: string, contents: string): Promise<string> {
  const stdin = { contents, loader: 'ts', resolveDir: folder } as const;
  return bundle({ stdin, nodePaths: [join(root, 'node_modules')] });
}

/** `issuer` is the provider, whose frame the login library needs. */
export async function deploy(issuer: string): Promise<Deployment> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-readme-'));
  await installInto(folder);
  const hub = join(folder, 'lockstep-hub');
  const hubPage = {
    body: await readFile(join(hub, 'index.html'), 'utf8'),
    headers: { 'content-type': 'text/html', ...JSON.parse(await readFile(join(hub, 'headers.json'), 'utf8'))['/'] },
  };
  const scripts = new Map<string, string>();
  for (const app of appNames) {
    scripts.set(`${app}/app.js`, await bundleIn(folder, appSource(app, issuer)));
    scripts.set(`${app}/silent.js`, await bundleIn(folder, `${libraryOf(app, issuer)}manager.signinSilentCallback();`));
  }
  const policy = `default-src 'none'; script-src 'self'; connect-src ${issuer}; ${frameSource()} ${issuer} 'self'`;
  return {
    answer: (name, path) => {
      if (name === 'hub') return path === '/' ? hubPage : undefined;
      const script = scripts.get(`${name}${path}`);
      if (script !== undefined) return { body: script, headers: { 'content-type': 'text/javascript' } };
      const headers = { 'content-type': 'text/html', 'content-security-policy': policy };
      return { body: page(path === '/silent' ? 'silent' : 'app'), headers };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
