// An idle hub costs nothing: with no deadline near it runs no script, in no tab (R8). The browser's own trace shows it.

import { fileURLToPath } from 'node:url';
import type { BrowserContext, Frame } from '@playwright/test';
import { bundle } from './support/bundle.js';
import { connected, pushing, startPush } from './support/push.js';
import {
  billing,
  type DocumentScript,
  expect,
  hubFrame,
  login,
  logout,
  openTabs,
  portal,
  processed,
  seen,
  test,
  usualHub,
  type World,
} from './support/test.js';

type TraceEvent = {
  readonly name: string;
  readonly ts: number;
  readonly args: { readonly data?: { readonly frame?: string; readonly url?: string } };
};

const quietMs = 10_000;
/** Chromium's names for a task that runs script, and for the timers that would bring one. */
const scriptTasks = [
  'FunctionCall',
  'EvaluateScript',
  'TimerFire',
  'TimerInstall',
  'FireIdleCallback',
  'FireAnimationFrame',
];

test('the hub runs no script while nothing happens', ({ world, context }) => rests(world, context));

/** Lets a test see that a hub knows of its open stream: the server knows it earlier. */
const marksOpenStream: DocumentScript = {
  run: () => {
    window.EventSource = class extends EventSource {
      constructor(url: string | URL) {
        super(url);
        this.addEventListener('open', () => Object.assign(window, { hasOpenStream: true }));
      }
    };
  },
};

test.describe('with a server that pushes', () => {
  test.use({ hub: { ...usualHub, ...pushing }, documentScript: marksOpenStream });

  test('nor does it while the stream is open, and its comments come', async ({ world, context }) => {
    const push = startPush(world);
    const comments = setInterval(() => {
      for (const stream of push.open()) stream.comment();
    }, 500);
    await rests(world, context, async (hubs) => {
      await connected(push);
      const opened = async () => await Promise.all(hubs.map((hub) => hub.evaluate(() => 'hasOpenStream' in window)));
      await expect.poll(opened, { message: 'the stream is open' }).toContain(true);
    });
    clearInterval(comments);
  });
});

test.describe('with an inspector that is closed', () => {
  test.use({ hub: { ...usualHub, inspect: [portal, billing].map((host) => `http://${host}`) } });

  test('nor does it where somebody may inspect, and nobody does', async ({ world, context }) => {
    const script = await bundle({ entryPoints: [fileURLToPath(new URL('inspector/closed.ts', import.meta.url))] });
    world.serve('*', '/closed.js', { body: script, headers: { 'content-type': 'text/javascript' } });
    await rests(world, context, async () => {
      for (const tab of context.pages().filter((page) => page.url().includes('.acme.')))
        await tab.evaluate((path) => import(path), '/closed.js');
    });
  });
});

async function rests(
  world: World,
  context: BrowserContext,
  ready?: (hubs: readonly Frame[]) => Promise<unknown>,
): Promise<void> {
  const tabs = await openTabs(context, [world.url(portal), world.url(billing)], 1);
  const [first, second] = tabs;
  await login(first, { subject: 'ada', expiresAt: Date.now() + 3_600_000 });
  await seen(tabs, { status: 'signed-in' });
  const frames = tabs.map((tab) => hubFrame(tab, world.hub.url));
  expect(frames).toHaveLength(2);
  await ready?.(frames);
  for (const tab of tabs) await processed(tab);

  const browser = context.browser();
  if (!browser) throw new Error('The context has no browser.');
  await browser.startTracing(second, { categories: ['devtools.timeline', 'blink.user_timing'] });
  const start = Date.now();
  await expect.poll(() => Date.now() - start, { timeout: 2 * quietMs, intervals: [500] }).toBeGreaterThan(quietMs);
  await second.evaluate(() => performance.mark('quiet-is-over'));
  await logout(second);
  await seen(tabs, { status: 'signed-out' });
  const trace: { readonly traceEvents: readonly TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString());

  const end = trace.traceEvents.find(({ name }) => name === 'quiet-is-over')?.ts ?? 0;
  const ofHub = trace.traceEvents.filter(
    ({ name, args }) => scriptTasks.includes(name) && args.data?.url?.startsWith(world.hub.url),
  );
  expect(ofHub.filter(({ ts }) => ts < end)).toEqual([]);
  // Once something happens, the same trace shows both hubs at work.
  expect(new Set(ofHub.map(({ args }) => args.data?.frame)).size).toBe(2);
}
