// @vitest-environment happy-dom
// The binding for Solid, in Solid itself, bundled as for a browser. What a server renders is at the end.

import { LockstepProvider, useSession, useSessionEvent } from 'lockstep/solid';
import type { JSX } from 'solid-js';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createTestSession } from '../../../js-glue/testing/index.js';
import { type Counted, createCounted } from '../bindings/counted.js';
import { importForBrowser } from '../bindings/for-browser.js';

type Bundled = typeof import('../../../js-glue/solid/index.js') &
  Pick<typeof import('solid-js'), 'createComponent' | 'createSignal'> &
  Pick<typeof import('solid-js/web'), 'hydrate' | 'insert' | 'render'>;

let solid: Bundled;
let session: Counted;
let container: HTMLElement;
let stop: (() => void) | undefined;

beforeAll(async () => {
  solid = await importForBrowser(`export * from './js-glue/solid/index.ts';
    export { createComponent, createSignal } from 'solid-js';
    export { hydrate, insert, render } from 'solid-js/web';`);
});
beforeEach(() => {
  session = createCounted();
  container = document.createElement('div');
});
afterEach(() => {
  stop?.();
  stop = undefined;
  vi.useRealTimers();
  vi.unstubAllGlobals();
  expect(session.listening()).toBe(0);
});

/** What a component does, below the provider. */
function mount(component: () => JSX.Element): void {
  const children = () => solid.createComponent(component, {});
  stop = solid.render(() => provide(children), container);
}
const provide = (children: () => JSX.Element) =>
  solid.createComponent(solid.LockstepProvider, {
    session,
    get children() {
      return children();
    },
  });

/** A component that shows a text. */
function Who(): JSX.Element {
  const snapshot = solid.useSession();
  return (() => snapshot().subject ?? snapshot().status) as unknown as JSX.Element;
}

test('two components follow the session, by one subscription each', () => {
  mount(() => [solid.createComponent(Who, {}), ' ', solid.createComponent(Who, {})]);
  expect([container.textContent, session.listening()]).toEqual(['signed-out signed-out', 2]);
  session.signIn('ada');
  expect(container.textContent).toBe('ada ada');
  session.signOut();
  expect(container.textContent).toBe('signed-out signed-out');
  stop?.();
  expect(session.listening()).toBe(0);
});

test('without a provider it says what is missing', () => {
  expect(() => solid.render(() => solid.createComponent(Who, {}), container)).toThrow('LockstepProvider');
});

test('an event calls the listener as long as its owner lives', () => {
  const received: string[] = [];
  mount(() => {
    solid.useSessionEvent('logout', ({ reason }) => received.push(reason));
    return null;
  });
  session.signIn();
  session.signOut('idle');
  stop?.();
  session.signIn();
  session.signOut();
  expect(received).toEqual(['idle']);
});

test('the idle countdown runs while the user is warned, and no longer', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  session.signIn();
  let stay = () => {};
  mount(() => {
    const idle = solid.useIdle();
    stay = idle.stay;
    return (() => (idle.isWarned() ? `${idle.secondsLeft()} s left` : 'active')) as unknown as JSX.Element;
  });
  expect([container.textContent, vi.getTimerCount()]).toEqual(['active', 0]);
  session.warnIdle(Date.now() + 2_500);
  expect(container.textContent).toBe('3 s left');
  vi.advanceTimersByTime(1_000);
  expect(container.textContent).toBe('2 s left');
  stay();
  expect([container.textContent, vi.getTimerCount()]).toEqual(['active', 0]);
  session.warnIdle();
  expect(vi.getTimerCount()).toBe(1);
  stop?.();
  expect(vi.getTimerCount()).toBe(0);
});

test('RedirectToLogin leaves by the present options, and only while it is mounted', () => {
  const left: string[] = [];
  const [loginUrl, setLoginUrl] = solid.createSignal('https://portal.acme.com/first');
  session.signIn();
  mount(() =>
    solid.createComponent(solid.RedirectToLogin, {
      get loginUrl() {
        return loginUrl();
      },
      navigate: (url: string) => left.push(new URL(url).pathname),
    }),
  );
  setLoginUrl('https://portal.acme.com/second');
  session.signOut();
  expect(left).toEqual(['/second']);
  stop?.();
  session.signIn();
  session.signOut();
  expect(left).toHaveLength(1);
});

test('K5.4: while it hydrates it shows what the server has rendered, then what the hub has answered', () => {
  session = createCounted(createTestSession(createTestSession().getServerSnapshot()));
  session.signIn('ada');
  // What the server's own script leaves.
  vi.stubGlobal('_$HY', { events: [], completed: new WeakSet(), r: {} });
  const shown: (string | undefined)[] = [];
  stop = solid.hydrate(
    () =>
      provide(() => {
        const snapshot = solid.useSession();
        shown.push(snapshot().status);
        return (() => shown.push(snapshot().status)) as unknown as JSX.Element;
      }),
    container,
  );
  expect([...new Set(shown)]).toEqual(['connecting', 'signed-in']);
});

test('on a server it shows the session, and listens to nothing', async () => {
  const { createComponent } = await import('solid-js');
  const { renderToString } = await import('solid-js/web');
  const OnServer = () => {
    useSessionEvent('login', () => undefined);
    return useSession()().status;
  };
  session = createCounted(createTestSession(createTestSession().getServerSnapshot()));
  const html = renderToString(() =>
    createComponent(LockstepProvider, {
      session,
      get children() {
        return createComponent(OnServer, {});
      },
    }),
  );
  expect([html, session.listening()]).toEqual(['connecting', 0]);
});
