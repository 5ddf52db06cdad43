// One text that the browser keeps in the app's own origin, where the browser lets it: what an app must remember over a
// redirect (in the tab's storage), or until it is opened again (in that of all its tabs). SECURITY.md lists them.

import { attempt } from './attempt.js';

export type Stored = {
  readonly read: () => string | undefined;
  /** Without a text it is removed. */
  readonly write: (text: string | undefined) => void;
};

/** A storage that is blocked is empty; one that is full, too, keeps nothing. */
export function stored(area: 'localStorage' | 'sessionStorage', key: string): Stored {
  const read = () => attempt(() => globalThis[area].getItem(key)) ?? undefined;
  return {
    read,
    write(text) {
      // A write is reported to every other tab.
      if (read() === text) return;
      attempt(() => (text === undefined ? globalThis[area].removeItem(key) : globalThis[area].setItem(key, text)));
    },
  };
}
