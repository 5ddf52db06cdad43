// A cookie of the hub's own host that behaves like a storage area with one value. It bears a name that a browser lets nobody else set: `__Host-`
// wants https, no Domain, and the whole path. It is believed only where writing, reading and hearing of it have been seen to work.

import type { Area } from '#hub-module';

const name = '__Host-lockstep';
const probe = '__Host-lockstep-probe';
/** Stands for nothing stored: with a cookie of its own there, a hub can tell when somebody has put another beside it. */
const nothing = '-';
/** At the end of a value it says no more than that somebody has written it again. */
const mark = '~';
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
    const names = (which: string) => (each: CookieListItem) => each.name === which;
    if (changed.some(names(probe))) heard?.();
    const isGone = deleted.some(names(name));
    if (!isGone && !changed.some(names(name))) return;
    // What an event says may have been another host's, and be gone again.
    const [text, ...others] = valuesOf(name).map(textOf);
    if (others.length > 0 || (isGone && text !== undefined)) return listener.moved();
    // The writer hears of its own writes as well. What stands for nothing is no clear: a hub that starts may have laid it over a record.
    if (text !== written) listener.written(text ?? null);
  });

  function put(which: string, value: string, age = ageSeconds): void {
    if (which === name) written = textOf(value);
    // The other way of writing is asynchronous, and a page that goes would take it along.
    document.cookie = `${which}=${value}; Path=/; Max-Age=${age}; Secure; SameSite=${sameSite}`;
  }

  /** WebKit may neither tell nor show what is written right after it was told to listen, but what is written next. */
  async function isHeard(): Promise<boolean> {
    const until = performance.now() + hearMsMax;
    do {
      const hears = new Promise<boolean>((resolve) => {
        heard = () => resolve(true);
        setTimeout(resolve, hearMsMax / triesMax, false);
      });
      put(probe, `${Math.random()}`);
      if ((await hears) && valuesOf(probe).length === 1) return true;
    } while (performance.now() < until && valuesOf(probe).length < 2);
    return false;
  }

  /**
   * Where a browser does not heed the prefix, a sibling host may have put one with a Domain there. When the hub has written it again, its own is
   * another than was found, and a stranger's still there beside it. That one leaves nothing behind to be believed later.
   */
  function isOnlyOne(found: string): boolean {
    const values = valuesOf(name);
    if (values.length > 1 && values.includes(found)) put(name, nothing);
    return values.length === 1;
  }

  async function works(): Promise<boolean> {
    let isOwn = (await isHeard()) && valuesOf(name).length < 2;
    if (isOwn) {
      const [found = nothing] = valuesOf(name);
      put(name, found.endsWith(mark) ? found.slice(0, -1) : found + mark);
      // At once, and once more: a stranger's may have been gone for a moment.
      isOwn = isOnlyOne(found) && (await isHeard()) && isOnlyOne(found);
    }
    put(probe, '', 0);
    return isOwn;
  }

  return {
    works,
    getItem() {
      const [text = nothing, ...others] = valuesOf(name).map(textOf);
      if (others.length > 0) throw new Error('not the only one');
      return text === nothing ? null : text;
    },
    setItem(_, text) {
      // JSON still: what a cookie may not hold stands only within texts. WebKit cuts a value off where it is not ASCII.
      const value =
        text.replace(/[;~\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) + mark;
      put(name, value);
      if (valuesOf(name)[0] !== value) throw new Error('too large');
    },
  };
}

const textOf = (value: string) => value.replace(mark, '');

function valuesOf(which: string): readonly string[] {
  const start = `${which}=`;
  return document.cookie
    .split('; ')
    .filter((each) => each.startsWith(start))
    .map((each) => each.slice(start.length));
}
