// On a server, where there is neither window nor document.

import { expect, test, vi } from 'vitest';
import { connect } from '../../../js-glue/client/index.js';
import { outcome, settled } from './page.js';

test('importing and connecting work, and give a session that stays connecting', async () => {
  expect([typeof window, typeof document]).toEqual(['undefined', 'undefined']);
  const settledReady = vi.fn();
  const session = connect({ hub: 'https://hub.acme.com/' });
  session.ready.then(settledReady, settledReady);
  const leave = session.subscribe(() => {});
  session.on('logout', () => {})();
  session.touch();
  expect(session.getSnapshot()).toEqual({ status: 'connecting', scope: 'alone', medium: 'memory', upgrade: 'none' });
  expect(session.getSnapshot()).toBe(session.getSnapshot());
  expect(await outcome(session.login({ subject: 'u' }))).toBe('closed');
  expect(await outcome(session.logout())).toBe('closed');
  await settled();
  expect(settledReady).not.toHaveBeenCalled();
  leave();
  session.close();
  session.close();
  await settled();
  expect(settledReady).toHaveBeenCalledTimes(1);
});

test('wrong options are refused there as well', () => {
  expect(() => connect({ hub: '/hub/' })).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
});
