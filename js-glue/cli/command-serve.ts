// `lockstep serve`: a built hub over HTTP, with push and the session check in the same process. For who has no static
// host, or wants the three together. It logs lines of JSON, in which there is no address, no id and no URL.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { Server, Socket } from 'node:net';
import { toNodeHandler } from '../server/index.js';
import { stopReading } from '../server/node.js';
import { readText } from './files.js';
import { type HubFolder, readHubFolder } from './hub-folder.js';
import { answerFile, compressFiles, type FileAnswer } from './serve.js';
import { openPush, type ServedPush } from './serve-push.js';
import { listening, portFrom, portOf, stopped } from './serving.js';
import { fail, print } from './terminal.js';

export type ServeOptions = {
  readonly folder: string;
  readonly port: string;
  readonly host: string;
  readonly push: string | undefined;
  readonly redis: string | undefined;
  readonly nats: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
};

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;
type Route = (request: Request, response: Response) => void;

/** After so long without a byte a connection is closed, unless the comments of its streams are rarer than that. */
const idleMs = 60_000;
/** How long a request of HTTP/1.1 may take to arrive; its answer may take longer. */
const requestMs = 20_000;
/** At once on one connection of HTTP/2. */
const requestsMax = 100;

/** How long requests that run may take when the process is to end. */
const drainMs = 10_000;

/** Resolves with the exit code when the server is stopped. */
export async function runServe(options: ServeOptions): Promise<number> {
  const port = portFrom(options.port);
  if (typeof port === 'string') return fail(port);
  const hub = await readHubFolder(options.folder);
  if (typeof hub === 'string') return fail(hub);
  const tls = await readTls(options);
  if (typeof tls === 'string') return fail(tls);
  const served = await servedPush(options, hub);
  if (typeof served === 'string') return fail(served);

  const handler = router(hub, served);
  const server = serverFor(tls, handler);
  server.setTimeout(Math.max(idleMs, 2 * (served?.commentMs ?? 0)));
  const connections = connectionsOf(server);
  const fault = await listening(server, port, options.host);
  if (fault !== undefined) {
    await served?.push.close();
    await served?.closeBus();
    return fail(fault);
  }
  const scheme = tls === undefined ? 'http' : 'https';
  log({ level: 'info', event: 'listening', at: `${scheme}://${options.host}:${portOf(server)}`, hub: hub.url });
  await stopped();
  log({ level: 'info', event: 'draining' });
  await drain(server, connections, served);
  log({ level: 'info', event: 'stopped' });
  return 0;
}

function serverFor(tls: Tls | undefined, handler: Route) {
  if (tls === undefined) return createServer({ requestTimeout: requestMs }, handler);
  const settings = { maxConcurrentStreams: requestsMax };
  return Object.assign(createSecureServer({ ...tls, allowHTTP1: true, settings }, handler), {
    requestTimeout: requestMs,
  });
}

async function servedPush(options: ServeOptions, hub: HubFolder): Promise<ServedPush | string | undefined> {
  const { push: module, redis, nats } = options;
  if (module === undefined) {
    if (redis !== undefined || nats !== undefined)
      return '--redis and --nats are for push: name its options by --push.';
    return undefined;
  }
  if (hub.pushPath === undefined && hub.checkPath === undefined)
    return `The hub in ${options.folder} knows neither "push" nor "check": add one to its configuration, and build it.`;
  return openPush({ module, redis, nats, log });
}

/** The endpoints of providers are beside the hub's page; those that the hub asks are where its configuration says. */
function router(hub: HubFolder, served: ServedPush | undefined): Route {
  const files = compressFiles(hub);
  const folder = new URL('.', hub.url).pathname;
  const routes = new Map<string, Route>([['/healthz', healthRoute(served)]]);
  if (served !== undefined) {
    const { push, hasSession } = served;
    routes.set(`${folder}backchannel-logout`, toNodeHandler(push.backchannelLogout));
    routes.set(`${folder}frontchannel-logout`, toNodeHandler(push.frontchannelLogout));
    routes.set(`${folder}security-events`, toNodeHandler(push.securityEvents));
    if (hub.pushPath !== undefined) routes.set(hub.pushPath, toNodeHandler(push.events));
    if (hub.checkPath !== undefined && hasSession) routes.set(hub.checkPath, toNodeHandler(push.session));
  }
  return (request, response) => {
    response.once('finish', () => stopReading(request, response));
    const path = request.url?.split('?')[0] ?? '';
    const route = routes.get(path);
    if (route !== undefined) return route(request, response);
    const { method, headers } = request;
    const { 'accept-encoding': encodings, 'if-none-match': ifNoneMatch } = headers;
    const acceptEncoding = typeof encodings === 'string' ? encodings : undefined;
    send(response, method, answerFile(files, { method, path, acceptEncoding, ifNoneMatch }));
  };
}

/** A bus that is unavailable signs nobody out, so a node without it is still right to serve. */
function healthRoute(served: ServedPush | undefined): Route {
  return ({ method }, response) => {
    const body = JSON.stringify({ status: 'ok', ...(served !== undefined && { bus: served.push.health().bus }) });
    send(response, method, {
      status: 200,
      headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
      body,
    });
  };
}

function send(response: Response, method: string | undefined, { status, headers, body }: FileAnswer): void {
  // Not of a 304, whose length would be that of the file (RFC 9110 §8.6).
  const length = status === 304 ? {} : { 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length });
  response.end(method === 'HEAD' ? '' : body);
}

type Connections = { readonly sockets: ReadonlySet<Socket>; readonly sessions: ReadonlySet<ServerHttp2Session> };

function connectionsOf(server: Server): Connections {
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  const keep = <T extends Socket | ServerHttp2Session>(all: Set<T>) => {
    return (one: T): void => {
      all.add(one);
      one.once('close', () => all.delete(one));
    };
  };
  server.on('connection', keep(sockets));
  server.on('session', keep(sessions));
  return { sockets, sessions };
}

/** Takes no connection any more, ends the streams, and lets what runs finish. */
async function drain(
  server: ReturnType<typeof createServer> | ReturnType<typeof createSecureServer>,
  { sockets, sessions }: Connections,
  served: ServedPush | undefined,
): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  await served?.push.close();
  // HTTP/2 says to the client that nothing more may come; HTTP/1.1 can only close what is idle.
  for (const session of sessions) session.close();
  if ('closeIdleConnections' in server) server.closeIdleConnections();
  const late = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, drainMs);
  await closed;
  clearTimeout(late);
  await served?.closeBus();
}

type Tls = { readonly cert: string; readonly key: string };

async function readTls({ cert, key }: ServeOptions): Promise<Tls | string | undefined> {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) return '--cert and --key are needed together.';
  try {
    return { cert: await readText(cert), key: await readText(key) };
  } catch (cause) {
    return `The certificate or its key cannot be read: ${(cause as Error).message}`;
  }
}

function log(entry: object): void {
  print(process.stdout, `${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
}
