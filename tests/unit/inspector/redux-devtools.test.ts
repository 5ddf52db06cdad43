// @vitest-environment happy-dom
// The bridge to the Redux DevTools, over a stand-in of the extension's documented methods.

import { createTestSession } from 'lockstep/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { connectReduxDevtools } from '../../../js-glue/inspector/index.js';

afterEach(() => vi.unstubAllGlobals());

test('each change is an action, with the snapshot after it, until it is ended', () => {
  const [init, send] = [vi.fn(), vi.fn()];
  const connect = vi.fn(() => ({ init, send }));
  vi.stubGlobal('__REDUX_DEVTOOLS_EXTENSION__', { connect });
  const session = createTestSession();
  const end = connectReduxDevtools(session);
  expect(connect).toHaveBeenCalledWith({ name: 'Lockstep' });
  expect(init).toHaveBeenCalledWith(expect.objectContaining({ status: session.getSnapshot().status }));
  session.signIn({ subject: 'ada' });
  const types = send.mock.calls.map(([{ type }]) => type);
  expect(types).toContain('event login');
  expect(send.mock.calls.at(-1)?.[1]).toMatchObject({ status: 'signed-in', subject: 'ada' });
  end();
  send.mockClear();
  session.signOut();
  expect(send).not.toHaveBeenCalled();
});

test('without the extension it does nothing', () => {
  expect(connectReduxDevtools(createTestSession())()).toBeUndefined();
});
