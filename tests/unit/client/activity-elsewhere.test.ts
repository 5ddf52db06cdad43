// What a user does where this document has no events of: in its frames, in pop-outs, before a playing video.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ActivityOptions } from '../../../js-glue/client/index.js';
import { changed, FrameElement, openPage, outcome, type Page, settled, signedIn, signedOut } from './page.js';

let page: Page;
beforeEach(() => {
  page = openPage();
});
afterEach(() => page.close());

const timed = { ...signedIn, idleAt: 1764000900000 };

async function connect(activity: ActivityOptions | boolean = true, snapshot: object = timed): Promise<void> {
  page.connect({ activity });
  await page.welcome({ snapshot });
  await vi.dynamicImportSettled();
  await settled();
}

/** How many touches the hub has received since. */
async function touchesAfter(act: () => void): Promise<number> {
  const before = page.hub.received.length;
  act();
  await settled();
  return page.hub.received.slice(before).filter(({ type }) => type === 'touch').length;
}
const pass = (ms: number) => () => vi.advanceTimersByTime(ms);
const enterFrame = () => {
  page.document.activeElement = new FrameElement();
  page.window.dispatchEvent(new Event('blur'));
};

describe('K5.10: a frame', () => {
  test('that has the focus is looked at, and an action in it counts', async () => {
    await connect();
    page.navigator.userActivation.isActive = true;
    expect(await touchesAfter(() => [enterFrame(), pass(0)()])).toBe(1);
    expect(await touchesAfter(pass(4000))).toBe(1);
    page.navigator.userActivation.isActive = false;
    expect(await touchesAfter(pass(4000))).toBe(0);
    page.navigator.userActivation.isActive = true;
    expect(await touchesAfter(pass(4000))).toBe(1);
  });

  test('is not looked at any more when the focus is elsewhere in the page', async () => {
    await connect();
    page.navigator.userActivation.isActive = true;
    await touchesAfter(() => [enterFrame(), pass(0)()]);
    Object.assign(page.document, { activeElement: null });
    expect(await touchesAfter(pass(60_000))).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('counts again when another program had the focus, which no event says', async () => {
    await connect();
    page.navigator.userActivation.isActive = true;
    await touchesAfter(() => [enterFrame(), pass(0)()]);
    Object.assign(page.document, { hasFocus: () => false });
    expect(await touchesAfter(pass(8000))).toBe(0);
    Object.assign(page.document, { hasFocus: () => true });
    expect(await touchesAfter(pass(4000))).toBe(1);
  });

  test('is not looked at in a tab that is hidden, and again when it is seen', async () => {
    await connect();
    page.navigator.userActivation.isActive = true;
    await touchesAfter(() => [enterFrame(), pass(0)()]);
    page.document.hidden = true;
    pass(4000)();
    expect(vi.getTimerCount()).toBe(0);
    page.document.hidden = false;
    page.document.dispatchEvent(new Event('visibilitychange'));
    pass(1000)();
    await settled();
    expect(await touchesAfter(pass(4000))).toBe(1);
  });

  test('counts in a shadow tree, too', async () => {
    await connect();
    page.navigator.userActivation.isActive = true;
    page.document.activeElement = { shadowRoot: { activeElement: new FrameElement() } };
    expect(await touchesAfter(() => [page.window.dispatchEvent(new Event('blur')), pass(0)()])).toBe(1);
  });

  test('is not looked at once the session has ended or is closed', async () => {
    const session = page.connect();
    await page.welcome({ snapshot: timed });
    await vi.dynamicImportSettled();
    await touchesAfter(() => [enterFrame(), pass(0)()]);
    expect(vi.getTimerCount()).toBe(1);
    page.hub.send(changed(signedOut));
    await settled();
    pass(4000)();
    expect(vi.getTimerCount()).toBe(0);
    page.hub.send(changed(timed));
    await settled();
    await touchesAfter(() => [enterFrame(), pass(0)()]);
    session.close();
    await settled();
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each<[string, ActivityOptions | false, object]>([
    ['where the app does not want it', { frames: false }, timed],
    ['where the app wants no activity at all', false, timed],
    ['in a session without an idle end', {}, signedIn],
  ])('%s it is not looked at', async (_, activity, snapshot) => {
    await connect(activity, snapshot);
    page.navigator.userActivation.isActive = true;
    expect(await touchesAfter(() => [enterFrame(), pass(8000)()])).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an idle end that comes later is enough', async () => {
    await connect({}, signedIn);
    page.hub.send(changed(timed));
    await settled();
    await vi.dynamicImportSettled();
    await settled();
    page.navigator.userActivation.isActive = true;
    expect(await touchesAfter(() => [enterFrame(), pass(0)()])).toBe(1);
  });
});

describe('what the app says', () => {
  const dispatch =
    (type: string, target: EventTarget = page.document) =>
    () =>
      target.dispatchEvent(new Event(type));

  test('further events count', async () => {
    await connect({ events: ['mousemove'] });
    expect(await touchesAfter(dispatch('mousemove'))).toBe(1);
    pass(1000)();
    expect(await touchesAfter(dispatch('scroll'))).toBe(0);
  });

  test('a pop-out that it fills counts, from when the focus goes there', async () => {
    const popOut = new EventTarget();
    const documents: EventTarget[] = [];
    await connect({ documents: () => documents as Document[], events: ['mousemove'] });
    documents.push(popOut);
    expect(await touchesAfter(dispatch('keydown', popOut))).toBe(0);
    page.window.dispatchEvent(new Event('blur'));
    page.window.dispatchEvent(new Event('blur'));
    for (const type of ['keydown', 'pointerdown', 'wheel', 'mousemove']) {
      pass(1000)();
      expect(await touchesAfter(dispatch(type, popOut)), type).toBe(1);
    }
  });

  test.each([
    [true, false, 1],
    [true, true, 0],
    [undefined, false, 0],
  ])('media: %j, and the page hidden: %j: a playing video counts %i times', async (media, hidden, times) => {
    await connect({ media });
    page.document.hidden = hidden;
    expect(await touchesAfter(dispatch('timeupdate'))).toBe(times);
  });

  test.each(['mousemove', 7, null])('%j is no `activity`, and counts as true', async (activity) => {
    await connect(activity as never);
    expect(await touchesAfter(dispatch('keydown'))).toBe(1);
    expect(await outcome(page.connect().ready)).toEqual(timed);
  });
});
