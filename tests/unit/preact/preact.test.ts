// @vitest-environment happy-dom
// The binding for Preact, in Preact itself: what is rendered, on a server, while it hydrates, and after every change.

import { type ComponentChildren, createElement, type FunctionComponent, hydrate, render } from 'preact';
import { act } from 'preact/test-utils';
import { renderToString } from 'preact-render-to-string';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  LockstepProvider,
  RedirectToLogin,
  Show,
  useIdle,
  useLockstep,
  useSession,
  useSessionEvent,
} from '../../../js-glue/preact/index.js';
import { createTestSession } from '../../../js-glue/testing/index.js';
import { type Counted, createCounted } from '../bindings/counted.js';

const h = createElement;
let session: Counted;
let container: HTMLElement;

beforeEach(() => {
  session = createCounted();
  container = document.createElement('div');
});
afterEach(async () => {
  await show(null);
  vi.useRealTimers();
  expect(session.listening()).toBe(0);
});

const within = (child: ComponentChildren) => h(LockstepProvider, { session }, child);
const show = (child: ComponentChildren) => act(() => render(child === null ? null : within(child), container));

const Who: FunctionComponent = () => {
  const snapshot = useSession();
  return h('p', { class: snapshot.status }, snapshot.status === 'signed-in' ? snapshot.subject : snapshot.status);
};

test('two components follow the session, by one subscription each', async () => {
  await show([h(Who, { key: 1 }), h(Who, { key: 2 })]);
  expect([container.textContent, session.listening()]).toEqual(['signed-outsigned-out', 2]);
  await act(() => session.signIn('ada'));
  expect(container.textContent).toBe('adaada');
  await show(h(Who, { key: 1 }));
  await act(() => session.signOut('expired'));
  expect([container.textContent, session.listening()]).toEqual(['signed-out', 1]);
});

test('another session takes the place of the first', async () => {
  await show(h(Who, null));
  const first = session;
  session = createCounted();
  session.signIn('grace');
  await show(h(Who, null));
  expect([container.textContent, first.listening(), session.listening()]).toEqual(['grace', 0, 1]);
});

test('without a provider it says what is missing', () => {
  expect(() => renderToString(h(Who, null))).toThrow('LockstepProvider');
});

test('K5.4: what a server renders hydrates with its attributes, where the hub has answered meanwhile', async () => {
  session = createCounted(createTestSession(createTestSession().getServerSnapshot()));
  container.innerHTML = renderToString(within(h(Who, null)));
  expect(container.innerHTML).toBe('<p class="connecting">connecting</p>');
  expect(session.listening()).toBe(0);
  session.signIn('ada');
  const paragraph = container.firstElementChild;
  await act(() => hydrate(within(h(Who, null)), container));
  // Preact leaves the attributes of a server as they are, so that the first rendering must have the server's.
  expect(container.innerHTML).toBe('<p class="signed-in">ada</p>');
  expect(container.firstElementChild).toBe(paragraph);
});

test('what is mounted later shows the session at once', async () => {
  const shown: string[] = [];
  const Late: FunctionComponent = () => {
    shown.push(useSession().status);
    return null;
  };
  await show(h(Who, null));
  await act(() => session.signIn());
  await show([h(Who, null), h(Late, null)]);
  expect(shown).toEqual(['signed-in']);
});

test('an event calls the listener of the last rendering, once, and none after it has gone', async () => {
  const received: string[] = [];
  const Listener: FunctionComponent<{ readonly name: string }> = ({ name }) => {
    useSessionEvent('logout', ({ reason }) => received.push(`${name} ${reason}`));
    return null;
  };
  await show(h(Listener, { name: 'first' }));
  await show(h(Listener, { name: 'second' }));
  session.signIn();
  await act(() => session.signOut('idle'));
  await show(null);
  session.signIn();
  session.signOut();
  expect(received).toEqual(['second idle']);
});

test('the idle countdown runs while the user is warned, and no longer', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  const Idle: FunctionComponent = () => {
    const { isWarned, secondsLeft, stay } = useIdle();
    return h('button', { onClick: stay }, isWarned ? `${secondsLeft} s left` : 'active');
  };
  session.signIn();
  await show(h(Idle, null));
  expect([container.textContent, vi.getTimerCount()]).toEqual(['active', 0]);
  await act(() => session.warnIdle(Date.now() + 2_500));
  expect(container.textContent).toBe('3 s left');
  await act(() => void vi.advanceTimersByTime(1_000));
  expect(container.textContent).toBe('2 s left');
  await act(() => container.querySelector('button')?.click());
  expect([container.textContent, vi.getTimerCount()]).toEqual(['active', 0]);
  await act(() => session.warnIdle());
  await show(null);
  expect(vi.getTimerCount()).toBe(0);
});

test('Show chooses by the status', async () => {
  await show(h(Show, { when: 'signed-in', fallback: 'Sign in, please.' }, 'Hello'));
  expect(container.textContent).toBe('Sign in, please.');
  await act(() => session.signIn());
  expect(container.textContent).toBe('Hello');
  await act(() => session.fail());
  expect(container.textContent).toBe('Sign in, please.');
});

test('RedirectToLogin leaves by the options of the last rendering, and only while it is mounted', async () => {
  const left: string[] = [];
  const to = (name: string, returnParameter?: string) =>
    h(RedirectToLogin, {
      loginUrl: 'https://portal.acme.com/login',
      navigate: (url: string) => left.push(`${name} ${[...new URL(url).searchParams.keys()]}`),
      ...(returnParameter !== undefined && { returnParameter }),
    });
  session.signIn();
  await show(to('first'));
  await show(to('second', 'back'));
  await act(() => session.signOut());
  expect(left).toEqual(['second back']);
  await show(null);
  session.signIn();
  session.signOut();
  expect(left).toHaveLength(1);
});

test('acts reach the session', async () => {
  const Out: FunctionComponent = () => {
    const { logout } = useLockstep();
    return h('button', { onClick: () => void logout() }, useSession().status);
  };
  session.signIn();
  await show(h(Out, null));
  await act(async () => container.querySelector('button')?.click());
  expect(container.textContent).toBe('signed-out');
  expect(session.calls).toEqual([{ type: 'logout' }]);
});
