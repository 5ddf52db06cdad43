// The frame: how it looks, who shares it, and what happens when it is reloaded, thrown out, or no longer needed.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { changed, hubUrl, openPage, outcome, type Page, settled, signedIn, signedOut } from './page.js';

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
  const heard: string[] = [];
  one.subscribe(() => heard.push('one'));
  other.subscribe(() => heard.push('other'));
  expect(page.frames()).toHaveLength(1);

  await page.welcome();
  one.close();
  await settled();
  expect(page.frames()).toHaveLength(1);

  page.hub.say(changed(signedIn));
  await settled();
  expect(heard).toEqual(['one', 'other', 'other']);
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
  const one = page.connect();
  const other = page.connect({ hub: 'http://localhost:7000/' });
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
  const other = page.connect();
  session.close();
  session.close();
  await settled();
  expect(page.frames()).toHaveLength(1);
});

test('before there is a body the frame goes beside it', () => {
  page.document.body = null;
  const session = page.connect();
  expect(page.frames()).toHaveLength(1);
});

test('every load is greeted anew, with the origin of the hub as target, and tells what was shown before', async () => {
  const session = page.connect();
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

test('while the hub reloads the last snapshot stays, and an old port is no longer heard', async () => {
  const session = page.connect();
  await page.welcome({ snapshot: signedIn });
  const before = session.getSnapshot();
  page.hub.sayOverFirst(changed(signedOut));
  page.load();
  page.hub.sayOverFirst(changed(signedOut));
  await settled();
  expect(session.getSnapshot()).toBe(before);

  page.hub.say({ ...changed(signedOut), type: 'welcome', lockstep: 1, events: [{ type: 'logout', reason: 'logout' }] });
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
  expect(page.hub.heard).toMatchObject([{ type: 'logout' }]);
  page.hub.say({ type: 'reply', id: 1 });
  expect(await logout).toBe('done');
});

test('a frame that the page threw out is made again when the page is seen', async () => {
  const session = page.connect();
  await page.welcome();
  page.frames()[0]?.remove();
  page.document.hidden = true;
  page.document.dispatchEvent(new Event('visibilitychange'));
  expect(page.frames()).toHaveLength(0);
  page.document.hidden = false;
  page.document.dispatchEvent(new Event('visibilitychange'));
  expect(page.frames()).toHaveLength(1);
});
