// Through which proxy a URL is asked, by the environment, as curl and npm have it; and what is to be said when the
// proxy, and not the server behind it, is why there is no answer. Its password is never said.

import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import { isLoopback } from '../origin.js';
import { failureOf } from './failure.js';

/** The way to one URL through a proxy. */
export type Route = {
  /** For a sentence. */
  readonly proxy: string;
  readonly agent: Agent;
  /** Ends the request where the proxy refuses it. */
  readonly watch: (request: ClientRequest) => void;
  /** The end of a sentence that begins with the URL; nothing where the proxy is not why. */
  readonly failureOf: (cause: unknown) => string | undefined;
};

/**
 * Nothing where the URL is asked without one: none is set, NO_PROXY names the host, or it is of this machine, where
 * browsers use none either. Text: what is set is no proxy that can be used, as the end of a sentence about the URL.
 */
export function proxyOf(url: URL): URL | string | undefined {
  const text = isLoopback(url.hostname) ? '' : getProxyForUrl(url.href);
  if (text === '') return undefined;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy?.protocol === 'http:' || proxy?.protocol === 'https:') return withCredentialsToDecode(proxy);
  const what =
    proxy === undefined ? 'is no URL' : `has the scheme ${proxy.protocol}, and the doctor knows http and https`;
  return `cannot be asked: the proxy that the environment names ${what}. Correct ${nameOf(url)}`;
}

/** Whoever uses them decodes them, and throws at a `%` that encodes nothing: such a text is meant literally. */
function withCredentialsToDecode(proxy: URL): URL {
  for (const part of ['username', 'password'] as const) {
    try {
      decodeURIComponent(proxy[part]);
    } catch {
      proxy[part] = encodeURIComponent(proxy[part]);
    }
  }
  return proxy;
}

/** `signal` also ends a connection to the proxy that never becomes one to the server. */
export function routeThrough(proxy: URL, url: URL, signal: AbortSignal): Route {
  const isTunnel = url.protocol === 'https:';
  const said = `the proxy ${proxy.protocol}//${proxy.host}`;
  let reached = false;
  let refused: number | undefined;
  const agent = isTunnel ? new HttpsProxyAgent(proxy, { signal }) : new HttpProxyAgent(proxy, { signal });

  function judge(request: ClientRequest, { statusCode = 0 }: Pick<IncomingMessage, 'statusCode'>): void {
    reached = true;
    const isRefusal = isTunnel ? statusCode !== 200 : statusCode === 407;
    if (!isRefusal) return;
    refused = statusCode;
    request.destroy(new Error(`${said} answers ${statusCode}`));
  }

  return {
    proxy: said,
    agent,
    // Behind a tunnel every answer is the server's own; without one, 407 is the only one that no server gives.
    watch: (request) => void request.once(isTunnel ? 'proxyConnect' : 'response', (answer) => judge(request, answer)),
    failureOf(cause) {
      if (refused === 407)
        return `cannot be asked: ${said} wants a user and a password (407). Write them into ${nameOf(url)}`;
      if (refused !== undefined)
        return `cannot be asked: ${said} answers ${refused}. Let it allow this host, or name the host in NO_PROXY`;
      return reached ? undefined : `cannot be asked: ${said} ${failureOf(cause)}`;
    },
  };
}

/** Of the variable that names the proxy of this URL. */
function nameOf({ protocol }: URL): string {
  const own = `${protocol.slice(0, -1)}_proxy`;
  return [own, own.toUpperCase(), 'all_proxy', 'ALL_PROXY'].find((name) => process.env[name]) ?? own.toUpperCase();
}
