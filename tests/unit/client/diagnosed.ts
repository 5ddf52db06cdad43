// A diagnosis in a page of these tests: what its fetch may meet, and its end.

import { vi } from 'vitest';
import { hubUrl, settled } from './page.js';

/**
 * Lets a diagnosis that has its answers come to its end: it is loaded first, and gives the events that are on their way
 * one turn.
 */
export async function diagnosed(): Promise<void> {
  await vi.dynamicImportSettled();
  await settled();
  // Its turn has a timer beside the link's own.
  if (vi.getTimerCount() > 1) await vi.advanceTimersToNextTimerAsync();
}

/** `url`: where a redirect has led. */
export const answers =
  (
    body: string,
    { status = 200, url = hubUrl, headers = {} }: { status?: number; url?: string; headers?: object } = {},
  ) =>
  () =>
    Promise.resolve(
      Object.defineProperty(new Response(body, { status, headers: { ...headers } }), 'url', { value: url }),
    );

export const refuses = () => Promise.reject(new TypeError('Failed to fetch'));
