// The ways in which an app comes to call `login`: after a form that the user sends, after a silent sign-in, after the
// way to the provider and back. Which of them began before a logout, and which after it, decides who gets in
// (PROTOCOL.md §3).

import { expect, type Page } from '@playwright/test';
import type { Login } from '../../../js-glue/client/index.js';
import { events, type Recorded, running, seen, status } from './tab.js';
import type { World } from './world.js';

/** What a page has under way, and how its silent sign-ins went: the code of a refusal, or `done`. */
declare global {
  interface Window {
    loggingIn: Promise<string>;
    silentLogins: readonly string[];
  }
  var loggingIn: Window['loggingIn'];
  var silentLogins: Window['silentLogins'];
}

/** The user sends the app's own form, by the mouse or the keyboard, and the app logs in. */
export async function sendForm(page: Page, members: Login, by: 'mouse' | 'keyboard' = 'mouse'): Promise<string> {
  await page.bringToFront();
  await page.evaluate((given) => {
    const sent = new Promise((resolve) => document.getElementById('first')?.addEventListener('click', resolve));
    Object.assign(window, { loggingIn: sent.then(() => outcome(session.login(given as Login))) });
  }, members as unknown);
  const button = page.locator('#first');
  await (by === 'mouse' ? button.click() : button.press('Enter'));
  return page.evaluate(() => loggingIn);
}

/** How the app of a silent sign-in says that one begins, if it does. */
export type Announced = 'by beginLogin' | 'not at all';

/**
 * The app asks the provider, and logs in when that has answered. Returns when the provider has been asked; the function
 * that it returns lets it answer, and gives the login's outcome.
 */
export async function beginSilentSignIn(
  page: Page,
  world: World,
  members: Login,
  announced: Announced = 'not at all',
): Promise<() => Promise<string>> {
  const { api } = world.provider;
  const before = api.calls().length;
  api.answer('held');
  await page.evaluate(
    ({ url, given, begins }) => {
      if (begins) session.beginLogin();
      const answered = fetch(url, { cache: 'no-store' });
      Object.assign(window, { loggingIn: answered.then(() => outcome(session.login(given as Login))) });
    },
    { url: `${world.provider.url}/api`, given: members as unknown, begins: announced === 'by beginLogin' },
  );
  await expect.poll(() => api.calls().length, { message: 'the provider is asked' }).toBe(before + 1);
  return () => {
    api.release({ active: true });
    return page.evaluate(() => loggingIn);
  };
}

/** The app has a session of its own: at every login, wherever it was, it asks the provider and logs in by itself. */
export async function signInAtEveryLogin(
  page: Page,
  world: World,
  sessionId: string,
  announced: Announced,
): Promise<void> {
  await page.evaluate(
    ({ url, sessionId, begins }) => {
      const outcomes: string[] = [];
      Object.assign(window, { silentLogins: outcomes });
      session.on('login', async ({ snapshot: { subject = '' } }) => {
        if (begins) session.beginLogin();
        await fetch(url, { cache: 'no-store' });
        outcomes.push(await outcome(session.login({ subject, sessionId })));
      });
    },
    { url: `${world.provider.url}/api`, sessionId, begins: announced === 'by beginLogin' },
  );
}

export function silentOutcomes(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => silentLogins);
}

/** The app says that a login begins, and leaves for the provider. */
export async function leaveForProvider(page: Page, world: World): Promise<void> {
  await page.evaluate(() => session.beginLogin());
  await goToProvider(page, world);
}

/** Its page is of another site. */
export async function goToProvider(page: Page, world: World): Promise<void> {
  await go(page, world.url('login.provider.localhost', '/plain'));
}

/** Back from the provider, on the app's callback page. */
export async function comeBack(page: Page, world: World, host: string): Promise<void> {
  await go(page, world.url(host, '/?code=1'));
  await running(page);
  await expect.poll(() => status(page), { message: `${page.url()} has connected` }).not.toBe('connecting');
}

/** As a link does it. */
async function go(page: Page, url: string): Promise<void> {
  await page.evaluate((address) => void setTimeout(() => location.assign(address)), url);
  await page.waitForURL(url);
}

/** Each of these tabs has had these events, in order, of the session. A duty that failed is another matter. */
export async function expectStory(tabs: readonly Page[], story: readonly Partial<Recorded>[]): Promise<void> {
  for (const tab of tabs) {
    const had = (await events(tab)).filter(({ type }) => type !== 'error');
    expect(had, tab.url()).toMatchObject([...story]);
  }
}

/**
 * Lets everything that is under way arrive in every tab: another user's login, sent by one of them, comes after it.
 * Nobody has come in between, as each tab's events say.
 */
export async function nothingFollowed(tabs: readonly Page[], story: readonly Partial<Recorded>[]): Promise<void> {
  const [first] = tabs as readonly [Page];
  expect(await sendForm(first, { subject: 'grace' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'grace' });
  await expectStory(tabs, [...story, { type: 'login' }]);
}
