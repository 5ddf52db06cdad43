// @vitest-environment happy-dom
// The binding for Vue, in Vue itself.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type App, createApp, createSSRApp, defineComponent, effectScope, h, nextTick, ref } from 'vue';
import { renderToString } from 'vue/server-renderer';
import { createMemoryHistory, createRouter, type RouteLocationNormalized } from 'vue-router';
import { createTestSession } from '../../../js-glue/testing/index.js';
import {
  createLockstep,
  sessionGuard,
  useIdle,
  useLockstep,
  useSession,
  useSessionEvent,
} from '../../../js-glue/vue/index.js';
import { type Counted, createCounted } from '../bindings/counted.js';

let session: Counted;
let app: App | undefined;
let container: HTMLElement;

beforeEach(() => {
  session = createCounted();
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
  expect([container.textContent, session.listening()]).toEqual(['signed-out', 1]);
  app?.unmount();
  app = undefined;
  expect(session.listening()).toBe(0);
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
  expect([said, session.listening()]).toEqual([['idle'], 0]);
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

test('K5.4: what a server renders hydrates without a warning, where the hub has answered meanwhile', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const page = () =>
    createSSRApp({
      setup() {
        const snapshot = useSession();
        return () => h('p', { class: snapshot.value.status }, snapshot.value.subject ?? snapshot.value.status);
      },
    }).use(createLockstep(session));
  session = createCounted(createTestSession(session.getServerSnapshot()));
  container.innerHTML = await renderToString(page());
  expect(container.innerHTML).toBe('<p class="connecting">connecting</p>');
  session.signIn('ada');
  app = page();
  app.mount(container);
  await nextTick();
  expect(container.innerHTML).toBe('<p class="signed-in">ada</p>');
  expect([warn.mock.calls, error.mock.calls]).toEqual([[], []]);
});

describe('the guard', () => {
  const routes = ['/', '/orders', '/invoices', '/welcome'].map((path) => ({ path, component: { render: () => null } }));
  const to = (path: string) => routes.find((route) => route.path === path);

  test('waits until the session is known, and allows who is signed in', async () => {
    session = createCounted(createTestSession(session.getServerSnapshot()));
    const router = createRouter({ history: createMemoryHistory(), routes });
    router.beforeEach(sessionGuard(session));
    const going = router.push('/orders');
    await vi.waitFor(() => expect(session.listening()).toBe(1));
    session.signIn();
    await going;
    expect([router.currentRoute.value.path, session.listening()]).toEqual(['/orders', 0]);
    session.signOut();
    await router.push('/invoices');
    expect(router.currentRoute.value.path).toBe('/orders');
  });

  test('otherwise goes where it is sent', async () => {
    const guard = sessionGuard(session, ({ status }, { fullPath }: RouteLocationNormalized) =>
      Promise.resolve({ path: '/welcome', query: { status, to: fullPath } }),
    );
    const guarded = { ...(to('/orders') as (typeof routes)[0]), beforeEnter: guard };
    const router = createRouter({ history: createMemoryHistory(), routes: [...routes.slice(2), guarded] });
    await router.push('/orders?page=2');
    expect(router.currentRoute.value.query).toEqual({ status: 'signed-out', to: '/orders?page=2' });
  });

  test('on a server, where nobody is known, it allows everybody', async () => {
    vi.stubGlobal('document', undefined);
    const entered = await sessionGuard(createTestSession(session.getServerSnapshot()))('/orders');
    vi.unstubAllGlobals();
    expect(entered).toBe(true);
  });
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
  expect([status.value, session.listening()]).toEqual(['signed in', 0]);
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
  expect([html, session.listening()]).toEqual(['<p>signed-out</p>', 0]);
});
