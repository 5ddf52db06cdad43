// @vitest-environment happy-dom
// The binding for Vue, in Vue itself.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type App, createApp, createSSRApp, defineComponent, effectScope, h, nextTick, ref } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { createTestSession, type TestSession } from '../../../js-glue/testing/index.js';
import { createLockstep, useIdle, useLockstep, useSession, useSessionEvent } from '../../../js-glue/vue/index.js';

let session: TestSession;
let app: App | undefined;
let container: HTMLElement;
let listening: number;

beforeEach(() => {
  const driven = createTestSession();
  listening = 0;
  const counted = (stop: () => void) => {
    listening += 1;
    return () => {
      listening -= 1;
      stop();
    };
  };
  session = {
    ...driven,
    subscribe: (listener) => counted(driven.subscribe(listener)),
    on: (type, listener) => counted(driven.on(type, listener)),
  };
  container = document.createElement('div');
});
afterEach(() => {
  app?.unmount();
  app = undefined;
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function mount(setup: () => () => unknown): void {
  app = createApp(defineComponent({ setup }));
  app.use(createLockstep(session));
  app.mount(container);
}

test('a component shows the session, follows it, and leaves nothing behind', async () => {
  mount(() => {
    const snapshot = useSession();
    return () => (snapshot.value.status === 'signed-in' ? snapshot.value.subject : snapshot.value.status);
  });
  expect(container.textContent).toBe('signed-out');
  session.signIn('ada');
  await nextTick();
  expect(container.textContent).toBe('ada');
  session.signOut();
  await nextTick();
  expect([container.textContent, listening]).toEqual(['signed-out', 1]);
  app?.unmount();
  app = undefined;
  expect(listening).toBe(0);
});

test('an event calls the listener as long as its scope lives', () => {
  const said: string[] = [];
  mount(() => {
    useSessionEvent('logout', ({ reason }) => said.push(reason));
    return () => null;
  });
  session.signIn();
  session.signOut('idle');
  app?.unmount();
  app = undefined;
  session.signIn();
  session.signOut();
  expect([said, listening]).toEqual([['idle'], 0]);
});

test('the idle countdown runs while the user is warned, and no longer', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  session.signIn();
  mount(() => {
    const { isWarned, secondsLeft, stay } = useIdle();
    return () => h('button', { onClick: stay }, isWarned.value ? `${secondsLeft.value} s left` : 'active');
  });
  expect([container.textContent, vi.getTimerCount()]).toEqual(['active', 0]);
  session.warnIdle(Date.now() + 2_500);
  await nextTick();
  expect(container.textContent).toBe('3 s left');
  vi.advanceTimersByTime(1_000);
  await nextTick();
  expect(container.textContent).toBe('2 s left');
  container.querySelector('button')?.click();
  await nextTick();
  expect([container.textContent, vi.getTimerCount()]).toEqual(['active', 0]);
});

test('without the plugin, or not in setup, it says what is missing', () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  expect(() => useLockstep()).toThrow('createLockstep');
  const bare = createApp({
    setup() {
      useSession();
      return () => null;
    },
  });
  bare.config.errorHandler = (error) => {
    throw error;
  };
  expect(() => bare.mount(container)).toThrow('createLockstep');
});

test('a scope of the app may hold it as well', () => {
  mount(() => () => null);
  const scope = effectScope();
  const status = ref('');
  app?.runWithContext(() =>
    scope.run(() => {
      useSessionEvent('login', () => {
        status.value = 'signed in';
      });
    }),
  );
  session.signIn();
  scope.stop();
  expect([status.value, listening]).toEqual(['signed in', 0]);
});

test('on a server it listens to nothing', async () => {
  vi.stubGlobal('document', undefined);
  const html = await renderToString(
    createSSRApp({
      setup() {
        const snapshot = useSession();
        useSessionEvent('login', () => undefined);
        return () => h('p', snapshot.value.status);
      },
    }).use(createLockstep(session)),
  );
  vi.unstubAllGlobals();
  expect([html, listening]).toEqual(['<p>signed-out</p>', 0]);
});
