// `connect({ adapter })`: its duties are the session's, it is attached once, and detached when the session closes.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connect, type LoginAdapter, type Session } from '../../../js-glue/client/index.js';
import { hubUrl, openPage, type Page, settled, signedIn } from './page.js';

let page: Page;
beforeEach(() => {
  page = openPage();
});
afterEach(() => page.close());

test("the adapter's duties are the session's", async () => {
  page.connect({ adapter: { checkSession: () => ({ active: true }), endSession() {}, attach: () => () => {} } });
  await settled();
  await page.welcome({ snapshot: signedIn });
  expect(page.hub.received).toEqual([{ type: 'duties', can: ['check', 'end'] }]);
});

test('it is attached once, to the session that connect returns, and detached once, when that closes', () => {
  const detach = vi.fn();
  const attach = vi.fn((_: Session) => detach);
  const session = page.connect({ adapter: { attach } });
  expect(attach).toHaveBeenCalledExactlyOnceWith(session);
  expect(detach).not.toHaveBeenCalled();
  session.close();
  session.close();
  expect([attach, detach].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
});

test('what it does with the session while it is attached reaches the hub', async () => {
  page.connect({
    adapter: {
      attach(session) {
        session.login({ subject: 'ada' }).catch(() => {});
        return () => {};
      },
    },
  });
  await settled();
  await page.welcome();
  expect(page.hub.received).toMatchObject([{ type: 'login', subject: 'ada' }]);
});

test.each(['checkSession', 'endSession'])('beside it, a %s of the app is refused', (name) => {
  const adapter: LoginAdapter = { attach: () => () => {} };
  expect(() => connect({ hub: hubUrl, adapter, [name]: () => {} })).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      message: 'adapter must be without duties beside it.',
    }),
  );
  expect(page.framesMade()).toBe(0);
});

test('no adapter is as none given', () => {
  expect(page.connect({ adapter: undefined, checkSession: () => ({ active: true }) }).getSnapshot().status).toBe(
    'connecting',
  );
});
