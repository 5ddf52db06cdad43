// The mark that a hub with a handle leaves for those to whom the browser gives none (PROTOCOL.md §4.2, "One store"): a
// key in the first party's storage, and a cookie for those whose own storage is another. Both say no more than that
// they are there, since only pages of the hub's own origin can write them.

import type { CookieJar } from './cookie-jar.js';
import type { Names } from './names.js';

export type StoreMark = {
  /** Whether the frame's own storage bears it. It was the first party's then, and stays it. */
  readonly isOwn: () => boolean;
  /** Whether it is somewhere in this browser, as far as a frame's cookies show. */
  readonly isSomewhere: () => boolean;
  /** Whether all of it is there, by whoever has the first party's storage. */
  readonly isComplete: (firstParty: () => Storage) => boolean;
  readonly leave: (firstParty: Storage) => void;
};

/** A `Strict` cookie would say nothing that the storage does not: whoever sees it is below a page of the hub's site. */
export function openStoreMark(names: Names, jar: CookieJar, sameSite: string, changed: () => void): StoreMark {
  const leavesCookie = sameSite === 'None' && isSecureContext;
  let hasSeenOwn = false;

  addEventListener('storage', ({ key }) => {
    if (key === null || key === names.storeMark) changed();
  });
  if (leavesCookie) {
    jar.watch((name) => {
      if (name === names.storeMarkCookie) changed();
    });
  }

  const isInJar = () => jar.valuesOf(names.storeMarkCookie).length > 0;
  return {
    isOwn() {
      hasSeenOwn ||= isIn(() => localStorage, names.storeMark);
      return hasSeenOwn;
    },
    // Where a browser has no handles, nobody can have left it: a sibling host has, in an engine that lets it.
    isSomewhere: () => leavesCookie && 'hasUnpartitionedCookieAccess' in document && isInJar(),
    isComplete: (firstParty) => isIn(firstParty, names.storeMark) && (!leavesCookie || isInJar()),
    leave(firstParty) {
      firstParty.setItem(names.storeMark, '1');
      if (leavesCookie) jar.put(names.storeMarkCookie, '1');
    },
  };
}

/** False where the storage may not be used. */
function isIn(storage: () => Storage, key: string): boolean {
  try {
    return storage().getItem(key) !== null;
  } catch {
    return false;
  }
}
