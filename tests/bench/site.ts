// The server of the benchmark: the hub that the real command line writes, with the headers it writes; the frames it is
// compared with, under the headers and caching of its page; and the apps' pages. Texts are sent compressed, as a good
// host sends them.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { hashSource } from '../../js-glue/cli/html.js';
import { type Handler, listen } from '../e2e/support/listen.js';
import { type BuiltHub, buildHub, bundle, type Headers, outFolder, type Served, usualSession } from './build.js';
import {
  appHosts,
  checkedHubHost,
  crossSiteHosts,
  hubHost,
  idleHubHost,
  inspectedHubHost,
  type Loading,
  loadings,
  pushed,
  pushedHubHost,
  rawHost,
} from './places.js';

export type Site = {
  readonly url: (host: string, path?: string) => string;
  /** Of the frames' hosts; each request waits so long before it is answered. */
  readonly delay: (ms: number) => void;
  /** How many requests for frames have come. */
  readonly frameRequests: () => number;
  /** As the hub's page has it. */
  readonly hubConfig: string;
  /** What each kind of frame transfers, uncompressed. */
  readonly pages: Readonly<Record<Loading, Buffer>>;
  /** Puts a server beside the hub that is pushed to. */
  readonly handle: (path: string, handler: Handler) => void;
  readonly close: () => Promise<void>;
};

type Resource = { readonly body: Buffer; readonly compressed: Buffer; readonly headers: Headers };

export async function startSite(): Promise<Site> {
  const resources = new Map<string, Resource>();
  const handlers = new Map<string, Handler>();
  let delayMs = 0;
  let frameRequests = 0;

  const listener = await listen((request, response) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const path = (request.url ?? '/').replace(/\?.*/, '');
    const handler = host === pushedHubHost && handlers.get(path);
    if (handler) return handler(request, response);
    const frameHosts = [hubHost, rawHost, checkedHubHost, idleHubHost, pushedHubHost, inspectedHubHost];
    const isFrame = frameHosts.includes(host);
    const resource = resources.get(`${isFrame ? host : '*'}${path}`);
    if (isFrame && path !== '/favicon.ico') frameRequests += 1;
    const answer = () => {
      if (!resource) return void response.writeHead(404).end();
      const brotli = /\bbr\b/.test(String(request.headers['accept-encoding']));
      const encoding: Headers = brotli ? { 'Content-Encoding': 'br', Vary: 'Accept-Encoding' } : {};
      response.writeHead(200, { ...resource.headers, ...encoding });
      response.end(brotli ? resource.compressed : resource.body);
    };
    if (isFrame && delayMs > 0) setTimeout(answer, delayMs);
    else answer();
  });

  const url = (host: string, path = '/') => `http://${host}:${listener.port}${path}`;
  function put(place: string, body: Buffer, headers: Headers): void {
    resources.set(place, { body, compressed: brotliCompressSync(body), headers });
  }
  try {
    const origins = [...appHosts, ...crossSiteHosts].map((host) => new URL(url(host)).origin);
    const hub = await buildHub(url(hubHost), origins, usualSession);
    const frames = await framesOf(hub);
    for (const [place, { body, headers }] of frames.served) put(place, body, headers);
    for (const [host, session, more] of [
      [checkedHubHost, { checkBeforeExpirySeconds: 2 }, {}],
      [idleHubHost, { idleTimeoutSeconds: 4, idleWarningSeconds: 1 }, {}],
      [pushedHubHost, {}, pushed],
      [inspectedHubHost, usualSession, { inspect: origins }],
    ] as const) {
      const { page } = await buildHub(url(host), origins, session, more);
      put(`${host}/`, page.body, page.headers);
    }
    for (const page of ['latency', 'connect', 'blank', 'inspected', 'duty', 'load', 'siege']) {
      const script = await bundle(`pages/${page}-app.ts`);
      const html =
        `<!doctype html><html lang="en"><meta charset="utf-8"><title>${page}</title><script ` +
        `type="module">${script}</script><body></body></html>`;
      put(`*/${page}`, Buffer.from(html), { 'Content-Type': 'text/html; charset=utf-8' });
    }
    return {
      url,
      delay: (ms) => {
        delayMs = ms;
      },
      frameRequests: () => frameRequests,
      handle: (path, handler) => void handlers.set(path, handler),
      hubConfig: hub.config,
      pages: frames.pages,
      close: listener.stop,
    };
  } catch (error) {
    await listener.stop();
    throw error;
  }
}

/** Every frame under the headers of the built hub. */
async function framesOf(hub: BuiltHub) {
  const frames: Readonly<Record<Loading, Served>> = {
    bare: await inlinePage('pages/bare-frame.ts', hub),
    penpal: await inlinePage('pages/penpal-hub.ts', hub),
    hub: hub.page,
  };
  const served = new Map([[`${rawHost}/`, await inlinePage('pages/raw-frame.ts', hub)]]);
  const pages = {} as Record<Loading, Buffer>;
  await mkdir(join(outFolder, 'frames'), { recursive: true });
  for (const [loading, frame] of Object.entries(frames) as [Loading, Served][]) {
    served.set(`${hubHost}${loadings[loading]}`, frame);
    pages[loading] = frame.body;
    await writeFile(join(outFolder, 'frames', `${loading}.html`), frame.body);
  }
  return { served, pages };
}

/** The hub's policy, but for the script. */
async function inlinePage(entry: string, { page, config, script: hubScript }: BuiltHub): Promise<Served> {
  const script = await bundle(entry);
  const html =
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>frame</title><script ' +
    `type="application/json" id="config">${config}</script><script>${script}</script></html>`;
  const policy = page.headers['Content-Security-Policy'] ?? '';
  const changed = policy.replace(hashSource(hubScript), hashSource(script));
  if (changed === policy) throw new Error(`The benchmark does not know ${policy}`);
  return { body: Buffer.from(html), headers: { ...page.headers, 'Content-Security-Policy': changed } };
}
