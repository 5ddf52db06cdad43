// One bounded look at a URL, as a stranger without cookies has it: no redirect is followed, and neither bytes nor time
// are without limit. Whatever a server does, this gives an answer or a phrase that says why there is none; it never
// throws. Not Node's `fetch`, which can neither say whose server it asks for at an address of its own nor show what
// travelled.

import { lookup } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { failureOf } from './failure.js';
import { proxyOf, type Route, routeThrough } from './proxy.js';

export type Answer = {
  readonly status: number;
  /** By lower-case name; several of one name are joined by a comma, as browsers read them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without its content coding. */
  readonly body: Uint8Array;
  /** There was no more than the limit. */
  readonly whole: boolean;
  readonly ms: number;
  /** Through which it came, if one was used. */
  readonly proxy?: string;
};

/** `failure`: the end of a sentence that begins with the URL. */
export type Failure = { readonly failure: string; readonly proxy?: string };
export type Limits = { readonly timeoutMs: number; readonly bytesMax: number };
export type Look = (url: string, limits?: Partial<Limits>) => Promise<Answer | Failure>;

/** Twice what a page with the largest configuration has (wasm/core/limits.hpp: config_bytes_max). */
const bytesMaxUsual = 524_288;

export function lookWith(agent: string, timeoutMs: number, life: AbortSignal): Look {
  return async (text, limits = {}) => {
    const url = new URL(text);
    const waitMs = Math.min(limits.timeoutMs ?? timeoutMs, timeoutMs);
    const late = AbortSignal.timeout(waitMs);
    const signal = AbortSignal.any([life, late]);
    const proxy = proxyOf(url);
    if (typeof proxy === 'string') return { failure: proxy, proxy: 'the proxy that is set' };
    const route = proxy && routeThrough(proxy, url, signal);
    const through = route && { proxy: route.proxy };
    const began = performance.now();
    try {
      const response = await ask(url, agent, signal, route);
      const { body, whole } = await readBounded(decoded(response), limits.bytesMax ?? bytesMaxUsual);
      response.destroy();
      const ms = Math.round(performance.now() - began);
      return { status: response.statusCode ?? 0, headers: headersOf(response), body, whole, ms, ...through };
    } catch (cause) {
      const seconds = `${waitMs / 1000} second${waitMs === 1_000 ? '' : 's'}`;
      const failure = late.aborted
        ? `does not answer completely within ${seconds}${route ? `, asked through ${route.proxy}` : ''}`
        : (route?.failureOf(cause) ?? failureOf(cause));
      return { failure, ...through };
    }
  };
}

function ask(url: URL, agent: string, signal: AbortSignal, route: Route | undefined): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const options = {
    signal,
    // Every connection is this look's own, so that none is found closed, and none keeps the process alive.
    agent: route?.agent ?? false,
    lookup: lookupAsBrowsers,
    headers: { accept: '*/*', 'accept-encoding': 'br, gzip', 'user-agent': agent },
  } as const;
  return new Promise((resolve, reject) => {
    const asked = request(url, options);
    // Before the answer is used, since it may be the refusal of a proxy.
    route?.watch(asked);
    asked.on('response', resolve).on('error', reject).end();
  });
}

/** Browsers take every name below localhost for this machine (RFC 6761 §6.3), whatever the system's resolver knows. */
const lookupAsBrowsers: LookupFunction = (host, options, found) =>
  lookup(host.endsWith('.localhost') ? 'localhost' : host, options, found);

function headersOf({ headers }: IncomingMessage): Answer['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** A coding that was not asked for is left as it is: nobody could read it. */
function decoded(response: IncomingMessage): Readable {
  const coding = response.headers['content-encoding']?.trim().toLowerCase();
  const decoder =
    coding === 'br'
      ? createBrotliDecompress()
      : coding === 'gzip' || coding === 'x-gzip'
        ? createGunzip()
        : coding === 'deflate'
          ? createInflate()
          : undefined;
  if (decoder === undefined) return response;
  // The reader of the decoder gets every error.
  pipeline(response, decoder, () => {});
  return decoder;
}

async function readBounded(
  stream: Readable,
  bytesMax: number,
): Promise<{ readonly body: Uint8Array; readonly whole: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > bytesMax) return { body: Buffer.concat(chunks).subarray(0, bytesMax), whole: false };
  }
  return { body: Buffer.concat(chunks), whole: true };
}
