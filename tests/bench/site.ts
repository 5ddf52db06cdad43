// The server of the benchmark: the hub that the real command line writes, with the headers it writes; the frames it is compared
// with, under the headers and caching of its page; and the apps' pages. Texts are sent compressed, as a good host sends them.

import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { listen } from '../e2e/support/listen.js';
import { type BuiltHub, buildHub, bundle, type Headers, outFolder, type Served, usualSession } from './build.js';
import {
  appHosts,
  checkedHubHost,
  crossSiteHosts,
  hubHost,
  idleHubHost,
  type Loading,
  loadings,
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
  /** What each way to load the hub transfers, uncompressed, by file name. */
  readonly files: Readonly<Record<Loading, ReadonlyMap<string, Buffer>>>;
  readonly close: () => Promise<void>;
};

type Resource = { readonly body: Buffer; readonly compressed: Buffer; readonly headers: Headers };

export async function startSite(): Promise<Site> {
  const resources = new Map<string, Resource>();
  let delayMs = 0;
  let frameRequests = 0;

  const listener = await listen((request, response) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    const path = (request.url ?? '/').replace(/\?.*/, '');
    const isFrame = [hubHost, rawHost, checkedHubHost, idleHubHost].includes(host);
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
    for (const [host, session] of [
      [checkedHubHost, { checkBeforeExpirySeconds: 2 }],
      [idleHubHost, { idleTimeoutSeconds: 4, idleWarningSeconds: 1 }],
    ] as const) {
      const { page, script, module } = await buildHub(url(host), origins, session);
      put(`${host}/`, page.body, page.headers);
      for (const { name, body, headers } of [script, module]) put(`${host}/${name}`, body, headers);
    }
    for (const page of ['latency', 'connect', 'blank', 'duty']) {
      const script = await bundle(`pages/${page}_app.ts`);
      const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${page}</title><script type="module">${script}</script><body></body></html>`;
      put(`*/${page}`, Buffer.from(html), { 'Content-Type': 'text/html; charset=utf-8' });
    }
    return {
      url,
      delay: (ms) => {
        delayMs = ms;
      },
      frameRequests: () => frameRequests,
      hubConfig: hub.config,
      files: frames.files,
      close: listener.stop,
    };
  } catch (error) {
    await listener.stop();
    throw error;
  }
}

/** Every frame under the headers of the built hub. */
async function framesOf(hub: BuiltHub) {
  const served = new Map<string, Served>();
  const files: Record<Loading, Map<string, Buffer>> = {
    bare: new Map(),
    penpal: new Map(),
    hub: new Map(),
    separate: new Map(),
    single: new Map(),
  };
  function put(loading: Loading, name: string, each: Served): void {
    files[loading].set(name || 'index.html', each.body);
    served.set(`${hubHost}${loadings[loading]}${name}`, each);
  }

  for (const [loading, page] of [
    ['hub', hub.page],
    ['separate', withoutPreload(hub)],
  ] as const) {
    put(loading, '', page);
    for (const file of [hub.script, hub.module]) put(loading, file.name, file);
  }
  put('single', '', inOneFile(hub));
  for (const [loading, entry] of [
    ['bare', 'pages/bare_frame.ts'],
    ['penpal', 'pages/penpal_hub.ts'],
  ] as const)
    put(loading, '', await inlinePage(entry, hub));
  served.set(`${rawHost}/`, await inlinePage('pages/raw_frame.ts', hub));

  await mkdir(join(outFolder, 'frames'), { recursive: true });
  for (const [loading, each] of Object.entries(files))
    for (const [name, body] of each) await writeFile(join(outFolder, 'frames', `${loading}-${name}`), body);
  return { served, files };
}

/** The built hub as it would be without its two preload links: the script still finds the module's name in one of them. */
function withoutPreload({ page }: BuiltHub): Served {
  return { ...page, body: replaced(page.body, / rel="preload"/g, () => '') };
}

/** The built hub as one file: its script stands in the page, and its module, in base64, in the link. */
function inOneFile({ page, script, module }: BuiltHub): Served {
  const code = script.body.toString();
  const linked = replaced(page.body, /rel="preload" as="fetch" crossorigin href="[^"]*"/, () => {
    return `href="data:application/wasm;base64,${module.body.toString('base64')}"`;
  });
  const unlinked = replaced(linked, /<link rel="preload" as="script"[^>]*>\n/, () => '');
  const body = replaced(unlinked, /<script src="[^"]*">/, () => `<script>${code}`);
  return { body, headers: policyFor(code, page.headers, "connect-src 'self' data:") };
}

function replaced(page: Buffer, pattern: RegExp, by: () => string): Buffer {
  const text = page.toString();
  const changed = text.replace(pattern, by);
  if (changed === text) throw new Error(`The built page has no ${pattern}: the benchmark does not know it.`);
  return Buffer.from(changed);
}

async function inlinePage(entry: string, { page, config }: BuiltHub): Promise<Served> {
  const script = await bundle(entry);
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>frame</title><script type="application/json" id="config">${config}</script><script>${script}</script></html>`;
  return { body: Buffer.from(html), headers: policyFor(script, page.headers) };
}

/** The hub's policy, for a page whose script stands in it. */
function policyFor(script: string, hub: Headers, connect = "connect-src 'self'"): Headers {
  const hash = `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  const policy = hub['Content-Security-Policy'] ?? '';
  const changed = policy.replace("script-src 'self'", `script-src ${hash}`).replace("connect-src 'self'", connect);
  if (!changed.includes(hash) || !changed.includes(connect)) throw new Error(`The benchmark does not know ${policy}`);
  return { ...hub, 'Content-Security-Policy': changed };
}
