// The hub's frame element: nobody sees it, one serves the whole document, and whatever an app or the browser does to it
// (removed, reinserted, crashed), the session is back.

import {
  billing,
  events,
  expect,
  hubFrame,
  login,
  logout,
  openApp,
  openPage,
  openTabs,
  partner,
  partnerToo,
  portal,
  running,
  seen,
  setLifecycle,
  test,
} from './support/test.js';

test('nobody sees the frame', async ({ world, context }) => {
  const page = await openApp(context, world.url(portal));
  const frame = page.locator('iframe');
  expect(await frame.count()).toBe(1);
  await expect(frame).toBeHidden();
  await expect(frame).toHaveAttribute('aria-hidden', 'true');
  const { width, height, top, left, visibility, border } = await frame.evaluate((element) => {
    const { width, height, top, left } = element.getBoundingClientRect();
    const { visibility, borderTopWidth } = getComputedStyle(element);
    return { width, height, top, left, visibility, border: borderTopWidth };
  });
  expect({ width, height, top, left, visibility, border }).toEqual({
    width: 0,
    height: 0,
    top: 0,
    left: 0,
    visibility: 'hidden',
    border: '0px',
  });
  expect(await hubFrame(page, world.hub.url).evaluate(() => document.body?.innerText ?? '')).toBe('');
  expect(await page.evaluate(() => document.documentElement.scrollHeight <= innerHeight)).toBe(true);

  const stops: string[] = [];
  for (let presses = 0; presses < 4; presses++) {
    await page.keyboard.press('Tab');
    stops.push(await page.evaluate(() => document.activeElement?.id || document.activeElement?.tagName || ''));
  }
  expect(stops.slice(0, 2)).toEqual(['first', 'last']);
  expect(stops).not.toContain('IFRAME');
});

test('two connections share one frame, which goes with the last of them', async ({ world, context }) => {
  const page = await openApp(context, world.url(portal));
  await page.evaluate(() => Object.assign(window, { second: join() }));
  await login(page, { subject: 'ada' });
  expect(await page.evaluate(() => Reflect.get(window, 'second').getSnapshot() === session.getSnapshot())).toBe(true);
  expect(await page.locator('iframe').count()).toBe(1);

  await page.evaluate(() => session.close());
  expect(await page.evaluate(() => outcome(session.login({ subject: 'ada' })))).toBe('closed');
  expect(await page.evaluate(() => outcome(session.logout()))).toBe('closed');
  expect(await page.locator('iframe').count()).toBe(1);
  const before = (await events(page)).length;
  expect(await page.evaluate(() => outcome(Reflect.get(window, 'second').logout()))).toBe('done');
  expect(await page.evaluate(() => Reflect.get(window, 'second').getSnapshot().status)).toBe('signed-out');
  // Who has closed receives nothing more.
  expect(await events(page)).toHaveLength(before);

  await page.evaluate(() => Reflect.get(window, 'second').close());
  await expect(page.locator('iframe')).toHaveCount(0);
});

test('mount, unmount and mount in one task keep one frame', async ({ world, context }) => {
  const page = await openApp(context, world.url(portal, '/bare'));
  const { kept, count } = await page.evaluate(async () => {
    const mounted = join();
    const frame = document.querySelector('iframe');
    mounted.close();
    window.session = join();
    await session.ready;
    return { kept: frame === document.querySelector('iframe'), count: document.querySelectorAll('iframe').length };
  });
  expect({ kept, count }).toEqual({ kept: true, count: 1 });
  expect(await login(page, { subject: 'ada' })).toBe('done');
});

