// What the inspector costs who imports it, and that it costs nobody else. This runs in Node, as on a server.

import { readFileSync } from 'node:fs';
import { connect } from 'lockstep';
import { expect, test } from 'vitest';
import { mountInspector } from '../../../js-glue/inspector/index.js';
import { bundled } from '../package/bundled.js';

const documented = readFileSync(new URL('../../../docs/inspector.md', import.meta.url), 'utf8');

test('it has at most 15 kB, and of others only the client', async () => {
  const { bytes, files, imported } = await bundled("export * from './js-glue/inspector/index.ts'");
  console.log(`inspector: ${bytes} bytes gzip`);
  expect(bytes).toBeGreaterThan(1_000);
  expect(bytes).toBeLessThanOrEqual(15_000);
  expect(documented).toContain(`It has ${Math.round(bytes / 1_000)} kB (gzip)`);
  expect(files.filter((path) => !path.startsWith('js-glue/inspector/'))).toEqual([]);
  expect(imported.filter((name) => name !== 'lockstep')).toEqual([]);
});

test('an app that imports it for nothing has nothing of it', async () => {
  const { bytes } = await bundled(
    "import { mountInspector } from './js-glue/inspector/index.ts'; export const isUsed = false",
  );
  expect(bytes).toBeLessThan(100);
  const { files } = await bundled("export * from './js-glue/client/index.ts'");
  expect(files.filter((path) => path.includes('inspector'))).toEqual([]);
});

test('on a server it does nothing', () => {
  expect(typeof document).toBe('undefined');
  const unmount = mountInspector(connect({ hub: 'https://hub.acme.com/' }));
  expect(unmount()).toBeUndefined();
});
