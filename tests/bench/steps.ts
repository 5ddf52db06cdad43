// How much a hub does in a second, apart from any browser: the core's `step` natively, whole hubs natively (text in,
// text out), and the same whole hubs as WebAssembly and as its fallback in Node. One change: an app's message, its
// hub's write and words, another hub's words.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './build.js';
import {
  type FakePage,
  type HubMaker,
  makeFallback,
  moduleMaker,
  openFakePage,
  type SharedStore,
} from './fake-page.js';
import { appHosts } from './places.js';
import { type Measured, ms, progress } from './report.js';
import type { Site } from './site.js';

/** Of tests/native/bench. */
type Native = { readonly stepsPerSecond: number; readonly changesPerSecond: number };

export async function measureSteps(site: Site, quick: boolean): Promise<Measured> {
  const seconds = quick ? 1 : 5;
  progress(`steps: natively, in WebAssembly and in its fallback, ${seconds} s each`);
  const program = join(root, 'build/bench/tests/native/native_bench');
  const { stdout } = await promisify(execFile)(program, [String(seconds)]);
  const native: Native = JSON.parse(stdout);
  const wasm = await changesOf(await moduleMaker(), site, seconds);
  const fallback = await changesOf(makeFallback, site, seconds);
  const micros = (perSecond: number) => (1e6 / perSecond).toFixed(1);
  const row = (name: string, perSecond: number) => [
    name,
    Math.round(perSecond).toLocaleString('en'),
    micros(perSecond),
  ];
  return {
    tables: [
      {
        title: '',
        head: ['Work of a hub, without a browser', 'a second', 'µs each'],
        rows: [
          row('steps of the core, native', native.stepsPerSecond),
          row('changes through two whole hubs, native', native.changesPerSecond),
          row('changes through two whole hubs, WebAssembly in Node', wasm.changesPerSecond),
          row('changes through two whole hubs, the fallback in Node', fallback.changesPerSecond),
        ],
        notes: Object.entries({ WebAssembly: wasm, 'The fallback': fallback }).map(
          ([name, { startMs, firstChangeMs, firstHundredMs }]) =>
            `${name}: two hubs started in ${ms(startMs)} ms, the first change took ${ms(firstChangeMs)} ms, the ` +
            `first hundred ${ms(firstHundredMs)} ms`,
        ),
      },
    ],
    bars: [],
    results: { native, wasm, fallback },
  };
}

/**
 * Two hubs over one store, the one's app changing the session and the other's receiving that; throws when it does not.
 */
export async function changesOf(make: HubMaker, { url, hubConfig }: Site, seconds: number) {
  const [writing = '', reading = ''] = appHosts.map((host) => new URL(url(host)).origin);
  const store: SharedStore = { text: null, clockMs: Date.now() };
  lastEnd = undefined;
  const opened = performance.now();
  const writer = await openFakePage(make, hubConfig, writing, store);
  const reader = await openFakePage(make, hubConfig, reading, store);
  const startMs = performance.now() - opened;
  writer.said.length = reader.said.length = 0;

  const start = performance.now();
  change(writer, reader, 0);
  const firstChangeMs = performance.now() - start;
  let changes = 1;
  for (; changes < 100; changes++) change(writer, reader, changes);
  const firstHundredMs = performance.now() - start;
  while (performance.now() - start < seconds * 1000) change(writer, reader, changes++);
  const took = (performance.now() - start) / 1000;
  writer.hub.destroy();
  reader.hub.destroy();
  return { changesPerSecond: changes / took, startMs, firstChangeMs, firstHundredMs };
}

/** What the writer's app has been shown: its next login begins after that. */
let lastEnd: string | undefined;

/** Even changes are logins, odd ones logouts, as in the browser. */
function change(writer: FakePage, reader: FakePage, n: number): void {
  if (n % 2) writer.say({ type: 'logout', id: n + 1 });
  else writer.say({ type: 'login', id: n + 1, subject: `u-${n}`, claims: { name: 'Ada Lovelace' }, lastEnd });
  reader.receiveWrite();
  // Each hub notifies its app of the change; the writer's reply to a logout waits for the durable tombstone.
  if (!writer.said[0]?.startsWith('{"type":"changed"') || !reader.said[0]?.startsWith('{"type":"changed"')) {
    throw new Error(`Change ${n} was not published: ${writer.said[0] ?? 'nothing'} / ${reader.said[0] ?? 'nothing'}`);
  }
  lastEnd = JSON.parse(writer.said[0]).lastEnd;
  writer.said.length = reader.said.length = 0;
}