test('a frame that the app removed is put back when it is needed', async ({ world, context }) => {
  const tabs = await openTabs(context, [world.url(portal), world.url(billing)], 1);
  const [first, second] = tabs;
  await first.locator('iframe').evaluate((frame) => frame.remove());
  expect(await login(first, { subject: 'ada' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'ada' });

  await first.locator('iframe').evaluate((frame) => frame.remove());
  await logout(second);
  // A tab that wakes checks whether it is still connected, and receives what it missed.
  await setLifecycle(first, 'frozen');
  await setLifecycle(first, 'active');
  await seen(tabs, { status: 'signed-out', reason: 'logout', endedBy: world.origin(billing) });
  expect((await events(first)).map(({ type }) => type)).toEqual(['login', 'logout']);
  expect(await first.locator('iframe').count()).toBe(1);
});

test('a frame that the app puts elsewhere loads anew, and the session goes on', async ({ world, context }) => {
  const tabs = await openTabs(context, [world.url(portal), world.url(billing)], 1);
  const [first, second] = tabs;
  await login(first, { subject: 'ada' });
  await seen(tabs, { status: 'signed-in' });
  await first.evaluate(() => {
    const elsewhere = document.createElement('section');
    document.body.prepend(elsewhere);
    const frame = document.querySelector('iframe');
    if (frame) elsewhere.append(frame);
  });
  expect(await logout(second)).toBe('done');
  await seen(tabs, { status: 'signed-out', endedBy: world.origin(billing) });
  expect(await login(first, { subject: 'grace' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'grace' });
  expect((await events(first)).map(({ type }) => type)).toEqual(['login', 'logout', 'login']);
});

test('a body that is replaced or cloned leaves one frame, and the session goes on', async ({ world, context }) => {
  const tabs = await openTabs(context, [world.url(portal), world.url(billing)], 1);
  const [first, second] = tabs;
  await login(first, { subject: 'ada' });
  await seen(tabs, { status: 'signed-in' });
  await first.evaluate(() => {
    const clone = document.body.cloneNode(true);
    document.documentElement.replaceChild(document.createElement('body'), document.body);
    document.documentElement.replaceChild(clone, document.body);
  });
  await logout(second);
  await seen(tabs, { status: 'signed-out', reason: 'logout', endedBy: world.origin(billing) });
  expect(await first.locator('iframe').count()).toBe(1);
});

test('a frame that is removed with the whole document is replaced without being used', async ({ world, context }) => {
  const tabs = await openTabs(context, [world.url(portal), world.url(billing)], 1);
  const [first, second] = tabs;
  await login(first, { subject: 'ada' });
  await seen(tabs, { status: 'signed-in' });
  await first.evaluate(() => {
    const root = document.createElement('html');
    root.append(document.createElement('body'));
    document.replaceChild(root, document.documentElement);
  });
  await logout(second);
  await seen(tabs, { status: 'signed-out', reason: 'logout', endedBy: world.origin(billing) });
  expect(await first.locator('iframe').count()).toBe(1);
});

test("a hub that never answers does not hold up the page's load event", async ({ world, context }) => {
  world.hub.behave('silent');
  const page = await openPage(context, world.url(portal));
  // The page was opened up to its load event. The client still waits for the hub, which it does for ten seconds.
  expect(await page.evaluate(() => session.getSnapshot().status)).toBe('connecting');
});

test.describe('a crash', () => {
  test.use({ client: { timeoutMs: 2_000 } });

  test("K8.1: of the process that runs all hubs is noticed at a page's next sign of life", async ({
    world,
    context,
  }) => {
    const tabs = await openTabs(context, [world.url(partner), world.url(partnerToo)], 1);
    const [first] = tabs;
    await seen(tabs, { status: 'signed-out' });
    await login(first, { subject: 'ada' });
    await seen(tabs, { status: 'signed-in' });
    // Playwright takes a page for crashed when a frame of it is, and asks it nothing more; the page itself is well.
    const pages = await Promise.all(tabs.map((tab) => context.newCDPSession(tab)));
    const ask = async (index: number, expression: string): Promise<unknown> => {
      const parameters = { expression, awaitPromise: true, returnByValue: true } as const;
      return (await pages[index]?.send('Runtime.evaluate', parameters))?.result.value;
    };
    const hub = await context.newCDPSession(hubFrame(first, world.hub.url));
    const crashed = new Promise((resolve) => hub.once('Inspector.targetCrashed', resolve));
    // Never answered: there is nobody left to answer.
    hub.send('Page.crash').catch(() => {});
    await crashed;

    const late = await openApp(context, world.url(partner));
    await seen([late], { status: 'signed-in', subject: 'ada' });
    expect(await logout(late)).toBe('done');
    const signs = [`window.dispatchEvent(new Event('online'))`, `document.dispatchEvent(new Event('resume'))`];
    for (const [index, sign] of signs.entries()) {
      await ask(index, sign);
      await expect.poll(() => ask(index, 'session.getSnapshot().endedBy')).toBe(world.origin(partner));
      expect(await ask(index, `session.recorded.filter(({ type }) => type === 'logout').length`)).toBe(1);
      expect(await ask(index, `document.querySelectorAll('iframe').length`)).toBe(1);
    }
    expect(await ask(1, `(session.beginLogin(), outcome(session.login({ subject: 'grace' })))`)).toBe('done');
    await expect.poll(() => ask(0, 'session.getSnapshot().subject')).toBe('grace');
  });
});

test('K5.2: where the app itself is shown in the place of the hub, it does not embed itself again', async ({
  world,
  context,
}) => {
  // As the service worker of an app does it that answers every navigation with the app.
  const shell = `<!doctype html><html lang="en"><meta charset="utf-8"><title>shell</title><script type="module">
import { connect } from '${world.url(portal, '/lockstep.js')}';
window.session = connect({ hub: '${world.hub.url}', timeoutMs: 2000 });
window.plain = (value) => JSON.parse(JSON.stringify(value));
document.documentElement.dataset.app = 'running';
</script></html>`;
  world.hub.alterPage(() => shell);
  world.hub.alterHeaders(() => ({ 'content-type': 'text/html', 'access-control-allow-origin': '*' }));
  world.serve(portal, '/shell', shell);
  const page = await context.newPage();
  await page.goto(world.url(portal, '/shell'));
  await seen([page], { status: 'unavailable' });
  // The frame is made anew from time to time, so that the one asked may go in the middle of it.
  await expect(async () => {
    const inner = hubFrame(page, world.hub.url);
    await running(inner);
    expect(await inner.evaluate(() => session.ready.catch(({ code }) => code))).toBe('closed');
    expect(inner.childFrames()).toEqual([]);
  }).toPass();

  // A worker that leaves the hub alone lets the hub in.
  world.hub.alterPage();
  world.hub.alterHeaders();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await seen([page], { status: 'signed-out', scope: 'shared' });
});
