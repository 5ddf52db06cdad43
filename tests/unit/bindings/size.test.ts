// The size is a promise: what an app's bundler makes of a binding, without the framework and without the client.

import { expect, test } from 'vitest';
import { bundled } from '../package/bundled.js';

test.each([
  ['react', 'LockstepProvider, useLockstep, useSession, useSessionEvent', 600],
  ['react', '*', 1_000],
  ['vue', 'createLockstep, useLockstep, useSession, useSessionEvent', 600],
  ['vue', '*', 1_000],
  ['svelte', 'useSession, toStore, useSessionEvent', 600],
  ['svelte', '*', 1_000],
])('%s: %s', async (framework, names, bytesMax) => {
  const exported = names === '*' ? names : `{ ${names} }`;
  const { bytes, files } = await bundled(`export ${exported} from './js-glue/${framework}/index.ts'`);
  console.log(`${framework} ${names}: ${bytes} bytes gzip`);
  expect(bytes).toBeGreaterThan(100);
  expect(bytes).toBeLessThanOrEqual(bytesMax);
  // Of ours it has nothing in it but itself.
  expect(files).toEqual([`js-glue/${framework}/index.ts`]);
});
