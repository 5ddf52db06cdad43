// The whole demo in one process on one port: hub, OpenID provider and three apps, distinguished by the Host header.
// It listens on loopback only. The end-to-end tests start this very function on a free port.

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Provider from 'oidc-provider';
import { type AppName, appNames, hostOf, originOf, type PlaceName, placeNames } from './places.js';
import { createActs } from './server/acts.js';
import { createApi } from './server/api.js';
import { bundleApps } from './server/bundle.js';
import { buildHub, type SessionTimes, serveHub } from './server/hub.js';
import { type Handler, listenOnLoopback } from './server/listen.js';
import { createLogin } from './server/login.js';
import { createProvider, sessionSecondsDefault, signingKey } from './server/provider.js';
import { createPush, type Push } from './server/push.js';
import { type Asked, createSessions, type Sessions } from './server/sessions.js';
import { notFound, staticFiles } from './server/static.js';

export type DemoOptions = {
  /** 0 takes a free one. */
  readonly port: number;
  /** The repository; found from this file when absent. */
  readonly root?: string;
  /** How long a session lives at the provider when nobody asks. */
  readonly sessionSeconds?: number;
  /** In the place of those in lockstep.config.json. */
  readonly times?: SessionTimes;
};

export type Demo = {
  readonly port: number;
  /** With a slash at the end. */
  readonly urls: Readonly<Record<PlaceName, string>>;
  readonly provider: Provider;
  /** What the provider was asked about sessions. */
  readonly asked: () => readonly Asked[];
  readonly close: () => Promise<void>;
};

// The bundle lies in build/demo, two levels deep; this source one level deep.
function rootOfRepository(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return here.endsWith(join('build', 'demo')) ? join(here, '../..') : join(here, '..');
}

function appPolicy(port: number): string {
  const login = originOf('login', port);
  // What an app's own policy must allow: the hub in a frame, and the provider for the login library.
  return [
    "default-src 'self'",
    "img-src 'self' data:",
    `frame-src 'self' ${originOf('hub', port)} ${login}`,
    `connect-src 'self' ${login}`,
    "frame-ancestors 'self'",
    "base-uri 'none'",
  ].join('; ');
}

type Sites = Readonly<Record<PlaceName, Handler>>;

type Parts = {
  readonly provider: Provider;
  readonly push: Push;
  readonly sessions: Sessions;
  readonly times: SessionTimes;
};

async function createSites(root: string, out: string, port: number, parts: Parts): Promise<Sites> {
  const { provider, push, sessions, times } = parts;
  const apps = join(out, 'apps');
  const [hub] = await Promise.all([buildHub(root, out, port, times), bundleApps(root, apps)]);
  const acts = createActs();
  const policy = { 'content-security-policy': appPolicy(port) };
  const app = (name: AppName): Handler => {
    const api = createApi(provider, name);
    const files = staticFiles(join(apps, name), { headersOf: () => policy, single: true });
    return (request, response) => {
      if (!acts(request, response) && !api(request, response))
        files(request, response, () => notFound(request, response));
    };
  };
  return {
    hub: await serveHub(hub, push.events),
    login: createLogin(provider, sessions, port, join(apps, 'login')),
    portal: app('portal'),
    billing: app('billing'),
    reports: app('reports'),
  };
}

const placeOf = (request: IncomingMessage): PlaceName | undefined => {
  const host = request.headers.host?.replace(/:\d+$/, '').toLowerCase();
  return placeNames.find((place) => hostOf(place) === host);
};

function directory(port: number, response: ServerResponse): void {
  const lines = appNames.map((app) => `  ${originOf(app, port)}/`).join('\n');
  response
    .writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
    .end(`No app has this name. Open one of these:\n${lines}\n`);
}

export async function startDemo({
  port: wanted,
  root = rootOfRepository(),
  sessionSeconds = sessionSecondsDefault,
  times = {},
}: DemoOptions): Promise<Demo> {
  let sites: Sites | undefined;
  let push: Push | undefined;
  const { port, close } = await listenOnLoopback(wanted, (request, response) => {
    const place = placeOf(request);
    if (sites === undefined) response.writeHead(503, { 'retry-after': '1' }).end('The demo is starting.\n');
    else if (place === undefined) directory(port, response);
    else sites[place](request, response);
  });
  const parent = join(root, 'build/demo');
  await mkdir(parent, { recursive: true });
  const out = await mkdtemp(join(parent, 'run-'));
  const end = async () => {
    await push?.close();
    await close();
    await rm(out, { recursive: true, force: true });
  };
  try {
    const key = signingKey();
    const informed = createPush(port, key);
    push = informed;
    // When another user logs in, the provider ends the session of the one before, and posts logout tokens for it before
    // the new login is reported, which would then have begun before that end. So it informs for "everywhere" alone.
    const informs = async (request: Request) => (sessions.isInforming() ? informed.logout(request) : new Response());
    const provider = createProvider(port, sessionSeconds, { key, informs });
    const sessions = createSessions(provider, port, sessionSeconds);
    sites = await createSites(root, out, port, { provider, push: informed, sessions, times });
    const urls = Object.fromEntries(placeNames.map((place) => [place, `${originOf(place, port)}/`]));
    return { port, urls: urls as Record<PlaceName, string>, provider, asked: sessions.asked, close: end };
  } catch (error) {
    await end();
    throw error;
  }
}
