// The server of the benchmark: the hub that the real command line writes, with the headers it writes; the frames it is compared
// with, under the same headers and caching; and the apps' pages. Texts are sent compressed, as a good host sends them.

import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { listen } from '../e2e/support/listen.js';
import { buildHub, bundle, type Headers, outFolder } from './build.js';
import { appHosts, crossSiteHosts, hubHost, type Loading, loadings, rawHost } from './places.js';

export type Site = {
  readonly url: (host: string, path?: string) => string;
  /** Of the frames' hosts; each request waits so long before it is answered. */
  readonly delay: (ms: number) => void;
  /** How many requests for frames have come. */
  readonly frameRequests: () => number;
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
    const isFrame = host === hubHost || host === rawHost;
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
    const frames = await framesOf(await buildHub(url(hubHost), origins));
    for (const [place, { body, headers }] of frames.served) put(place, body, headers);
    for (const page of ['latency', 'connect', 'blank']) {
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
      files: frames.files,
      close: listener.stop,
    };
  } catch (error) {
    await listener.stop();
    throw error;
  }
}

type Served = { readonly body: Buffer; readonly headers: Headers };

/** Every frame under the headers of the built hub, with the policy's hash for its own script. */
async function framesOf(hub: Awaited<ReturnType<typeof buildHub>>) {
  const served = new Map<string, Served>();
  const files: Record<Loading, Map<string, Buffer>> = {
    bare: new Map(),
    penpal: new Map(),
    single: new Map(),
    separate: new Map(),
    preload: new Map(),
  };
  function put(loading: Loading, name: string, body: Buffer, headers: Headers): void {
    files[loading].set(name || 'index.html', body);
    served.set(`${hubHost}${loadings[loading]}${name}`, { body, headers });
  }

  put('single', '', Buffer.from(hub.html), hub.headers);
  for (const [loading, entry] of [
    ['bare', 'pages/bare_frame.ts'],
    ['penpal', 'pages/penpal_hub.ts'],
  ] as const) {
    const page = inlinePage(await bundle(entry), hub.config);
    put(loading, '', page, headersFor(page, hub.headers));
  }
  const raw = inlinePage(await bundle('pages/raw_frame.ts'), hub.config);
  served.set(`${rawHost}/`, { body: raw, headers: headersFor(raw, hub.headers) });

  const bridge = Buffer.from(await bundle('pages/fetching_bridge.ts'));
  const links =
    '<link rel="preload" href="hub.wasm" as="fetch" crossorigin><link rel="preload" href="hub.js" as="script">';
  for (const [loading, head] of [
    ['separate', ''],
    ['preload', links],
  ] as const) {
    const page = `<!doctype html><html lang="en"><meta charset="utf-8">${head}<title>Lockstep hub</title><script type="application/json" id="config">${hub.config}</script><script src="hub.js"></script></html>`;
    const policy = hub.headers['Content-Security-Policy']?.replace("'none';", "'none'; connect-src 'self';") ?? '';
    put(loading, '', Buffer.from(page), { ...hub.headers, 'Content-Security-Policy': policy });
    put(loading, 'hub.js', bridge, { ...hub.headers, 'Content-Type': 'text/javascript; charset=utf-8' });
    put(loading, 'hub.wasm', hub.wasm, { ...hub.headers, 'Content-Type': 'application/wasm' });
  }
  await mkdir(join(outFolder, 'frames'), { recursive: true });
  for (const [loading, each] of Object.entries(files))
    for (const [name, body] of each) await writeFile(join(outFolder, 'frames', `${loading}-${name}`), body);
  return { served, files };
}

function inlinePage(script: string, config: string): Buffer {
  return Buffer.from(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>frame</title><script type="application/json" id="config">${config}</script><script>${script}</script></html>`,
  );
}

function headersFor(page: Buffer, hub: Headers): Headers {
  const [, script = ''] = /<script>(.*)<\/script>/s.exec(page.toString()) ?? [];
  const hash = `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  return {
    ...hub,
    'Content-Security-Policy': hub['Content-Security-Policy']?.replace(/'sha256-[^']*'/, hash) ?? '',
  };
}
