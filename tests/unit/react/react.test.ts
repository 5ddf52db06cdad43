// @vitest-environment happy-dom
// The binding for React, in React itself: what is rendered, on a server, while it hydrates, and after every change.

import { act, createElement, type FunctionComponent, type ReactNode, StrictMode, Suspense, use } from 'react';
import { createRoot, hydrateRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  LockstepProvider,
  RedirectToLogin,
  Show,
  useIdle,
  useLockstep,
  useSession,
  useSessionEvent,
} from '../../../js-glue/react/index.js';
import { createTestSession, type TestSession } from '../../../js-glue/testing/index.js';

const h = createElement;
let session: TestSession;
let root: Root | undefined;
let container: HTMLElement;

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  session = createTestSession();
  container = document.createElement('div');
  document.body.append(container);
});
afterEach(async () => {
  await act(async () => root?.unmount());
  root = undefined;
  container.remove();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const within = (child: ReactNode) => h(StrictMode, null, h(LockstepProvider, { session }, child));

async function render(child: ReactNode): Promise<void> {
  await act(async () => {
    root ??= createRoot(container);
    root.render(within(child));
  });
}

const Who: FunctionComponent = () => {
  const snapshot = useSession();
  return h('p', null, snapshot.status === 'signed-in' ? snapshot.subject : snapshot.status);
};

test('a component shows the session, and follows it', async () => {
  await render(h(Who));
  expect(container.textContent).toBe('signed-out');
  await act(async () => session.signIn('ada'));
  expect(container.textContent).toBe('ada');
  await act(async () => session.signOut('expired'));
  expect(container.textContent).toBe('signed-out');
});

test('without a provider it says what is missing', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  expect(() => renderToString(h(Who))).toThrow('LockstepProvider');
});

test('K5.4: what a server renders hydrates without an error, also where the hub has answered meanwhile', async () => {
  session = createTestSession(session.getServerSnapshot());
  let arrive: (value: unknown) => void = () => undefined;
  const late = new Promise((resolve) => {
    arrive = resolve;
  });
  const Late: FunctionComponent<{ readonly isServer: boolean }> = ({ isServer }) => {
    if (!isServer) use(late);
    return h(Who);
  };
  const page = (isServer: boolean) => within([h(Who, { key: 1 }), h(Suspense, { key: 2 }, h(Late, { isServer }))]);
  container.innerHTML = renderToString(page(true));
  expect(container.textContent).toBe('connectingconnecting');
  const errors: unknown[] = [];
  await act(async () => {
    root = hydrateRoot(container, page(false), { onRecoverableError: (error) => errors.push(error) });
  });
  await act(async () => session.signIn('ada'));
  // The boundary hydrates now: its HTML still says what the server said.
  await act(async () => arrive(undefined));
  expect(container.textContent).toBe('adaada');
  expect(errors).toEqual([]);
});

test('an event calls the listener of the last rendering, once, and none after it has gone', async () => {
  const heard: string[] = [];
  const Listener: FunctionComponent<{ readonly name: string }> = ({ name }) => {
    useSessionEvent('logout', ({ reason }) => heard.push(`${name} ${reason}`));
    return null;
  };
  await render(h(Listener, { name: 'first' }));
  await render(h(Listener, { name: 'second' }));
  session.signIn();
  await act(async () => session.signOut('idle'));
  await render(null);
  session.signIn();
  await act(async () => session.signOut());
  expect(heard).toEqual(['second idle']);
});

test('the idle countdown runs while the warning stands, and no longer', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  const Idle: FunctionComponent = () => {
    const { isWarned, secondsLeft, stay } = useIdle();
    return h('button', { onClick: stay }, isWarned ? `${secondsLeft} s left` : 'active');
  };
  session.signIn();
  await render(h(Idle));
  expect([container.textContent, vi.getTimerCount()]).toEqual(['active', 0]);
  await act(async () => session.warnIdle(Date.now() + 2_500));
  expect(container.textContent).toBe('3 s left');
  await act(async () => vi.advanceTimersByTime(1_000));
  expect(container.textContent).toBe('2 s left');
  await act(async () => vi.advanceTimersByTime(5_000));
  expect(container.textContent).toBe('0 s left');
  await act(async () => container.querySelector('button')?.click());
  expect([container.textContent, vi.getTimerCount()]).toEqual(['active', 0]);
  expect(session.calls).toContainEqual({ type: 'touch' });
});

test('Show chooses by the status', async () => {
  await render(h(Show, { when: 'signed-in', fallback: 'Sign in, please.' }, 'Hello'));
  expect(container.textContent).toBe('Sign in, please.');
  await act(async () => session.signIn());
  expect(container.textContent).toBe('Hello');
  await act(async () => session.fail());
  expect(container.textContent).toBe('Sign in, please.');
  await render(h(Show, { when: 'unavailable' }, 'Away'));
  expect(container.textContent).toBe('Away');
});

test('RedirectToLogin leaves when nobody is signed in, and only while it is mounted', async () => {
  const left: string[] = [];
  const navigate = (url: string) => left.push(new URL(url).pathname);
  session.signIn();
  await render(h(RedirectToLogin, { loginUrl: 'https://portal.acme.com/login', navigate }));
  expect(left).toEqual([]);
  await act(async () => session.signOut());
  expect(left).toEqual(['/login']);
  await render(null);
  session.signIn();
  await act(async () => session.signOut());
  expect(left).toEqual(['/login']);
});

test('RedirectToLogin takes the options of the last rendering', async () => {
  const left: string[] = [];
  const to = (name: string, returnParameter?: string) =>
    h(RedirectToLogin, {
      loginUrl: 'https://portal.acme.com/login',
      navigate: (url: string) => left.push(`${name} ${[...new URL(url).searchParams.keys()]}`),
      ...(returnParameter !== undefined && { returnParameter }),
    });
  session.signIn();
  await render(to('first'));
  await render(to('second', 'back'));
  await act(async () => session.signOut());
  expect(left).toEqual(['second back']);
});

test('acts reach the session, and nothing is left after the last component', async () => {
  const counts = { added: 0, removed: 0 };
  const counted: TestSession = {
    ...session,
    subscribe(listener) {
      counts.added += 1;
      const remove = session.subscribe(listener);
      return () => {
        counts.removed += 1;
        remove();
      };
    },
  };
  const Out: FunctionComponent = () => {
    const { logout } = useLockstep();
    return h('button', { onClick: () => void logout() }, useSession().status);
  };
  session.signIn();
  await act(async () => {
    root = createRoot(container);
    root.render(h(StrictMode, null, h(LockstepProvider, { session: counted }, h(Out))));
  });
  await act(async () => container.querySelector('button')?.click());
  expect(container.textContent).toBe('signed-out');
  await act(async () => root?.unmount());
  root = undefined;
  expect(counts.added).toBeGreaterThan(0);
  expect(counts.removed).toBe(counts.added);
});
