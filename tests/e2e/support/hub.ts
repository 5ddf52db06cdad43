// The hub's server: the page that `lockstep build` writes, with the headers it writes, until a test makes it misbehave.
// It is built by the command's own function: a process of it for every test was a fifth of the suite's time. The page
// may be cached only where a test says so, since another alters it. Its origin also has `/plain`, a first-party page
// without a hub, from where a test reaches the hub's storage.

import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { callbackName, clientName, fallbackName, readArtefacts } from '../../../js-glue/cli/artefacts.js';
import { buildHub } from '../../../js-glue/cli/build.js';
import { type Handler, type Listener, listen, type Tls } from './listen.js';

export type Capability = 'read' | 'login' | 'logout' | 'activity';
export type Headers = Readonly<Record<string, string>>;
/**
 * `missing`: 404. `foreign`: 200 with a page that is no hub. `redirect`: 302 to such a page. `silent`: does not answer
 * before it behaves otherwise. What is no hub carries CORS headers unless `cors` is false: the client can only name
 * what it can read.
 */
export type Behaviour = 'hub' | 'missing' | 'foreign' | 'redirect' | 'silent';

export type HubOptions = {
  readonly host: string;
  /** Http and https origins without a port get the port of the apps. */
  readonly apps: Readonly<Record<string, readonly Capability[]>>;
  /** Written as the origins of `apps`. */
  readonly embedders?: readonly string[];
  /** As well. */
  readonly inspect?: readonly string[];
  readonly session?: Readonly<Record<string, number | string>>;
  readonly check?: Readonly<Record<string, string>>;
  readonly issuer?: string;
  readonly push?: { readonly url: string };
};

export type HubServer = {
  readonly url: string;
  readonly origin: string;
  readonly plainUrl: string;
  /** Of the client's script beside the hub, as the build says it. */
  readonly clientIntegrity: string;
  /** Refuses connections. */
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly behave: (behaviour: Behaviour, options?: { readonly cors: boolean }) => void;
  /** From now on the page may be cached as its headers say. */
  readonly keepPage: () => void;
  /** Alters the page's headers that the command line wrote; without an argument they are as written again. */
  readonly alterHeaders: (alter?: (headers: Headers) => Headers) => void;
  /** Alters the page itself. */
  readonly alterPage: (alter?: (html: string) => string) => void;
  /** Sends the page compressed, as a good host does. */
  readonly compress: () => void;
  /** A firewall in front of the hub, which answers 403 to what it does not like. */
  readonly refuse: (dislikes: (headers: IncomingHttpHeaders) => boolean) => void;
  /** Puts something beside the hub, on its origin, or in its place: what gives `hub` has not answered. */
  readonly handle: (path: string, handler: (...asked: Parameters<Handler>) => unknown) => void;
  /** The paths that were asked for so far, in order, but for `/plain` and what a test has put beside the hub. */
  readonly requests: () => readonly string[];
  readonly close: () => Promise<void>;
};

const foreignPage = '<!doctype html><html lang="en"><title>Under construction</title><p>Nothing here.</p></html>';

