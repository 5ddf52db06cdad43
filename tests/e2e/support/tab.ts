// What a test does in a tab, and what it waits for there. Everything is asked of the page's own session.

import { type BrowserContext, expect, type Frame, type Page } from '@playwright/test';
import type { Login, Session, Snapshot } from '../../../js-glue/client/index.js';

export type PlainSnapshot = Omit<Snapshot, 'error'> & {
  readonly error?: { readonly code: string; readonly message: string };
};
export type Recorded = { readonly type: string; readonly [member: string]: unknown };
/** A duty that a page was given, and how its function went. */
export type Called = {
  readonly duty: 'check' | 'end';
  readonly reason: string;
  readonly is: 'running' | 'done' | 'failed';
  readonly aborted: boolean;
};
export type RecordedSession = Session & { readonly recorded: Recorded[]; readonly called: Called[] };

// What pages/app.js puts into its window.
declare global {
  interface Window {
    session: RecordedSession;
    connect: typeof import('../../../js-glue/client/index.js').connect;
    join: (options?: object) => RecordedSession;
    outcome: (promise: Promise<unknown>) => Promise<string>;
    plain: (value: unknown) => unknown;
    withSession: typeof import('../../../js-glue/client/index.js').withSession;
  }
  var session: Window['session'];
  var connect: Window['connect'];
  var join: Window['join'];
  var outcome: Window['outcome'];
  var plain: Window['plain'];
  var withSession: Window['withSession'];
}

/** Opens a tab and waits until its app runs and, unless it is a page that does not connect, has its first snapshot. */
export async function openApp(context: BrowserContext, url: string): Promise<Page> {
  const page = await openPage(context, url);
  await running(page);
  if (await page.evaluate(() => 'session' in window)) {
    await expect.poll(() => status(page), { message: `${url} has connected` }).not.toBe('connecting');
  }
  return page;
}

export async function openPage(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** As many tabs as a test names; a name too many would meet `undefined` at its first use. */
export type Tabs = readonly Page[] & { readonly [Index in 0 | 1 | 2 | 3 | 4 | 5]: Page };

/** Opens several tabs of each. */
export async function openTabs(context: BrowserContext, urls: readonly string[], each: number): Promise<Tabs> {
  const opened: Page[] = [];
  for (const url of urls) for (let count = 0; count < each; count++) opened.push(await openApp(context, url));
  return opened as unknown as Tabs;
}

export async function running(page: Page | Frame): Promise<void> {
  // Not `waitForFunction`, which waits for frames to be painted, and a hidden tab paints none. A document that has just
  // begun has no element yet.
  const app = () => page.evaluate(() => document.documentElement?.dataset.app).catch(whileNavigating);
  await expect.poll(app).toBe('running');
}

export function snapshot(page: Page | Frame): Promise<PlainSnapshot> {
  return page.evaluate((): unknown => plain(session.getSnapshot())) as Promise<PlainSnapshot>;
}

export async function status(page: Page | Frame): Promise<Snapshot['status']> {
  return (await snapshot(page)).status;
}

export function recorded(page: Page | Frame): Promise<readonly Recorded[]> {
  return page.evaluate((): unknown => session.recorded) as Promise<readonly Recorded[]>;
}

/** The recorded events, snapshots aside. */
export async function events(page: Page | Frame, type?: string): Promise<readonly Recorded[]> {
  return (await recorded(page)).filter((each) => (type ? each.type === type : each.type !== 'snapshot'));
}

/** Waits until each tab's snapshot has these members. */
export async function seen(pages: readonly (Page | Frame)[], members: Partial<PlainSnapshot>): Promise<void> {
  for (const page of pages) {
    await expect.poll(() => snapshot(page).catch(whileNavigating), { message: page.url() }).toMatchObject(members);
  }
}

/** A page that is on its way to the next cannot be asked; it can be a moment later. */
function whileNavigating(error: Error): undefined {
  if (!error.message.includes('because of a navigation')) throw error;
}

/** A sign-in without the user, which began with its page: no `beginLogin`, and nobody has touched anything. */
export function finishLogin(page: Page | Frame, members: Login): Promise<string> {
  return page.evaluate((given) => outcome(session.login(given as Login)), members as unknown);
}

/** The user signs in: the flow begins now. */
export function login(page: Page | Frame, members: Login): Promise<string> {
  return page.evaluate((given) => {
    session.beginLogin();
    return outcome(session.login(given as Login));
  }, members as unknown);
}

export function logout(page: Page | Frame): Promise<string> {
  return page.evaluate(() => outcome(session.logout()));
}

/** What a laptop does when its lid is shut (`frozen`) and opened. */
export async function setLifecycle(page: Page, state: 'frozen' | 'active'): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Page.setWebLifecycleState', { state });
  await devtools.detach();
}

/** The document of the hub inside this page. */
export function hubFrame(page: Page, hubUrl: string): Frame {
  const frame = page.frames().find((each) => each.url() === hubUrl && each !== page.mainFrame());
  if (!frame) throw new Error(`${page.url()} holds no hub.`);
  return frame;
}
