// Serves the attack pages of this folder at every host, and watches honest tabs while they are attacked. An attack has
// failed only when the attacker received nothing, the session is what it was, and the honest tabs still reach each
// other afterwards.

import { readdirSync, readFileSync } from 'node:fs';
import type { BrowserContext, Frame, Page } from '@playwright/test';
import {
  test as base,
  billing,
  type DocumentScript,
  events,
  expect,
  login,
  logout,
  openApp,
  openPage,
  portal,
  seen,
  type World,
} from '../support/test.js';

type Received = { readonly by: 'window' | 'port'; readonly data: unknown };
/** `received` has the origins of window messages, `sent` what was posted to ports. */
export type Traffic = { readonly received: string[]; readonly sent: unknown[]; closed: number };
/** Who may not be hurt: a tab of each of two apps, both showing Ada's session. */
export type Bystanders = { readonly tabs: readonly [Page, Page]; readonly unharmed: () => Promise<void> };

const folder = new URL('./', import.meta.url);

/** One for all, so that a worker's attacks share a browser. */
const trafficRecorder: DocumentScript = { run: recordTraffic };

export const test = base.extend<{ readonly bystanders: Bystanders }>({
  documentScript: trafficRecorder,
  world: async ({ world }, use) => {
    for (const name of readdirSync(folder)) {
      const type = /\.html$/.test(name)
        ? 'text/html; charset=utf-8'
        : /\.js$/.test(name)
          ? 'text/javascript'
          : undefined;
      if (!type) continue;
      const body = readFileSync(new URL(name, folder), 'utf8');
      world.serve('*', `/attack/${name}`, { body, headers: { 'content-type': type } });
    }
    await use(world);
  },
  bystanders: async ({ world, context }, use) => {
    const tabs = [await openApp(context, world.url(portal)), await openApp(context, world.url(billing))] as const;
    // With little patience an app may give its hub up at first.
    await seen(tabs, { status: 'signed-out' });
    await signInAda(tabs);
    await use({ tabs, unharmed: () => unharmed(world, tabs) });
  },
});

/**
 * Runs first in every document: it records what the document received, sent and closed. In an embedder it shows that no
 * hub ever posts to a window; in a hub, that an attack has arrived whose failure nobody else can see.
 */
function recordTraffic(): void {
  const traffic: Traffic = { received: [], sent: [], closed: 0 };
  Object.assign(window, { traffic });
  addEventListener('message', ({ origin }) => traffic.received.push(origin));
  const { postMessage, close } = MessagePort.prototype;
  MessagePort.prototype.postMessage = function (this: MessagePort, ...given: unknown[]) {
    traffic.sent.push(given[0]);
    return Reflect.apply(postMessage, this, given);
  };
  MessagePort.prototype.close = function (this: MessagePort) {
    traffic.closed += 1;
    return close.call(this);
  };
}

/** What a document has received on its window, and done with its ports. */
export function trafficOf(frame: Page | Frame): Promise<Traffic> {
  return frame.evaluate('traffic');
}

async function signInAda(tabs: readonly [Page, Page]): Promise<void> {
  expect(await login(tabs[0], { subject: 'ada', sessionId: 'sid-7', claims: { name: 'Ada' } })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'ada' });
}

/**
 * Nothing has happened to them, and they still reach each other: a logout from one and a login from the other arrive.
 */
async function unharmed(world: World, tabs: readonly [Page, Page]): Promise<void> {
  for (const tab of tabs) {
    expect((await events(tab)).map(({ type }) => type)).toEqual(['login']);
    await seen([tab], {
      status: 'signed-in',
      subject: 'ada',
      sessionId: 'sid-7',
      claims: { name: 'Ada' },
      scope: 'shared',
    });
  }
  expect(await logout(tabs[1])).toBe('done');
  await seen(tabs, { status: 'signed-out', reason: 'logout', endedBy: world.origin(billing) });
  expect(await login(tabs[0], { subject: 'grace' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'grace' });
  // The hub posts to ports alone: no window around one has ever received a message.
  for (const tab of tabs) expect((await trafficOf(tab)).received).toEqual([]);
}

export function attackUrl(world: World, host: string, page: string): string {
  return world.url(host, `/attack/${page}?hub=${encodeURIComponent(world.hub.url)}`);
}

export function openAttack(context: BrowserContext, world: World, host: string, page: string): Promise<Page> {
  return openPage(context, attackUrl(world, host, page));
}

/** Puts an attack page into a frame of somebody's page and resolves when it runs. */
export async function frameAttack(page: Page, url: string): Promise<Frame> {
  await page.evaluate(
    (src) =>
      new Promise((resolve) => {
        document.body.append(Object.assign(document.createElement('iframe'), { src, onload: resolve }));
      }),
    url,
  );
  return frameBelow(page, url);
}

/** The hub's document below this one. */
export function hubBelow(embedder: Page | Frame, world: World): Promise<Frame> {
  return frameBelow(embedder, world.hub.url);
}

/** Playwright may learn a frame's address later than the page gets its `load`. */
async function frameBelow(embedder: Page | Frame, url: string): Promise<Frame> {
  const below = () => {
    const frames = 'mainFrame' in embedder ? embedder.mainFrame().childFrames() : embedder.childFrames();
    return frames.find((frame) => frame.url() === url);
  };
  await expect.poll(() => below() !== undefined, { message: `${embedder.url()} holds ${url}` }).toBe(true);
  return below() as Frame;
}

/** All that the hub, or anybody, said to an attack page. */
export function inboxOf(attacker: Page | Frame): Promise<readonly Received[]> {
  return attacker.evaluate('inbox');
}

/** The header that keeps strangers from embedding the hub is gone; what remains is the hub's own check of origins. */
export function stripFrameAncestors(world: World): void {
  world.hub.alterHeaders((headers) => {
    const policy = headers['Content-Security-Policy'] ?? '';
    const stripped = policy.replace(/;?\s*frame-ancestors[^;]*/, '');
    if (stripped === policy) throw new Error('The built headers have no frame-ancestors.');
    return { ...headers, 'Content-Security-Policy': stripped };
  });
}

export { expect } from '../support/test.js';
