// The size is a promise: what an app's bundler makes of a binding, without the framework and without the client.

import { expect, test } from 'vitest';
import { bundled } from '../package/bundled.js';

test.each([
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
])('%s: %s', async (framework, names, bytesMax) => {
  const exported = names === '*' ? names : `{ ${names} }`;
  const { bytes, files } = await bundled(`export ${exported} from './js-glue/${framework}/index.ts'`);
  console.log(`${framework} ${names}: ${bytes} bytes gzip`);
  expect(bytes).toBeGreaterThan(100);
  expect(bytes).toBeLessThanOrEqual(bytesMax);
  // Of ours it has nothing in it but itself, and what the bindings have in common.
  expect(files).toContain(`js-glue/${framework}/index.ts`);
  expect(files.filter((path) => !/^js-glue\/(bindings|\w+\/index\.ts)/.test(path))).toEqual([]);
});
