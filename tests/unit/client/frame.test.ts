// The frame: how it looks, who shares it, and what happens when it is reloaded, thrown out, or no longer needed.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connect } from '../../../js-glue/client/index.js';
import { changed, hubUrl, openPage, outcome, type Page, record, settled, signedIn, signedOut } from './page.js';

let page: Page;
beforeEach(() => {
  page = openPage();
});
afterEach(() => page.close());

test('the frame is hidden from everybody, yet neither lazy nor display: none nor sandboxed', () => {
  page.connect().close();
  const [frame] = page.frames();
  expect(frame).toMatchObject({
    src: hubUrl,
    tabIndex: -1,

    allow: 'storage-access',
    title: 'Lockstep hub',
    ariaHidden: 'true',
  });
  expect(frame?.style.cssText).toBe('position:fixed;inset:0;width:0;height:0;border:0;visibility:hidden');
});

test('two sessions with the same hub share one frame, each with its own listeners', async () => {
  const one = page.connect();
  const other = page.connect({ hub: new URL('https://HUB.acme.com') });
  const calls: string[] = [];
  one.subscribe(() => calls.push('one'));
  other.subscribe(() => calls.push('other'));
  expect(page.frames()).toHaveLength(1);

  await page.welcome();
  one.close();
  await settled();
  expect(page.frames()).toHaveLength(1);

  page.hub.send(changed(signedIn));
  await settled();
  expect(calls).toEqual(['one', 'other', 'other']);
  expect([one.getSnapshot().status, other.getSnapshot().status]).toEqual(['signed-out', 'signed-in']);
  other.close();
  await settled();
  expect(page.frames()).toHaveLength(0);
});

test('a session that joins later begins with what is known', async () => {
  const first = page.connect();
  await page.welcome({ snapshot: signedIn });
  const second = page.connect();
  expect(second.getSnapshot()).toBe(first.getSnapshot());
  expect(await second.ready).toBe(first.getSnapshot());
});

test('two hubs have two frames', () => {
  page.connect();
  page.connect({ hub: 'http://localhost:7000/' });
  expect(page.frames().map(({ src }) => src)).toEqual([hubUrl, 'http://localhost:7000/']);
});

test('mount, unmount and mount in one task keep the frame (React Strict Mode)', async () => {
  page.connect().close();
  const session = page.connect();
  await settled();
  expect([page.frames().length, page.framesMade()]).toEqual([1, 1]);
  await page.welcome();
  expect(session.getSnapshot().status).toBe('signed-out');
});

test('closing one session twice does not take the frame of another', async () => {
  const session = page.connect();
  page.connect();
  session.close();
  session.close();
  await settled();
  expect(page.frames()).toHaveLength(1);
});

test('a prerendered page waits until it is shown, however long that takes', async () => {
  Object.assign(page.document, { prerendering: true });
  const session = page.connect();
  const login = outcome(session.login({ subject: 'u-42' }));
  page.document.dispatchEvent(new Event('visibilitychange'));
  page.window.dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(60_000);
  expect([page.framesMade(), session.getSnapshot().status, vi.getTimerCount()]).toEqual([0, 'connecting', 0]);

  Object.assign(page.document, { prerendering: false });
  page.document.dispatchEvent(new Event('prerenderingchange'));
  expect(page.frames()).toHaveLength(1);
  await page.welcome();
  expect((await session.ready).status).toBe('signed-out');
  page.hub.send({ type: 'reply', id: 1 });
  expect(await login).toBe('done');
});

test('a prerendered page that is never shown leaves nothing when its session is closed', async () => {
  Object.assign(page.document, { prerendering: true });
  page.connect().close();
  await settled();
  page.document.dispatchEvent(new Event('prerenderingchange'));
  expect([page.framesMade(), page.listeners()]).toEqual([0, []]);
});

test('the frame waits for the load event of the page, which it would delay', async () => {
  page.document.readyState = 'interactive';
  const session = page.connect();
  const login = outcome(session.login({ subject: 'u-42' }));
  await vi.advanceTimersByTimeAsync(999);
  expect([page.framesMade(), session.getSnapshot().status]).toEqual([0, 'connecting']);
  page.document.readyState = 'complete';
  page.window.dispatchEvent(new Event('load'));
  expect(page.framesMade()).toBe(1);
  page.window.dispatchEvent(new Event('load'));
  await page.welcome();
  page.hub.send({ type: 'reply', id: 1 });
  expect([await login, page.framesMade(), vi.getTimerCount()]).toEqual(['done', 1, 0]);
});

test('a policy that forbids another frame of that host says nothing before there is ours', () => {
  page.document.readyState = 'loading';
  const session = page.connect();
  page.violate({});
  expect([session.getSnapshot().status, page.framesMade()]).toEqual(['connecting', 0]);
});

