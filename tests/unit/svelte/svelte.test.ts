// The binding for Svelte, with Svelte's own effects. It is bundled as for a browser: in Node Svelte takes its part for
// servers, which follows nothing.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createTestSession, type TestSession } from '../../../js-glue/testing/index.js';

type Binding = typeof import('../../../js-glue/svelte/index.js');
type Bundled = Binding & {
  /** Of svelte/store: what a component does that reads the value. */
  readonly follow: <Value>(read: () => Value) => { subscribe: (run: (value: Value) => void) => () => void };
  readonly flushSync: () => void;
  readonly get: <Value>(store: object) => Value;
};

const root = fileURLToPath(new URL('../../../', import.meta.url));
let folder: string;
let svelte: Bundled;
let session: TestSession;

beforeAll(async () => {
  const contents = `export * from './js-glue/svelte/index.ts';
    export { toStore as follow, get } from 'svelte/store';
    export { flushSync } from 'svelte';`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['browser'],
  });
  folder = await mkdtemp(join(tmpdir(), 'lockstep-svelte-'));
  const file = join(folder, 'svelte.mjs');
  await writeFile(file, outputFiles[0]?.text ?? '');
  svelte = await import(pathToFileURL(file).href);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  session = createTestSession();
});
afterEach(() => {
  vi.useRealTimers();
});

test('K5.3: a store has the present snapshot at once, and then every other', () => {
  const store = svelte.toStore(session);
  expect(svelte.get(store)).toBe(session.getSnapshot());
  const shown: string[] = [];
  const stop = store.subscribe(({ status }) => shown.push(status));
  session.signIn();
  stop();
  session.signOut();
  expect(shown).toEqual(['signed-out', 'signed-in']);
});

test('what a component reads follows the session, as long as somebody reads it', async () => {
  const account = svelte.useSession(session);
  const shown: string[] = [];
  const stop = svelte
    .follow(() => account.current.subject ?? account.current.status)
    .subscribe((each) => {
      shown.push(each);
    });
  session.signIn('ada');
  svelte.flushSync();
  session.signIn('grace');
  svelte.flushSync();
  stop();
  await Promise.resolve();
  session.signOut();
  svelte.flushSync();
  expect(shown).toEqual(['signed-out', 'ada', 'grace']);
  // Without an effect it is read as it is.
  expect(account.current.status).toBe('signed-out');
});

test('the idle countdown runs while the user is warned, and no longer', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  session.signIn();
  const idle = svelte.useIdle(session);
  const shown: unknown[] = [];
  const stop = svelte
    .follow(() => (idle.isWarned ? idle.secondsLeft : 'active'))
    .subscribe((each) => {
      shown.push(each);
    });
  expect(vi.getTimerCount()).toBe(0);
  session.warnIdle(Date.now() + 2_500);
  svelte.flushSync();
  vi.advanceTimersByTime(1_000);
  svelte.flushSync();
  idle.stay();
  svelte.flushSync();
  await Promise.resolve();
  stop();
  await Promise.resolve();
  expect(shown).toEqual(['active', 3, 2, 'active']);
  expect(vi.getTimerCount()).toBe(0);
});
