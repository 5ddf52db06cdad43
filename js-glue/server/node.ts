// From Node's requests to web-standard handlers: for `http`, `https` and `http2`, and for frameworks over them. A
// stream is written straight into Node's response.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { rememberAddress } from './address.js';
import type { Handler } from './push-server.js';
import { attachmentOf, type Sink } from './stream.js';

export type NodeRequest = IncomingMessage | Http2ServerRequest;
export type NodeResponse = ServerResponse | Http2ServerResponse;
export type NodeHandler = (request: NodeRequest, response: NodeResponse) => void;

/** A body that a framework has read before is used as it gives it (`request.body`). */
export function toNodeHandler(handler: Handler): NodeHandler {
  return (request, response) => {
    void respond(handler, request, response).catch(() => response.destroy());
  };
}

async function respond(handler: Handler, incoming: NodeRequest, response: NodeResponse): Promise<void> {
  const gone = new AbortController();
  const abort = () => gone.abort();
  response.once('close', abort);
  const request = requestOf(incoming, gone.signal);
  if (request === undefined) {
    response.writeHead(400).end();
    return;
  }
  const answer = await handler(request);
  const attach = attachmentOf(answer);
  const headers = Object.fromEntries(answer.headers);
  if (attach === undefined) {
    response.writeHead(answer.status, headers);
    const body = Buffer.from(await answer.arrayBuffer());
    response.end(body, () => stopReading(incoming, response));
    return;
  }
  // A stream needs it no more, and there are many.
  response.off('close', abort);
  response.writeHead(answer.status, headers);
  // A client that goes is no error; `close` follows.
  response.on('error', () => undefined);
  const target = targetOf(response);
  const onClosed = attach(sinkOf(target));
  // It may have gone while the answer was made; then its `close` is over.
  if (target.destroyed || target.writableEnded) onClosed();
  else response.once('close', onClosed);
}

/** A request of HTTP/2 whose body does not end would stay open (RFC 9113 §8.1); Node ends one of HTTP/1.1 in time. */
export function stopReading(incoming: NodeRequest, response: NodeResponse): void {
  if ('stream' in response && !incoming.complete) response.stream.close(constants.NGHTTP2_NO_ERROR);
}

type Target = ServerResponse | Http2ServerResponse['stream'];

const targetOf = (response: NodeResponse): Target => ('stream' in response ? response.stream : response);

function sinkOf(target: Target): Sink {
  // A connection whose other end has vanished is found out by the system, too.
  if ('socket' in target) target.socket?.setKeepAlive(true, 30_000);
  return {
    write: (text) => void target.write(text),
    pending: () => target.writableLength,
    end: (text) => void target.end(text),
    destroy: () => void target.destroy(),
  };
}

/** Undefined where Node's parser lets pass what is no request of the web. */
function requestOf(incoming: NodeRequest, signal: AbortSignal): Request | undefined {
  const { method = 'GET', headers } = incoming;
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(':') || value === undefined ? [] : [[name, [value].flat().join(', ')] as [string, string]],
  );
  // Express changes `url` below a path, and keeps what the client sent.
  const { originalUrl, body } = incoming as { originalUrl?: string; body?: unknown };
  try {
    // The host is the client's own word; no handler here reads it.
    const url = new URL(originalUrl ?? incoming.url ?? '/', 'http://localhost');
    const request = new Request(url, { method, headers: lines, signal, ...bodyOf(incoming, method, body) });
    const { remoteAddress } = incoming.socket;
    if (remoteAddress !== undefined) rememberAddress(request, remoteAddress);
    return request;
  } catch {
    return undefined;
  }
}

type Body = { readonly body: NonNullable<RequestInit['body']>; readonly duplex: 'half' };

function bodyOf(incoming: NodeRequest, method: string, read: unknown): Body | Record<string, never> {
  if (method === 'GET' || method === 'HEAD') return {};
  if (typeof read === 'string' || read instanceof Uint8Array) return { body: read as string, duplex: 'half' };
  // A parser of forms has read it.
  if (typeof read === 'object' && read !== null && Object.keys(read).length > 0)
    return { body: `${new URLSearchParams(read as Record<string, string>)}`, duplex: 'half' };
  return { body: incoming as unknown as BodyInit, duplex: 'half' };
}
