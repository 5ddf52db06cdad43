// What a browser transfers, once: the client inside an app's bundle, and the hub, for each way to load it. Compressed as a good
// host compresses files that seldom change.

import { brotliCompressSync, gzipSync } from 'node:zlib';
import { bundle } from './build.js';
import { type Loading, loadingNames, loadings } from './places.js';
import { atMost, type Measured } from './report.js';
import type { Site } from './site.js';

type Sizes = { readonly raw: number; readonly gzip: number; readonly brotli: number };

export async function measureSizes(site: Site): Promise<Measured> {
  const client = sizesOf(Buffer.from(await bundle('dist/client/index.js')));
  const hubs = Object.fromEntries(
    (Object.keys(loadings) as Loading[]).map((loading) => [
      loading,
      sum([...site.files[loading].values()].map(sizesOf)),
    ]),
  ) as Record<Loading, Sizes>;
  const base64 = sizesOf(Buffer.from(inBase64(site)));
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
          row('client, minified', client),
          ...(Object.keys(loadings) as Loading[]).map((loading) => row(loadingNames[loading], hubs[loading])),
          row('Lockstep, one file, module in base64', base64),
        ],
        notes: ['The penpal hub has no rules of a session: it is here for what it costs to load.'],
      },
    ],
    bars: [
      atMost('client, minified, gzip', client.gzip / 1000, 3.5, 'kB'),
      atMost('hub in all, brotli', hubs.single.brotli / 1000, 40, 'kB'),
    ],
    results: { client, hubs, base64 },
  };
}

/** The page as it would be if the module stood in it the usual way. */
function inBase64(site: Site): string {
  const page = site.files.single.get('index.html')?.toString() ?? '';
  const module = site.files.separate.get('hub.wasm')?.toString('base64') ?? '';
  const place = /(<script type="text\/plain" id="module">).*?(<\/script>)/s;
  if (!place.test(page)) throw new Error('The built hub holds its module in another way than the benchmark knows.');
  return page.replace(place, (_, before: string, after: string) => before + module + after);
}

function sizesOf(body: Buffer): Sizes {
  return { raw: body.length, gzip: gzipSync(body, { level: 9 }).length, brotli: brotliCompressSync(body).length };
}

function sum(sizes: readonly Sizes[]): Sizes {
  return sizes.reduce((a, b) => ({ raw: a.raw + b.raw, gzip: a.gzip + b.gzip, brotli: a.brotli + b.brotli }));
}
