// The files that the client loads later: one that could not be loaded is tried again, and the app receives a
// LockstepError.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConnectOptions, Session } from '../../../js-glue/client/index.js';
import { hubUrl, openPage, type Page, record, settled, signedIn, signedOut } from './page.js';

const fault = new TypeError('Failed to fetch dynamically imported module');

let page: Page;
let session: Session | undefined;
beforeEach(() => {
  page = openPage();
});
afterEach(async () => {
  session?.close();
  vi.doUnmock('../../../js-glue/client/later.js');
  vi.resetModules();
  await page.close();
});

/** A client of its own. What it loads later cannot be loaded the first time, as on a train. */
async function connectOnTrain(options: Partial<ConnectOptions>): Promise<{ readonly loads: () => number }> {
  let loads = 0;
  vi.resetModules();
  vi.doMock('../../../js-glue/client/later.js', async (original) => {
    loads += 1;
    if (loads === 1) throw fault;
    return original<object>();
  });
  const { connect } = await import('../../../js-glue/client/index.js');
  session = connect({ hub: hubUrl, ...options });
  return { loads: () => loads };
}

/** Lets what is imported meanwhile arrive: vitest reads it from the disk, which takes as long as it takes. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = process.uptime() + 15; // seconds, by a clock that no test sets
  while (!holds() && process.uptime() < deadline) {
    await vi.dynamicImportSettled();
    await settled();
  }
  expect(holds()).toBe(true);
}

test.each<[string, () => unknown]>([
  ['the hub has answered', () => page.welcome({ snapshot: signedIn })],
  ['the network is back', () => page.window.dispatchEvent(new Event('online'))],
  ['the page is seen', () => page.document.dispatchEvent(new Event('visibilitychange'))],
])('duties whose file could not be loaded are loaded when %s, and offered', async (_, happens) => {
  const { loads } = await connectOnTrain({ checkSession: () => ({ active: true }) });
  const events = record(session as Session);
  await until(() => events.length > 0);
  expect(events).toEqual([{ type: 'error', code: 'timeout' }]);
  await happens();
  await until(() => loads() === 2);
  if (page.hub.hellos.length === 0) await page.welcome({ snapshot: signedIn });
  const received = (wanted: string) => page.hub.received.filter(({ type }) => type === wanted);
  await until(() => received('duties').length > 0);
  expect(received('duties')).toEqual([{ type: 'duties', can: ['check'] }]);
  page.hub.send({ type: 'duty', call: 1, duty: 'check', reason: 'expiry' });
  await until(() => received('outcome').length > 0);
  expect(received('outcome')).toEqual([{ type: 'outcome', call: 1, outcome: 'active' }]);
});

test('duties of a session that was closed meanwhile are not offered', async () => {
  const { loads } = await connectOnTrain({ checkSession: () => ({ active: true }) });
  const events = record(session as Session);
  page.connect();
  await until(() => events.length > 0);
  session?.close();
  await settled();
  await page.welcome();
  await settled();
  expect([loads(), page.hub.received]).toEqual([1, []]);
});

test('requestScope rejects with a LockstepError when its file does not load, and works the next time', async () => {
  const { loads } = await connectOnTrain({});
  await page.welcome({ snapshot: { ...signedOut, upgrade: 'none' } });
  vi.stubGlobal('HTMLElement', Object);
  const options = { element: {} as HTMLElement };
  await expect(session?.requestScope(options)).rejects.toMatchObject({
    name: 'LockstepError',
    code: 'timeout',
    cause: expect.anything(),
  });
  await expect(session?.requestScope(options)).resolves.toBe('shared');
  expect(loads()).toBe(2);
});
