// Two apps at two origins that are joined to the session by an adapter and nothing else, a real OpenID Provider, and
// the hub. All of it is on one https port, with the names that the apps would have.

import { access, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import type { Plugin } from 'esbuild';
import type { Snapshot } from '../../../js-glue/client/index.js';
import { certificate } from '../../engines/support/certificate.js';
import type { App } from '../adapters/app.js';
import { createProfile, launch, removeProfile } from './browser.js';
import { bundle } from './bundle.js';
import { hubPage } from './hub.js';
import { listen } from './listen.js';
import { createOpenIdProvider, issuer, type OpenIdProvider, type ProviderOptions } from './openid-provider.js';
import type { OwnServer } from './own-servers/own-server.js';
import { everything } from './world.js';

/** How the provider has to be set up for a library, and how the library is to renew. */
export type Setup = Partial<ProviderOptions> & {
  readonly name: string;
  readonly refreshes: boolean;
  /** The script of the apps, from the root of the repository; default: the app of the conformance suite. */
  readonly app?: string;
  /** In the provider's place, and below /api/auth of each app. */
  readonly createServer?: (apps: readonly string[]) => OwnServer;
};

export type Note = { readonly type: string; readonly own?: boolean; readonly text?: string };
export type Acme = {
  readonly provider: OpenIdProvider;
  /** Where the setup has one. */
  readonly server: OwnServer | undefined;
  readonly context: BrowserContext;
  /** From now on nobody reaches the provider, or again. */
  readonly setProvider: (state: 'up' | 'down') => void;
  /** What this tab has noted, over all its documents. */
  readonly notesOf: (page: Page, ...types: readonly string[]) => readonly Note[];
  readonly open: (app: 'portal' | 'billing', path?: string) => Promise<Page>;
};

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = (script: string, options: object) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Acme</title>
<script type="application/json" id="options">${JSON.stringify(options)}</script>
<body><div id="root"></div><script type="module" src="/${script}.js"></script></body></html>`;
const suite = 'tests/e2e/adapters/app.ts';

const bindings = ['react', 'vue', 'svelte', 'angular', 'solid', 'preact', 'lit'];

const svelte: Plugin = {
  name: 'svelte',
  setup({ onLoad }) {
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { compile } = await import('svelte/compiler');
      return { contents: compile(await readFile(path, 'utf8'), { filename: path }).js.code };
    });
  },
};

const bundles = new Map<string, Promise<string>>();

/** Once for each worker. */
function bundleFor(file: string, library: string): Promise<string> {
  const made = bundles.get(file + library) ?? bundleOnce(file, library);
  bundles.set(file + library, made);
  return made;
}

function bundleOnce(file: string, library: string): Promise<string> {
  return bundle({
    entryPoints: [`${root}${file}`],
    jsx: 'automatic',
    conditions: ['browser'],
    plugins: [svelte],
    // As a bundler for React does it.
    define: { 'process.env.NODE_ENV': '"production"', 'process.env': '{}' },
    alias: {
      'the-library': `${root}tests/e2e/adapters/${library}.ts`,
      lockstep: `${root}dist/client/index.js`,
      ...Object.fromEntries(bindings.map((name) => [`lockstep/${name}`, `${root}dist/${name}/index.js`])),
      [`lockstep/adapters/${library}`]: `${root}dist/adapters/${library}.js`,
    },
  });
}

async function scriptsOf(name: string, app: string): Promise<ReadonlyMap<string, string>> {
  const scripts = new Map([['/app.js', await bundleFor(app, name)]]);
  const silent = `tests/e2e/adapters/${name}.silent.ts`;
  const has = await access(root + silent).then(
    () => true,
    () => false,
  );
  if (has) scripts.set('/silent.js', await bundleFor(silent, name));
  return scripts;
}

const hosts = ['portal', 'billing'].map((name) => `https://${name}.acme.com`);

export const test = base.extend<{ readonly setup: Setup; readonly acme: Acme }>({
  setup: [{ name: 'oidc-client-ts', refreshes: true }, { option: true }],
  acme: async ({ setup }, use) => {
    const { name, refreshes, tokenSeconds = 3_600, app = suite, createServer, ...options } = setup;
    const server = createServer?.(hosts);
    const provider = createOpenIdProvider(
      hosts.map((origin) => ({ origin, refreshes })),
      { tokenSeconds, ...options },
    );
    const apps = Object.fromEntries(hosts.map((origin) => [origin, everything]));
    const hub = await hubPage({ host: 'hub.acme.com', apps }, 'https://hub.acme.com/');
    const scripts = await scriptsOf(name, app);
    let isUp = true;
    const tls = certificate();
    const listener = await listen((request, response) => {
      const { pathname, host } = new URL(request.url ?? '/', `https://${request.headers.host}`);
      if (host === 'hub.acme.com') return void response.writeHead(200, hub.headers).end(hub.html);
      if (server && (host === 'id.acme.com' || pathname.startsWith('/api/auth/'))) {
        return isUp ? server.respond(request, response) : void request.destroy();
      }
      if (host === 'id.acme.com') return isUp ? provider.respond(request, response) : void request.destroy();
      const script = scripts.get(pathname);
      response.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html' });
      response.end(
        script ?? page(pathname === '/silent' ? 'silent' : 'app', { issuer: setup.issuer ?? issuer, refreshes }),
      );
    }, tls);
    const folder = await createProfile({ thirdPartyCookies: 'allowed', storage: 'allowed' });
    const { context, kill } = await launch(
      folder,
      {},
      `--host-resolver-rules=MAP *.acme.com 127.0.0.1:${listener.port}`,
      `--ignore-certificate-errors-spki-list=${tls.keyHash}`,
    );
    const notes = new Map<Page, Note[]>();
    await context.exposeBinding('note', ({ page: from }, note: Note) => {
      notes.set(from, [...(notes.get(from) ?? []), note]);
    });
    await use({
      provider,
      server,
      context,
      setProvider: (state) => {
        isUp = state === 'up';
      },
      notesOf: (from, ...types) => (notes.get(from) ?? []).filter(({ type }) => types.includes(type)),
      async open(app, path = '/') {
        const opened = await context.newPage();
        await opened.goto(`https://${app}.acme.com${path}`);
        return opened;
      },
    });
    await kill();
    await Promise.all([listener.stop(), removeProfile(folder)]);
  },
});

/** What a tab shows: the session's state, and whose tokens its app holds. */
type Shown = Partial<Pick<Snapshot, 'status' | 'subject' | 'sessionId' | 'reason' | 'signedInAt'>> & {
  readonly holder?: string | undefined;
};

export async function shown(tab: Page): Promise<Shown | undefined> {
  return tab
    .evaluate(async () => {
      const { status, subject, sessionId, reason, signedInAt } = window.app.session.getSnapshot();
      return { status, subject, sessionId, reason, signedInAt, holder: await window.app.holder() };
    })
    .catch(() => undefined); // Between two documents there is nobody to ask.
}

export async function everyTab(tabs: readonly Page[], members: Shown): Promise<void> {
  for (const tab of tabs) await expect.poll(() => shown(tab), { message: tab.url() }).toMatchObject(members);
}

/** Looks at each in turn, as a user does, and waits for what it shows then. */
export async function lookAt(tabs: readonly Page[], members: Shown): Promise<void> {
  for (const tab of tabs) {
    await tab.bringToFront();
    await everyTab([tab], members);
  }
}

async function running(tab: Page): Promise<void> {
  await tab.bringToFront();
  await expect.poll(() => tab.evaluate(() => document.body.dataset.app).catch(() => '')).toBe('running');
}

/** By a form in the page. What the library answers is noted where it is a refusal. */
export async function signInAs(tab: Page, user: string): Promise<void> {
  await running(tab);
  // A login begins with an act of the user.
  await tab.mouse.click(1, 1);
  await tab.evaluate(async (name) => {
    await window.app.signInAs?.(name).catch(({ code, message }) => {
      window.note({ type: 'refused', text: code ?? message });
    });
  }, user);
}

/** Calls a function of the app, and waits for nothing: the page may go. */
export async function call(tab: Page, what: 'signIn' | 'signOut' | 'logout', prompt?: 'login'): Promise<void> {
  await running(tab);
  await tab.evaluate(
    ([name, given]) => {
      const { session, ...app }: App = window.app;
      void (name === 'logout' ? session.logout() : app[name](given));
    },
    [what, prompt] as const,
  );
}

/** At the provider's login form. */
export async function typeName(tab: Page, user: string): Promise<void> {
  await tab.bringToFront();
  await tab.locator('input[name=user]').fill(user);
  await tab.locator('#send').click();
}

export { expect };
