// The user's actions and the page's coming back: what of it the hub receives, and how often.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { changed, openPage, type Page, settled, signedIn } from './page.js';

let page: Page;
beforeEach(() => {
  page = openPage();
});
afterEach(() => page.close());

const timed = { ...signedIn, idleAt: 1764000900000 };

async function receivedAfter(act: () => void): Promise<readonly string[]> {
  const before = page.hub.received.length;
  act();
  await settled();
  return page.hub.received.slice(before).map(({ type }) => type);
}
const act = (type: string) => () => page.document.dispatchEvent(new Event(type));

test.each(['pointerdown', 'keydown', 'click', 'wheel', 'visibilitychange'])(
  '%s is an action of the user',
  async (type) => {
    page.connect();
    await page.welcome({ snapshot: timed });
    expect((await receivedAfter(act(type))).filter((each) => each !== 'wake')).toEqual(['touch']);
  },
);

test('a page that is hidden is no action', async () => {
  page.connect();
  await page.welcome({ snapshot: timed });
  page.document.hidden = true;
  expect(await receivedAfter(act('visibilitychange'))).toEqual([]);
});

test('the hub receives it at most once a second, without a timer', async () => {
  const session = page.connect();
  await page.welcome({ snapshot: timed });
  expect(await receivedAfter(act('keydown'))).toEqual(['touch']);
  vi.advanceTimersByTime(999);
  expect(await receivedAfter(act('wheel'))).toEqual([]);
  expect(await receivedAfter(session.touch)).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(await receivedAfter(act('wheel'))).toEqual(['touch']);
});

test('with activity: false only the app says what an action is', async () => {
  const session = page.connect({ activity: false });
  await page.welcome({ snapshot: timed });
  expect(await receivedAfter(act('keydown'))).toEqual([]);
  expect(await receivedAfter(session.touch)).toEqual(['touch']);
});

test('nothing is sent without the capability, without an idle timer, or after the end', async () => {
  const session = page.connect();
  await page.welcome({ snapshot: signedIn });
  expect(await receivedAfter(act('keydown'))).toEqual([]);
  page.hub.send(changed(timed));
  await settled();
  expect(await receivedAfter(act('keydown'))).toEqual(['touch']);
  vi.advanceTimersByTime(1_000);
  await page.welcome({ snapshot: timed, capabilities: ['read'] });
  expect(await receivedAfter(act('keydown'))).toEqual([]);
  session.close();
  expect(await receivedAfter(session.touch)).toEqual(['goodbye']);
});

test('no listener costs the page its place in the back/forward cache or slows its scrolling', async () => {
  const passive: unknown[] = [];
  const add = page.document.addEventListener;
  page.document.addEventListener = (type: string, listener: EventListener, options: AddEventListenerOptions) => {
    if (/pointerdown|keydown|wheel/.test(type)) passive.push(options.passive);
    add(type, listener, options);
  };
  page.connect();
  await page.welcome();
  expect(page.listeners().filter((type) => /unload|pagehide|freeze/.test(type))).toEqual([]);
  expect(passive).toEqual([true, true, true, true, true]);
});
