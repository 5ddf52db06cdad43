// Whether the browser has been started since a hub ran in it: then somebody may have been signed out meanwhile, and the
// provider is asked once (PROTOCOL.md §4.5). Only a session cookie goes when a browser is closed. One that brings its
// tabs back brings session cookies back as well: to the provider, too, the browser has not been closed.
//
// A jar that makes room drops a session cookie as well. Where the session ends with the browser, a hub that finds none
// asks those that run: it writes that it asks, and they write that the browser has not been closed.

import type { CookieJar } from './cookie-jar.js';
import type { Names } from './names.js';

/** A hundred times what a change event takes. */
const answerMsMax = 500;

const asked = '0';
const known = '1';

/** False where no cookie can be had: a hub that cannot know does not ask at each start. */
export async function isBrowserStart(
  { runCookie }: Names,
  { valuesOf, putForThisRun, watch }: CookieJar,
  endsSession: boolean,
): Promise<boolean> {
  const has = (...values: readonly string[]) => valuesOf(runCookie).some((value) => values.includes(value));
  const put = (value: string) => {
    try {
      putForThisRun(runCookie, value);
    } catch {
      // In a sandbox, where to write one throws.
    }
  };
  // Elsewhere nothing reports that a cookie has changed, so nobody would answer.
  if (!endsSession || !isSecureContext || !globalThis.cookieStore) {
    if (has(known)) return false;
    put(known);
    return has(known);
  }
  const watchRun = (report: (value?: string) => void, signal?: AbortSignal) =>
    watch((name, value) => {
      if (name === runCookie) report(value);
    }, signal);
  const isAnswered = () =>
    new Promise<boolean>((resolve) => {
      const over = new AbortController();
      const end = (isKnown: boolean) => {
        over.abort();
        clearTimeout(timer);
        resolve(isKnown);
      };
      const timer = setTimeout(() => end(has(known)), answerMsMax);
      watchRun((value) => value === known && end(true), over.signal);
    });

  let isStart = false;
  if (!has(known)) {
    // Another that asks may be gone before it knows.
    if (!has(asked)) put(asked);
    isStart = has(asked, known) && !(await isAnswered());
    if (isStart) put(known);
  }
  watchRun((value) => value !== known && put(known));
  return isStart;
}
