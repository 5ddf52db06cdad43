// What the browser finds on the network: the hub, an identity provider, and a server that answers to every other host
// name with a tiny app. A test may put its own pages at any host and path. Everything listens on loopback, on free
// ports.

import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type Capability, type Headers, type HubOptions, type HubServer, startHub } from './hub.js';
import { listen, type Tls } from './listen.js';
import { type Provider, startProvider } from './provider.js';

export type WorldOptions = {
  readonly hub: HubOptions;
  /** What the app page hands to `connect`, besides the hub's URL. */
  readonly connect: { readonly timeoutMs?: number; readonly activity?: boolean };
  /** Hub and apps are served over https with this; else over http. */
  readonly tls?: Tls;
};

export type ServedPage = { readonly body: string; readonly headers?: Headers };

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export type World = {
  readonly port: number;
  readonly hub: HubServer;
  readonly provider: Provider;
  /** `url('portal.acme.localhost', '/bare')` */
  readonly url: (host: string, path?: string) => string;
  readonly origin: (host: string) => string;
  /** Puts a page at a host (`*`: at every host) and path. A text is HTML without further headers. */
  readonly serve: (host: string, path: string, page: string | ServedPage) => void;
  /** The same for what a server does: sessions, redirects, answers that come late. */
  readonly handle: (host: string, path: string, answer: Answer) => void;
  /** Headers for the built-in app pages of a host (`*`: every host). */
  readonly appHeaders: (host: string, headers: Headers) => void;
  /** The addresses of the apps' pages that were asked for so far. */
  readonly appRequests: () => readonly string[];
  readonly close: () => Promise<void>;
};

export const hubHost = 'hub.acme.localhost';
export const portal = 'portal.acme.localhost';
export const billing = 'billing.acme.localhost';
export const reports = 'reports.acme.localhost';

/** The pages of apps of one site, each of another origin. */
export const twoApps = ({ url }: World) => [portal, billing].map((host) => url(host));
export const threeApps = ({ url }: World) => [portal, billing, reports].map((host) => url(host));
/** Another site, whose two hosts are same-site with each other. */
export const partner = 'c.other.localhost';
export const partnerToo = 'd.other.localhost';
export const everything: readonly Capability[] = ['read', 'login', 'logout', 'activity'];

export const usualHub: HubOptions = {
  host: hubHost,
  apps: Object.fromEntries(
    [portal, billing, reports, partner, partnerToo].map((host) => [`http://${host}`, everything]),
  ),
};

const clientFolder = fileURLToPath(new URL('../../../dist/client/', import.meta.url));
/** Readable for a sandboxed page, too, whose origin is opaque. */
const scriptHeaders = { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' };
const appScript = fileURLToPath(new URL('pages/app.js', import.meta.url));

export async function startWorld(options: WorldOptions): Promise<World> {
  const scripts = await readScripts();
  const served = new Map<string, ServedPage>();
  const handled = new Map<string, Answer>();
  const appHeaders = new Map<string, Headers>();
  const appRequests: string[] = [];
  let hub: HubServer | undefined;
  const provider = await startProvider();
  const scheme = options.tls ? 'https' : 'http';

  const listener = await listen((request, response) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const script = scripts[path];
    if (script !== undefined) return void response.writeHead(200, scriptHeaders).end(script);
    const answer = handled.get(`${host}${path}`);
    if (answer) return answer(request, response);
    appRequests.push(`${scheme}://${request.headers.host}${request.url}`);
    const page = served.get(`${host}${path}`) ?? served.get(`*${path}`) ?? appPage(host, path);
    response.writeHead(page ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', ...page?.headers });
    response.end(page?.body);
  }, options.tls);

  function appPage(host: string, path: string): ServedPage | undefined {
    const headers = { ...appHeaders.get('*'), ...appHeaders.get(host) };
    const settings = JSON.stringify({
      connect: path === '/',
      provider: provider.url,
      options: { hub: hub?.url, ...options.connect },
    });
    if (path === '/' || path === '/bare') return { body: appHtml(host, settings), headers };
    if (path === '/plain') return { body: plainHtml(host), headers };
    return undefined;
  }

  try {
    hub = await startHub(options.hub, listener.port, options.tls);
  } catch (error) {
    await Promise.all([listener.stop(), provider.stop()]);
    throw error;
  }
  const running = hub;
  const origin = (host: string) => `${scheme}://${host}:${listener.port}`;
  return {
    port: listener.port,
    hub: running,
    provider,
    origin,
    url: (host, path = '/') => `${origin(host)}${path}`,
    serve: (host, path, page) => served.set(`${host}${path}`, typeof page === 'string' ? { body: page } : page),
    handle: (host, path, answer) => handled.set(`${host}${path}`, answer),
    appHeaders: (host, headers) => appHeaders.set(host, headers),
    appRequests: () => [...appRequests],
    close: async () => {
      await Promise.all([listener.stop(), running.close(), provider.stop()]);
    },
  };
}

/** The client as it is published, whose entry the pages import as `/lockstep.js`, and the built-in app's. */
async function readScripts(): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(clientFolder)).filter((name) => name.endsWith('.js'));
  const client = names.map(async (name) => {
    const path = name === 'index.js' ? '/lockstep.js' : `/${name}`;
    return [path, await readFile(`${clientFolder}${name}`, 'utf8')] as const;
  });
  return { ...Object.fromEntries(await Promise.all(client)), '/app.js': await readFile(appScript, 'utf8') };
}

function plainHtml(host: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${host}</title><p>${host}</p></html>`;
}

/** Settings stand in the page as data, so that a page's policy need not allow inline scripts. */
function appHtml(host: string, settings: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${host}</title>
<script type="application/json" id="settings">${settings}</script>
<body><h1>${host}</h1><button id="first">first</button><button id="last">last</button>
<script type="module" src="/app.js"></script></body>
</html>`;
}
