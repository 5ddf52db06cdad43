// @vitest-environment jsdom
// Components over a session driven by hand, in jsdom. The bindings' own tests run in happy-dom, and Jest runs the
// examples in examples/testing.

import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { beforeEach, expect, test, vi } from 'vitest';
import { createApp, h, nextTick } from 'vue';
import { LockstepProvider, useSession } from '../../../js-glue/react/index.js';
import { createTestSession, type TestSession } from '../../../js-glue/testing/index.js';
import { createLockstep, useSession as useSessionOfVue } from '../../../js-glue/vue/index.js';

let session: TestSession;
let container: HTMLElement;
beforeEach(() => {
  session = createTestSession();
  container = document.createElement('div');
});

test('React', async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  const Who = () => createElement('p', null, useSession().subject ?? 'nobody');
  const root = createRoot(container);
  await act(async () => root.render(createElement(LockstepProvider, { session }, createElement(Who))));
  expect(container.textContent).toBe('nobody');
  await act(async () => session.signIn('ada'));
  expect(container.textContent).toBe('ada');
  await act(async () => root.unmount());
  vi.unstubAllGlobals();
});

test('Vue', async () => {
  const Who = {
    setup() {
      const snapshot = useSessionOfVue();
      return () => h('p', snapshot.value.subject ?? 'nobody');
    },
  };
  const app = createApp(Who).use(createLockstep(session));
  app.mount(container);
  expect(container.textContent).toBe('nobody');
  session.signIn('ada');
  await nextTick();
  expect(container.textContent).toBe('ada');
  app.unmount();
});
