// The duties of a document whose sessions share one hub: whose function is called, and what a session that closes
// leaves behind.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CheckSession, ConnectOptions } from '../../../js-glue/client/index.js';
import { openPage, type Page, playedByHand, settled, signedIn } from './page.js';

let page: Page;
beforeEach(() => {
  page = openPage();
});
afterEach(() => page.close());

const active = () => ({ active: true });
const check = { type: 'duty', call: 1, duty: 'check', reason: 'expiry' } as const;
const end = { type: 'duty', call: 2, duty: 'end', reason: 'idle' } as const;
const sent = (type: string) => page.hub.received.filter((message) => message.type === type);

async function open(options: Partial<ConnectOptions>) {
  const session = page.connect(options);
  await settled();
  await page.welcome({ snapshot: signedIn });
  return session;
}

async function ask(message: object): Promise<void> {
  page.hub.send(message);
  await settled();
}

test('of several sessions the first open one that has the duty is called; the hub gets the union, once', async () => {
  const first = vi.fn<CheckSession>(active);
  const second = vi.fn<CheckSession>(active);
  page.connect({ endSession: () => {} });
  page.connect({ checkSession: first });
  await open({ checkSession: second });
  expect(page.hub.received).toEqual([{ type: 'duties', can: ['check', 'end'] }]);
  await ask(check);
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 0]);
});

test('a session that comes later adds what it can, and one that goes takes it along', async () => {
  await open({ checkSession: active });
  const later = page.connect({ endSession: () => {} });
  page.connect({ endSession: () => {} });
  await settled();
  later.close();
  await settled();
  expect(sent('duties').map(({ can }) => can)).toEqual([['check'], ['check', 'end']]);
  page.connect().close();
  await settled();
  expect(page.hub.received).toHaveLength(2);
});

test('when a session closes its call goes to the next one', async () => {
  const first = playedByHand<{ active: boolean }>();
  const closing = page.connect({ checkSession: first.play });
  const second = vi.fn<CheckSession>(active);
  await open({ checkSession: second });
  await ask(check);
  closing.close();
  await settled();
  first.calls[0]?.answer({ active: false });
  await settled();
  expect(first.calls[0]?.signal.aborted).toBe(true);
  expect(second).toHaveBeenCalledOnce();
  expect(sent('outcome')).toEqual([{ type: 'outcome', call: 1, outcome: 'active' }]);
  expect(sent('duties')).toHaveLength(1);
});

test('without a next one the call is given back, and the duty withdrawn', async () => {
  const { calls, play } = playedByHand<{ active: boolean }>();
  page.connect();
  const session = await open({ checkSession: play });
  await ask(check);
  session.close();
  await settled();
  expect(calls[0]?.signal.aborted).toBe(true);
  expect(page.hub.received.slice(1)).toEqual([
    { type: 'outcome', call: 1, outcome: 'unknown' },
    { type: 'duties', can: [] },
  ]);
  await ask({ ...check, call: 2 });
  expect(calls).toHaveLength(1);
  expect(sent('outcome').at(-1)).toEqual({ type: 'outcome', call: 2, outcome: 'unknown' });
});

test('a session that closes disturbs no call of another', async () => {
  const { calls, play } = playedByHand<{ active: boolean }>();
  const other = page.connect({ endSession: () => {} });
  await open({ checkSession: play });
  await ask(check);
  other.close();
  await settled();
  expect([calls.length, calls[0]?.signal.aborted]).toEqual([1, false]);
  calls[0]?.answer({ active: true });
  await settled();
  expect(sent('outcome')).toMatchObject([{ call: 1, outcome: 'active' }]);
});

test('closing the last session aborts its calls and leaves nothing', async () => {
  const { calls, play } = playedByHand<void>();
  const session = await open({ endSession: play });
  await ask(end);
  session.close();
  await settled();
  expect(calls[0]?.signal.aborted).toBe(true);
  expect(page.hub.received.at(-1)).toEqual({ type: 'goodbye' });
  expect([page.frames().length, page.listeners(), vi.getTimerCount()]).toEqual([0, [], 0]);
});

test('closing while no hub is connected starts no attempt', async () => {
  const session = page.connect({ checkSession: active });
  await settled();
  page.violate({});
  session.close();
  await settled();
  expect([page.framesMade(), page.frames().length, vi.getTimerCount()]).toEqual([1, 0, 0]);
});

test('a session that is closed before its duties are loaded has none', async () => {
  const other = page.connect();
  page.connect({ checkSession: active }).close();
  await settled();
  await page.welcome();
  expect(page.hub.received).toEqual([]);
  other.close();
});
