// The size is a promise: what an app's bundler makes of one adapter, without the login library, which is the app's.

import { expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { bundled } from '../package/bundled.js';

// Half of it is what all adapters do (tokens.ts). The design asks for 800: see README, "Cost".
const gzipBytesMax = 2_130;
const names = Object.keys(manifest.exports).flatMap((path) => /^\.\/adapters\/(.+)/.exec(path)?.[1] ?? []);

test.each(names)(`the adapter for %s is at most ${gzipBytesMax} bytes, and imports nothing`, async (name) => {
  const { bytes, imported, files } = await bundled(`export * from './js-glue/adapters/${name}.ts'`);
  console.log(`${name}: ${bytes} bytes gzip`);
  expect(bytes).toBeGreaterThan(200);
  expect(bytes).toBeLessThanOrEqual(gzipBytesMax);
  expect(imported).toEqual([]);
  expect(files.filter((path) => !path.startsWith('js-glue/adapters/'))).toEqual([]);
});