export async function startHub(options: HubOptions, appsPort: number, tls?: Tls): Promise<HubServer> {
  let built: BuiltHub | undefined;
  let behaviour: Behaviour = 'hub';
  let cors = true;
  let kept = false;
  let alterHeaders = (headers: Headers) => headers;
  let alterPage = (html: string) => html;
  let compressed = false;
  let dislikes: (headers: IncomingHttpHeaders) => boolean = () => false;
  const requests: string[] = [];
  const handlers = new Map<string, (...asked: Parameters<Handler>) => unknown>();

  let held: ServerResponse[] = [];

  const listener: Listener = await listen((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '';
    const handler = handlers.get(path);
    if (handler && handler(request, response) !== 'hub') return;
    if (path === '/plain') answer(response, 200, foreignPage, elsewhere());
    else {
      requests.push(path);
      if (dislikes(request.headers)) answer(response, 403, foreignPage, {});
      else if (path === '/' || path === '/index.html') respond(response);
      else if (path === `/${callbackName}` && built?.callback)
        send(response, { ...built.callback, headers: alterHeaders(built.callback.headers) });
      else if (path === `/${fallbackName}` && built) send(response, built.fallback);
      else if (path === `/${clientName}` && built) send(response, built.client);
      else answer(response, 404, foreignPage, {});
    }
  }, tls);

  function respondAltered(response: ServerResponse, { html, headers }: BuiltHub): void {
    const body = alterPage(html);
    if (!compressed) answer(response, 200, body, alterHeaders(headers));
    else answer(response, 200, gzipSync(body), { ...alterHeaders(headers), 'Content-Encoding': 'gzip' });
  }

  function elsewhere(): Headers {
    return cors ? { 'access-control-allow-origin': '*' } : {};
  }

  function respond(response: ServerResponse): void {
    if (!built) throw new Error('The hub is not built yet.');
    switch (behaviour) {
      case 'hub':
        if (kept) response.writeHead(200, built.headers).end(built.html);
        else respondAltered(response, built);
        break;
      case 'missing':
        answer(response, 404, foreignPage, elsewhere());
        break;
      case 'foreign':
        answer(response, 200, foreignPage, elsewhere());
        break;
      case 'redirect':
        answer(response, 302, '', { ...elsewhere(), location: '/plain' });
        break;
      case 'silent':
        held.push(response);
    }
  }

  const origin = `${tls ? 'https' : 'http'}://${options.host}:${listener.port}`;
  try {
    built = await hubPage(options, `${origin}/`, appsPort);
  } catch (error) {
    await listener.stop();
    throw error;
  }
  return {
    url: `${origin}/`,
    origin,
    plainUrl: `${origin}/plain`,
    clientIntegrity: built.client.integrity,
    stop: listener.stop,
    start: listener.start,
    behave: (next, { cors: readable } = { cors: true }) => {
      behaviour = next;
      cors = readable;
      const waiting = held;
      held = [];
      for (const response of waiting) respond(response);
    },
    keepPage: () => {
      kept = true;
    },
    alterHeaders: (alter = (headers) => headers) => {
      alterHeaders = alter;
    },
    alterPage: (alter = (html) => html) => {
      alterPage = alter;
    },
    compress: () => {
      compressed = true;
    },
    refuse: (next) => {
      dislikes = next;
    },
    handle: (path, handler) => void handlers.set(path, handler),
    requests: () => [...requests],
    close: listener.stop,
  };
}

/** Behaviour changes between two requests, so the page may not be cached. */
function answer(response: ServerResponse, status: number, body: string | Buffer, headers: Headers): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers, 'cache-control': 'no-store' });
  response.end(body);
}

function send(response: ServerResponse, { text, headers }: Served): void {
  response.writeHead(200, headers).end(text);
}

/** A file beside the page. */
type Served = { readonly text: string; readonly headers: Headers };
type BuiltHub = {
  readonly html: string;
  readonly headers: Headers;
  /** Where the provider is asked. */
  readonly callback?: Served;
  readonly fallback: Served;
  readonly client: Served & { readonly integrity: string };
};

/** What the command writes for a hub at this URL. Without a port of the apps they are as they are written. */
export async function hubPage(options: HubOptions, hub: string, appsPort?: number): Promise<BuiltHub> {
  const { apps, embedders, inspect, session, check, issuer, push } = options;
  const withPort = (origin: string) =>
    appsPort && /^https?:\/\/[^:]+$/.test(origin) ? `${origin}:${appsPort}` : origin;
  const listed = Object.entries(apps).map(([origin, can]) => [withPort(origin), can]);
  const others = { embedders: embedders?.map(withPort), inspect: inspect?.map(withPort) };
  const config = { hub, apps: Object.fromEntries(listed), ...others, session, check, issuer, push };
  const artefacts = await readArtefacts(new URL('../../../dist/hub/', import.meta.url));
  if (typeof artefacts === 'string') throw new Error(artefacts);
  const configText = JSON.stringify(config);
  const built = buildHub({ configText, configPath: 'lockstep.config.json', artefacts, version: '0.0.0' });
  if ('faults' in built) throw new Error(built.faults.join('\n'));
  const text = (name: string) => String(built.files.get(name));
  const headers: Readonly<Record<string, Headers>> = JSON.parse(text('headers.json'));
  const served = (name: string): Served => ({ text: text(name), headers: headers[`/${name}`] as Headers });
  return {
    html: text('index.html'),
    headers: headers['/'] as Headers,
    ...(built.files.has(callbackName) && { callback: served(callbackName) }),
    fallback: served(fallbackName),
    client: { ...served(clientName), integrity: built.clientIntegrity },
  };
}
