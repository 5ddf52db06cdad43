// A cookie of the hub's own host that behaves like a storage area with one value. It bears a name that a browser lets nobody else set: `__Host-`
// wants https, no Domain, and the whole path. It is believed only where writing, reading and hearing of it have been seen to work.

import type { Area } from '#hub-module';

const name = '__Host-lockstep';
const probe = '__Host-lockstep-probe';
/** Stands for nothing stored: with a cookie of its own there, a hub can tell when somebody has put another beside it. */
const nothing = '-';
/** As long as browsers keep one. */
const ageSeconds = 34_560_000;
/** What a change takes to be heard, a hundred times over. */
const hearMsMax = 500;
const triesMax = 10;

export type CookieArea = Area & { readonly works: () => Promise<boolean> };

export function openCookieArea(
  sameSite: string,
  listener: { readonly written: (newValue: string | null) => unknown; readonly moved: () => void },
): CookieArea {
  let written = '';
  let heard: (() => void) | undefined;

  cookieStore.addEventListener('change', ({ changed, deleted }) => {
    for (const { name: which, value } of [...changed, ...deleted.map(({ name }) => ({ name, value: undefined }))]) {
      if (which === probe) heard?.();
      if (which !== name) continue;
      if (valuesOf(name).length > 1) listener.moved();
      // The writer hears of its own writes as well. What stands for nothing is no clear: a hub that starts may have laid it over a record.
      else if (value !== written) listener.written(value ?? null);
    }
  });

  function put(which: string, value: string, age = ageSeconds): void {
    if (which === name) written = value;
    // The other way of writing is asynchronous, and a page that goes would take it along.
    document.cookie = `${which}=${value}; Path=/; Max-Age=${age}; Secure; SameSite=${sameSite}`;
  }

  /** Where a browser does not heed the prefix, a sibling host may have put one with a Domain there. A second write tells: it makes them two. */
  function isOwn(): boolean {
    put(name, valuesOf(name)[0] ?? nothing);
    return valuesOf(name).length === 1;
  }

  async function works(): Promise<boolean> {
    const until = performance.now() + hearMsMax;
    let found: boolean | undefined;
    // WebKit may neither tell nor show what is written right after it was told to listen, but what is written next.
    while (found === undefined) {
      const hears = new Promise<boolean>((resolve) => {
        heard = () => resolve(true);
        setTimeout(resolve, hearMsMax / triesMax, false);
      });
      put(probe, `${Math.random()}`);
      const isHeard = await hears;
      const seen = valuesOf(probe).length;
      if (isHeard && seen === 1) found = isOwn();
      else if (seen > 1 || performance.now() > until) found = false;
    }
    put(probe, '', 0);
    return found;
  }

  return {
    works,
    getItem() {
      const [value, ...others] = valuesOf(name);
      if (others.length > 0) throw new Error('not the only one');
      return value === undefined || value === nothing ? null : value;
    },
    setItem(_, text) {
      // JSON still: what a cookie may not hold stands only within texts. WebKit cuts a value off where it is not ASCII.
      const value = text.replace(/[;\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
      put(name, value);
      if (valuesOf(name)[0] !== value) throw new Error('too large');
    },
  };
}

function valuesOf(which: string): readonly string[] {
  const start = `${which}=`;
  return document.cookie
    .split('; ')
    .filter((each) => each.startsWith(start))
    .map((each) => each.slice(start.length));
}
