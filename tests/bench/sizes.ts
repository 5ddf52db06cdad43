// What a browser transfers, once: the client inside an app's bundle, and the hub, beside the frames it is compared
// with. Compressed as a good host compresses files that seldom change.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { bundleClient, root } from './build.js';
import { type Loading, loadingNames, loadings } from './places.js';
import { atMost, type Measured } from './report.js';
import type { Site } from './site.js';

type Sizes = { readonly raw: number; readonly gzip: number; readonly brotli: number };

export async function measureSizes(site: Site): Promise<Measured> {
  const { start, late } = await bundleClient();
  const client = {
    start: sizesOf(start),
    late: Object.fromEntries([...late].map(([name, body]) => [name, sizesOf(body)])),
  };
  const ways = Object.keys(loadings) as Loading[];
  const fallback = sizesOf(await readFile(join(root, 'dist/hub/hub-fallback.js')));
  const hubs = Object.fromEntries(ways.map((way) => [way, sizesOf(site.pages[way])])) as Record<Loading, Sizes>;
  const row = (name: string, { raw, gzip, brotli }: Sizes) => [
    name,
    ...[raw, gzip, brotli].map((n) => n.toLocaleString('en')),
  ];
  return {
    tables: [
      {
        title: '',
        head: ['Transfer, bytes', 'raw', 'gzip', 'brotli'],
        rows: [
          row('client, minified, what an app loads at start', client.start),
          ...Object.entries(client.late).map(([name, sizes]) => row(`  loaded later, where needed: ${name}`, sizes)),
          ...ways.map((way) => row(loadingNames[way], hubs[way])),
          row('  loaded later, without WebAssembly: the fallback', fallback),
        ],
        notes: ['The penpal hub has no rules of a session: it is here for what it costs to load.'],
      },
    ],
    bars: [
      atMost('client at start, minified, gzip', client.start.gzip / 1000, 4.5, 'kB'),
      atMost('hub in all, brotli', hubs.hub.brotli / 1000, 60, 'kB'),
    ],
    results: { client, hubs, fallback },
  };
}

function sizesOf(body: Buffer): Sizes {
  return { raw: body.length, gzip: gzipSync(body, { level: 9 }).length, brotli: brotliCompressSync(body).length };
}
