// On a server, where there is neither window nor document.

import { expect, test, vi } from 'vitest';
import { connect } from '../../../js-glue/client/index.js';
import { outcome } from './page.js';

test('importing and connecting work, and give a session that stays connecting', async () => {
  expect([typeof window, typeof document]).toEqual(['undefined', 'undefined']);
  const session = connect({ hub: 'https://hub.acme.com/' });
  const leave = session.subscribe(() => {});
  session.on('logout', () => {})();
  session.touch();
  session.beginLogin();
  expect(session.getSnapshot()).toEqual({ status: 'connecting', scope: 'alone', medium: 'memory', upgrade: 'none' });
  expect(session.getSnapshot()).toBe(session.getSnapshot());
  expect(await outcome(session.login({ subject: 'u' }))).toBe('closed');
  expect(await outcome(session.logout())).toBe('closed');
  leave();
  session.close();
  session.close();
});

test('ready is rejected at once, and is not reported where nobody waits for it', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const session = connect({ hub: 'https://hub.acme.com/' });
  await new Promise((resolve) => setTimeout(resolve));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
  await expect(session.ready).rejects.toMatchObject({ name: 'LockstepError', code: 'closed' });
});

test('the server snapshot is the constant that the session shows there', () => {
  const session = connect({ hub: 'https://hub.acme.com/' });
  expect(session.getServerSnapshot()).toBe(session.getSnapshot());
  expect(session.getServerSnapshot()).toBe(connect({ hub: 'https://hub.billing.com/' }).getServerSnapshot());
});

test('an adapter is not attached there', () => {
  const attach = vi.fn(() => () => {});
  connect({ hub: 'https://hub.acme.com/', adapter: { attach } }).close();
  expect(attach).not.toHaveBeenCalled();
});

test('wrong options are refused there as well', () => {
  expect(() => connect({ hub: '/hub/' })).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
});
