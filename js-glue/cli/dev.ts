// The hub of `lockstep dev`, as it answers one request. Every app of this machine may use it, from whatever port: which
// one asks, the browser says in the request for the page (`Referer`), and no page can say it of another. Pure; the
// server is command-dev.ts.

import { type Artefacts, clientName, fallbackName } from './artefacts.js';
import { hubPage, sourcesOf } from './build.js';
import { type App, builtConfig, type Config } from './config.js';
import { clientHeaders, type Headers, headersOf } from './headers.js';
import { inspectorName, inspectPage, inspectPath } from './inspect-page.js';
import { type AppOrigin, checkOrigin, isCovered, isLoopback, siteOf } from './origin.js';
import { refusal, refuseMethod } from './serving.js';
import { capabilities } from './shape.js';
import { signInHeaders, signInPage, signInPath } from './sign-in.js';

const seenMax = 100;

export type DevHub = {
  readonly port: number;
  readonly artefacts: Artefacts;
  readonly session: Config['session'];
  /** Of the configuration, where it names apps of this machine: these have what it gives them. */
  readonly named: readonly App[];
  /** Apps that have asked, by their origins: the newest hundred, in the order of their last requests. */
  readonly seen: Map<string, AppOrigin>;
  /** Whom the login page signs in; undefined: there is no such page. */
  readonly as?: string | undefined;
};

export type DevRequest = {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly host: string | undefined;
  readonly referer: string | undefined;
};

export type DevAnswer = { readonly status: number; readonly headers: Headers; readonly body: string };

/** The login page, where there is one, and the apps: those that are given, or those that the configuration names. */
export function pagesOf({ port, named, as }: DevHub, given: readonly string[]): readonly string[] {
  const apps = named.map(({ origin }) => origin.text).filter((origin) => !origin.includes('*'));
  return [
    ...(as === undefined ? [] : [new URL(signInPath, hubUrl(port)).href]),
    ...(given.length > 0 ? given : apps.map((origin) => `${origin}/`)),
  ];
}

export function hubUrl(port: number): string {
  return `http://localhost:${port}/`;
}

/** Where an app of another site than the hub's would be of the hub's. Undefined: it is so already. */
export function nearAddress(app: AppOrigin): string | undefined {
  const near = new URL('http://localhost/');
  if (siteOf(app) === siteOf({ scheme: near.protocol, host: near.hostname })) return undefined;
  near.port = new URL(app.text).port;
  return near.href;
}

export function answer(hub: DevHub, { method, url = '', host, referer }: DevRequest): DevAnswer {
  // A name of somebody else's that leads here: what it serves would be another origin's.
  if (host !== new URL(hubUrl(hub.port)).host)
    return refusal(421, `This is the hub at ${hubUrl(hub.port)} and nowhere else.`);
  const wrong = refuseMethod(method);
  if (wrong !== undefined) return wrong;
  const [path] = url.split('?');
  if (path === '/' || path === '/index.html') return page(hub, referer);
  if (path === signInPath && hub.as !== undefined) {
    return { status: 200, headers: signInHeaders, body: signInPage(hub.as) };
  }
  if (path === `/${fallbackName}`) return script(hub.artefacts.fallback);
  if (path === `/${clientName}`) return script(hub.artefacts.client);
  if (path === `/${inspectorName}`) return script(hub.artefacts.inspector);
  if (path === inspectPath) return { status: 200, ...inspectPage(hubUrl(hub.port)) };
  return refusal(404, `There is the hub's page, ${inspectPath}, ${fallbackName} and ${clientName}, no more.`);
}

function script(body: string): DevAnswer {
  return { status: 200, headers: { ...clientHeaders, 'Cache-Control': 'no-store' }, body };
}

function page(hub: DevHub, referer: string | undefined): DevAnswer {
  const app = localOrigin(referer);
  if (app !== undefined) remember(hub.seen, app);
  const config = configOf(hub);
  const headers = { ...headersOf(config, sourcesOf(hub.artefacts, config)), 'Cache-Control': 'no-store' };
  return { status: 200, headers, body: hubPage(config, builtConfig(config), hub.artefacts) };
}

/** Whoever has more names on this machine than a hub can list does not stop the hub. */
function remember(seen: Map<string, AppOrigin>, app: AppOrigin): void {
  seen.delete(app.text);
  seen.set(app.text, app);
  const [oldest = ''] = seen.keys();
  if (seen.size > seenMax) seen.delete(oldest);
}

/** Of an app of this machine; anything else is none, and neither is what a hub cannot list. */
export function localOrigin(referer: string | undefined): AppOrigin | undefined {
  if (referer === undefined || !URL.canParse(referer)) return undefined;
  const { origin, hostname, protocol } = new URL(referer);
  if (!/^https?:$/.test(protocol) || !isLoopback(hostname)) return undefined;
  const verdict = checkOrigin(origin);
  return 'origin' in verdict ? verdict.origin : undefined;
}

function configOf({ port, session, named, seen }: DevHub): Config {
  const url = new URL(hubUrl(port)).href;
  const hub = { url, origin: url.slice(0, -1), scheme: 'http:', host: 'localhost', path: '/' } as const;
  const isNamed = (app: AppOrigin) => named.some(({ origin }) => isCovered(app.text, origin));
  const others = [...seen.values()].filter((app) => !isNamed(app)).map((origin) => ({ origin, can: capabilities }));
  const apps = [...named, ...others];
  // Nobody's session is here, and whoever develops wants to see it.
  return {
    hub,
    apps,
    embedders: [],
    inspect: apps.map(({ origin }) => origin).filter(({ wildcard }) => !wildcard),
    session,
  };
}
