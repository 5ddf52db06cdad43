// Whether hubs below another top-level origin use the same storage: where a browser has no handles, this is what shows
// that it is not split (PROTOCOL.md §4.2). The key is written once by the first hub of a storage, and once by the first
// below another top: a mark, no list of where the user has been.

import type { Names } from './names.js';
import { stored } from './own-storage.js';

const several = '*';

/** A storage that has been seen to be shared stays so, as long as the document lives. */
export function watchTops(names: Names, changed: () => void): () => boolean {
  const top = Array.from(location.ancestorOrigins ?? []).at(-1);
  let hasMet = false;
  let hasRead = false;
  const note = (seen: string | null) => {
    if (seen === several || (top && seen && seen !== top)) hasMet = true;
  };

  addEventListener('storage', ({ key, newValue }) => {
    if (key !== names.top) return;
    // What the event carries counts, too: two hubs that begin at once both write, and one of them may still
    // read its own when it gets the event of the other's, and no further event follows.
    note(newValue);
    changed();
  });

  // Nothing else proves it on plain http, so an event that was lost must not keep two tabs apart: the key is read again
  // when the hub runs, which on a slow machine is long after the first time, and when the user comes to the tab.
  const readAgain = () => {
    if (!hasMet && !isSecureContext) changed();
  };
  document.addEventListener('visibilitychange', readAgain);

  return () => {
    const seen = stored(names.top);
    note(seen);
    const due = hasMet ? several : top;
    if (due && seen !== due) stored(names.top, due);
    if (!hasRead) readAgain();
    hasRead = true;
    return hasMet;
  };
}
