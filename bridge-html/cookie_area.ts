// A cookie of the hub's own host that behaves like a storage area with one value. It is believed only where writing, reading and hearing of it
// have been seen to work.
//
// Its name begins with `__Host-`, which a browser lets only the hub's own host set, and ends with a key that only hubs know: it stands in a cookie
// of its own. So where a browser does not heed the prefix (WebKitGTK), a sibling host cannot name the record's cookie, and neither lays a second one
// beside it nor makes events of it; all it can do is to lay a key, and that shows.

import type { Area } from '#hub-module';

const keyName = '__Host-lockstep';
const probe = '__Host-lockstep-probe';
/** At the end of a key it says no more than that somebody has written it again. */
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
  let key = '';
  /** As it stood there before this hub wrote it again. */
  let found: string | undefined;
  let written: string | undefined;
  let heard: (() => void) | undefined;

  const recordName = () => `${keyName}-${key}`;
  const keys = () => valuesOf(keyName).map(textOf);
  const isKnown = () => keys().includes(key);
  const isReplaced = () => keys().length > 0 && !isKnown();

  cookieStore.addEventListener('change', ({ changed, deleted }) => {
    for (const { name, value } of [...changed, ...deleted.map(({ name }) => ({ name, value: undefined }))]) {
      if (name === probe) heard?.();
      // Another key than this hub's: somebody has begun anew, or a stranger comes or goes.
      if (name === keyName && (value === undefined ? isReplaced() : textOf(value) !== key)) listener.moved();
      // The writer hears of its own writes as well. A record that is gone with its key is no clear.
      if (name !== recordName() || value === written) continue;
      if (value === undefined && isReplaced()) listener.moved();
      else listener.written(value ?? null);
    }
  });

  function put(name: string, value: string, age = ageSeconds): void {
    // The other way of writing is asynchronous, and a page that goes would take it along.
    document.cookie = `${name}=${value}; Path=/; Max-Age=${age}; Secure; SameSite=${sameSite}`;
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

  /** When the hub has written a key again, its own is another than was found, and a stranger's still there beside it. */
  function isOwn(): boolean {
    [found] = valuesOf(keyName);
    const text = textOf(found);
    put(keyName, text && text !== found ? text : `${text || newKey()}${mark}`);
    return isOnlyOne();
  }

  /** A stranger leaves nothing behind that would be believed later. */
  function isOnlyOne(): boolean {
    const values = valuesOf(keyName);
    if (values.length > 1 && found !== undefined && values.includes(found)) put(keyName, newKey());
    return values.length === 1;
  }

  /** The user may have deleted it. */
  function keepKey(): void {
    if (key && keys().length === 0) put(keyName, key);
  }

  /** Whether there is a key that only hubs can know. Asked at once, and once more: a stranger's may have been gone for a moment. */
  async function findKey(): Promise<boolean> {
    keepKey();
    if (key && isKnown()) return true;
    const isFound = keys().length < 2 && isOwn() && (await isHeard()) && isOnlyOne();
    if (isFound && key) put(recordName(), '', 0);
    [key = ''] = isFound ? keys() : [];
    return isFound;
  }

  return {
    async works() {
      const isWorking = (await isHeard()) && (await findKey());
      put(probe, '', 0);
      return isWorking;
    },
    getItem: () => valuesOf(recordName())[0] ?? null,
    setItem(_, text) {
      // JSON still: what a cookie may not hold stands only within texts. WebKit cuts a value off where it is not ASCII.
      written = text.replace(/[;\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
      keepKey();
      put(recordName(), written);
      if (valuesOf(recordName())[0] !== written) throw new Error('too large');
    },
  };
}

const textOf = (value = '') => value.replace(mark, '');

function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(3)).join('');
}

function valuesOf(name: string): readonly string[] {
  const start = `${name}=`;
  return document.cookie
    .split('; ')
    .filter((each) => each.startsWith(start))
    .map((each) => each.slice(start.length));
}
