// Reads the address of a page from a text that an app passes or a query holds.

import { attempt } from './attempt.js';

/** Undefined where the text is no URL. */
export function addressOf(text: unknown, base?: string): URL | undefined {
  return attempt(() => new URL(String(text), base));
}
