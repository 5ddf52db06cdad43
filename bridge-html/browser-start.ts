// Whether the browser has been started since a hub ran in it: then somebody may have been signed out meanwhile, and the
// provider is asked once (PROTOCOL.md §4.4). Only a session cookie goes when a browser is closed. One that brings its
// tabs back brings session cookies back as well: to the provider, too, the browser has not been closed.

import type { CookieJar } from './cookie-jar.js';
import type { Names } from './names.js';

/** False where no cookie can be had: a hub that cannot know does not ask at each start. */
export function isBrowserStart({ runCookie }: Names, { valuesOf, putForThisRun }: CookieJar): boolean {
  const isKept = () => valuesOf(runCookie).length > 0;
  if (isKept()) return false;
  try {
    putForThisRun(runCookie, '1');
  } catch {
    return false; // in a sandbox, where to write one throws
  }
  return isKept();
}
