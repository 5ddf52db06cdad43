// What a test does in a tab, and what it waits for there. Everything is asked of the page's own session, as an app
// would.

import { expect } from '@playwright/test';
import type { Login, Snapshot } from '../../../js-glue/client/index.js';
import type { PlainSnapshot, Recorded } from '../../e2e/support/tab.js';
import type { Place, Tab, Window } from './engine.js';

export type { PlainSnapshot, Recorded } from '../../e2e/support/tab.js';

/** How often a state that is waited for is looked at, in ms. */
const intervals = [10, 20, 50, 100, 200];

/** Waits until `look` gives what `is` wants of it. */
export function until<Seen>(look: () => Promise<Seen>, message: string, timeout?: number) {
  return expect.poll(look, { message, intervals, ...(timeout !== undefined && { timeout }) });
}

/** Opens a tab and waits until its app has its first snapshot. */
export async function openApp(window: Window, url: string): Promise<Tab> {
  const tab = await window.open(url);
  await connected(tab);
  return tab;
}

export async function running(place: Place): Promise<void> {
  // Between two documents there is nobody to ask.
  await until(() => place.evaluate(() => document.documentElement.dataset.app).catch(() => 'none'), 'the app').toBe(
    'running',
  );
}

export async function connected(place: Place): Promise<void> {
  await running(place);
  await until(() => status(place), 'the status').not.toBe('connecting');
}

export function snapshot(place: Place): Promise<PlainSnapshot> {
  return place.evaluate(() => plain(session.getSnapshot()) as PlainSnapshot);
}

export async function status(place: Place): Promise<Snapshot['status']> {
  return (await snapshot(place)).status;
}

/** The recorded events, snapshots aside. */
export async function events(place: Place, type?: string): Promise<readonly Recorded[]> {
  const recorded = await place.evaluate(() => session.recorded as readonly Recorded[]);
  return recorded.filter((each) => (type ? each.type === type : each.type !== 'snapshot'));
}

/** Waits until each tab's snapshot has these members. */
export async function seen(places: readonly Place[], members: Partial<PlainSnapshot>): Promise<void> {
  for (const [index, place] of places.entries()) {
    await until(() => snapshot(place), `tab ${index}`).toMatchObject(members);
  }
}

/** A sign-in without the user, which began with its page: no `beginLogin`, and nobody has touched anything. */
export function finishLogin(place: Place, members: Login): Promise<string> {
  return place.evaluate((given) => outcome(session.login(given)), members);
}

/** The user signs in: the flow begins now. */
export function login(place: Place, members: Login): Promise<string> {
  return place.evaluate((given) => {
    session.beginLogin();
    return outcome(session.login(given));
  }, members);
}

export function logout(place: Place): Promise<string> {
  return place.evaluate(() => outcome(session.logout()));
}
