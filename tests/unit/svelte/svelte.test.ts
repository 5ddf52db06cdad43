// The binding for Svelte, with Svelte's own effects. It is bundled as for a browser: in Node Svelte takes its part for
// servers, which follows nothing.

import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createTestSession, type TestSession } from '../../../js-glue/testing/index.js';
import { importForBrowser } from '../bindings/for-browser.js';

type Binding = typeof import('../../../js-glue/svelte/index.js');
type Bundled = Binding & {
  /** Of svelte/store: what a component does that reads the value. */
  readonly follow: <Value>(read: () => Value) => { subscribe: (run: (value: Value) => void) => () => void };
  readonly flushSync: () => void;
  readonly get: <Value>(store: object) => Value;
};

let svelte: Bundled;
let session: TestSession;

beforeAll(async () => {
  svelte = await importForBrowser(`export * from './js-glue/svelte/index.ts';
    export { toStore as follow, get } from 'svelte/store';
    export { flushSync } from 'svelte';`);
});
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