test('a page that does not finish loading gets its frame after a second', async () => {
  page.document.readyState = 'loading';
  page.connect();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(page.framesMade()).toBe(1);
  page.document.readyState = 'complete';
  page.window.dispatchEvent(new Event('load'));
  expect(page.framesMade()).toBe(1);
});

test('a frame that is removed while the hub answers is replaced at once, without an event for the app', async () => {
  const session = page.connect();
  await page.welcome({ session: '3.w', snapshot: signedIn });
  const events = record(session);
  await page.removeFrame();
  expect([page.frames().length, page.framesMade()]).toEqual([1, 2]);
  await page.welcome({ session: '3.w', snapshot: signedIn });
  expect([page.hub.hellos.length, events, vi.getTimerCount()]).toEqual([2, [], 0]);
});

test('a frame that is removed before the first welcome is replaced, too', async () => {
  const session = page.connect();
  await page.removeFrame();
  expect([page.frames().length, session.getSnapshot().status]).toEqual([1, 'connecting']);
});

test('a page that keeps removing the frame is no endless loop: the waits grow, and the app knows', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(1);
  const session = page.connect();
  const events = record(session);
  await page.removeFrame();
  await page.removeFrame();
  expect(events).toEqual(['unavailable', { type: 'error', code: 'timeout' }]);
  expect([page.frames().length, page.framesMade()]).toEqual([0, 2]);
  for (const wait of [2_000, 4_000, 8_000]) {
    const before = page.framesMade();
    await vi.advanceTimersByTimeAsync(wait - 1);
    expect(page.framesMade()).toBe(before);
    await vi.advanceTimersByTimeAsync(1);
    expect(page.framesMade()).toBe(before + 1);
    await page.removeFrame();
  }
  vi.restoreAllMocks();
});

test('after close nothing watches the document', async () => {
  const session = page.connect();
  await page.welcome();
  expect(page.observers()).toBe(1);
  session.close();
  await settled();
  expect([page.observers(), page.framesMade()]).toEqual([0, 1]);
});

test('two copies of the client in one document share one frame', async () => {
  const session = page.connect();
  vi.resetModules();
  const copy = await import('../../../js-glue/client/index.js');
  expect(copy.connect).not.toBe(connect);
  const other = copy.connect({ hub: hubUrl });
  expect(page.frames()).toHaveLength(1);
  await page.welcome({ snapshot: signedIn });
  expect(await other.ready).toBe(session.getSnapshot());
  const refused = outcome(other.logout());
  page.hub.send({ type: 'reply', id: 1, error: { code: 'forbidden', message: 'Not allowed.' } });
  expect(await refused).toBe('forbidden');
  session.close();
  await settled();
  expect(page.frames()).toHaveLength(1);
  other.close();
  await settled();
  expect(page.frames()).toHaveLength(0);
});

test('every load leads to a hello with the origin of the hub as target, and with what was shown before', async () => {
  page.connect();
  await page.welcome({ session: '3.w', snapshot: signedIn });
  page.load();
  await settled();
  expect(page.hub.hellos).toEqual([
    { origin: 'https://hub.acme.com', hello: { lockstep: 1, type: 'hello', client: '0.1.0' } },
    {
      origin: 'https://hub.acme.com',
      hello: { lockstep: 1, type: 'hello', client: '0.1.0', last: { session: '3.w', subject: 'u-42' } },
    },
  ]);
});

test('while the hub reloads the last snapshot stays, and messages of an old port are dropped', async () => {
  const session = page.connect();
  await page.welcome({ snapshot: signedIn });
  const before = session.getSnapshot();
  page.hub.sendOverFirst(changed(signedOut));
  page.load();
  page.hub.sendOverFirst(changed(signedOut));
  await settled();
  expect(session.getSnapshot()).toBe(before);

  page.hub.send({
    ...changed(signedOut),
    type: 'welcome',
    lockstep: 1,
    events: [{ type: 'logout', reason: 'logout' }],
  });
  await settled();
  expect(session.getSnapshot().status).toBe('signed-out');
});

test('a frame that the page threw out is made again at the next use', async () => {
  const session = page.connect();
  await page.welcome();
  page.frames()[0]?.remove();
  const logout = outcome(session.logout());
  expect(page.frames()).toHaveLength(1);
  await page.welcome();
  expect(page.hub.received).toMatchObject([{ type: 'logout' }]);
  page.hub.send({ type: 'reply', id: 1 });
  expect(await logout).toBe('done');
});

test('a frame that the page threw out is made again when the page is seen', async () => {
  page.connect();
  await page.welcome();
  page.frames()[0]?.remove();
  page.document.hidden = true;
  page.document.dispatchEvent(new Event('visibilitychange'));
  expect(page.frames()).toHaveLength(0);
  page.document.hidden = false;
  page.document.dispatchEvent(new Event('visibilitychange'));
  expect(page.frames()).toHaveLength(1);
});
