// What tests of duties do and wait for: apps that offer duties, who was given one, what is stored of it.

import { expect, type Frame, type Page } from '@playwright/test';
import type { CheckOutcome } from '../../../js-glue/client/index.js';
import type { Endpoint } from './provider.js';
import { type Called, hubFrame } from './tab.js';
import type { World } from './world.js';

export const hourMs = 3_600_000;

/** The address of an app that offers these duties, which it does by asking the world's provider. */
export function offering(world: World, host: string, duties: readonly Called['duty'][] = ['check', 'end']): string {
  return world.url(host, `/?duties=${duties.join(',')}`);
}

/** The duties that this page was given. */
export function called(page: Page | Frame): Promise<readonly Called[]> {
  return page.evaluate((): unknown => session.called) as Promise<readonly Called[]>;
}

/** Those of all these tabs, and how many tabs had any. */
export async function calledIn(tabs: readonly Page[]): Promise<{ readonly tabs: number; readonly calls: Called[] }> {
  const all = await Promise.all(tabs.map(called));
  return { tabs: all.filter(({ length }) => length > 0).length, calls: all.flat() };
}

/** Waits until so many calls have come. */
export async function asked(endpoint: Endpoint, times: number): Promise<void> {
  await expect.poll(() => endpoint.calls().length, { message: 'calls', timeout: 40_000 }).toBeGreaterThanOrEqual(times);
}

export type StoredDuty = { readonly state: string; readonly at: number; readonly failures?: number };
export type StoredRecord = { readonly ended?: { readonly reason: string }; readonly duty?: StoredDuty };

/** As the hub in this tab sees it. */
export async function storedRecord(page: Page, world: World): Promise<StoredRecord> {
  const text = await hubFrame(page, world.hub.url).evaluate(() => localStorage.getItem('lockstep'));
  return JSON.parse(text ?? '{}');
}

/** Waits until the store says so of the duty. What is `done` is not taken up again. */
export async function dutyIs(page: Page, world: World, state: string): Promise<void> {
  await expect.poll(async () => (await storedRecord(page, world)).duty?.state, { message: page.url() }).toBe(state);
}

/** Waits until the last outcome is done with: for a second it answers whoever asks anew. */
export async function outcomeIsOld(page: Page, world: World): Promise<void> {
  const { duty } = await storedRecord(page, world);
  await expect.poll(() => Date.now()).toBeGreaterThan((duty?.at ?? Number.NaN) + 1_000);
}

/** A page of Playwright, or a tab of another engine's driver. */
type Asking = { readonly evaluate: <Result>(f: () => Result | Promise<Result>) => Promise<Result> };

/** Asks for a check. Returns when the hub has received it, with the outcome to come. */
export async function askForCheck(page: Asking): Promise<() => Promise<CheckOutcome>> {
  await page.evaluate(async () => {
    Object.assign(window, { checking: session.check() });
    // A hub answers in order.
    await session.allows(location.origin);
  });
  return () => page.evaluate(() => (window as unknown as { checking: Promise<CheckOutcome> }).checking);
}

/**
 * Asks in all of them. An answer that is at once there may be older than a second when the last tab of a slow machine
 * asks, and is asked for again: have the provider keep it back until this returns.
 */
export async function askAll(pages: readonly Asking[]): Promise<() => Promise<readonly CheckOutcome[]>> {
  const outcomes = await Promise.all(pages.map(askForCheck));
  return () => Promise.all(outcomes.map((outcome) => outcome()));
}

/** Waits until the hub has processed all that the page has sent so far, and the page the answers. */
export async function processed(page: Page): Promise<void> {
  expect(await page.evaluate(() => session.allows(location.origin))).toBe(true);
}
