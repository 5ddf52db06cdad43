// The size is a promise: what an app's bundler makes of a binding, without the framework and without the client.

import { expect, test } from 'vitest';
import { bundled } from '../package/bundled.js';
import { files, textOf } from '../repository/tree.js';

const promises = [
  ['angular', 'provideLockstep, injectLockstep, injectSession, injectSessionEvent', 600],
  ['angular', '*', 1_000],
  ['lit', 'SessionController, SessionEventController', 600],
  ['lit', '*', 1_000],
  ['preact', 'LockstepProvider, useLockstep, useSession, useSessionEvent', 600],
  ['preact', '*', 1_000],
  ['react', 'LockstepProvider, useLockstep, useSession, useSessionEvent', 600],
  ['react', '*', 1_000],
  ['solid', 'LockstepProvider, useLockstep, useSession, useSessionEvent', 600],
  ['solid', '*', 1_000],
  ['svelte', 'useSession, toStore, useSessionEvent', 600],
  ['svelte', '*', 1_000],
  ['vue', 'createLockstep, useLockstep, useSession, useSessionEvent', 600],
  ['vue', '*', 1_000],
] as const;

test('every binding promises its size', () => {
  const bindings = files.flatMap((path) => {
    const [, name = ''] = /^js-glue\/([\w-]+)\/index\.ts$/.exec(path) ?? [];
    return name !== '' && textOf(path).includes("from '../bindings/") ? [name] : [];
  });
  expect([...new Set(promises.map(([name]) => name))]).toEqual(bindings);
});

test.each(promises)('%s: %s', async (framework, names, bytesMax) => {
  const exported = names === '*' ? names : `{ ${names} }`;
  const { bytes, files: bundledFiles } = await bundled(`export ${exported} from './js-glue/${framework}/index.ts'`);
  console.log(`${framework} ${names}: ${bytes} bytes gzip`);
  expect(bytes).toBeGreaterThan(100);
  expect(bytes).toBeLessThanOrEqual(bytesMax);
  // Of ours it has nothing in it but itself, and what the bindings have in common.
  expect(bundledFiles).toContain(`js-glue/${framework}/index.ts`);
  expect(bundledFiles.filter((path) => !/^js-glue\/(bindings|\w+\/index\.ts)/.test(path))).toEqual([]);
});
