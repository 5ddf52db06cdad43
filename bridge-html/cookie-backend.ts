// A cookie of the hub's own host that behaves like a storage area with one value. It is used only where writing it,
// reading it and its change event have been seen to work.
//
// Its name begins with `__Host-`, which a browser lets only the hub's own host set, and has in it a key that only hubs
// know: the key is the value of a cookie of its own. So where a browser does not heed the prefix (WebKitGTK), a sibling
// host cannot name the record's cookie: it can neither lay a second one beside it nor raise events of it. All it can do
// is to lay a key, and that shows. SECURITY.md has the sequence.

import type { Backend } from '#hub-module';
import type { Names } from './names.js';

/** At the end of a key it says no more than that somebody has written the key again. */
const mark = '~';
/** As long as browsers keep one. */
const ageSeconds = 34_560_000;
/** A hundred times what a change event takes. */
const changeMsMax = 500;
const triesMax = 10;

export type CookieBackend = Backend & { readonly works: () => Promise<boolean> };

export function openCookieBackend(
  { keyCookie: keyName, probeCookie: probeName, recordCookie }: Names,
  sameSite: string,
  listener: { readonly written: (newValue: string | null) => unknown; readonly capabilitiesChanged: () => void },
): CookieBackend {
  let key = '';
  /** The key cookie's value before this hub wrote it again. */
  let found: string | undefined;
  /**
   * What this hub wrote last, until another value has been reported: the browser reports a write to the writer as well.
   */
  let echo: string | undefined;
  let probeChanged: (() => void) | undefined;

  const recordName = () => recordCookie(key);
  const keys = () => valuesOf(keyName).map(textOf);
  const isKnown = () => keys().includes(key);
  const isReplaced = () => keys().length > 0 && !isKnown();

  cookieStore.addEventListener('change', ({ changed, deleted }) => {
    for (const { name, value } of [...changed, ...deleted.map(({ name }) => ({ name, value: undefined }))]) {
      if (name === probeName) probeChanged?.();
      else if (name === keyName) keyChanged(value);
      else if (name === recordName()) recordChanged(value);
    }
  });

  /** Another key than this hub's: a hub has begun anew, or a stranger's key comes or goes. */
  function keyChanged(value: string | undefined): void {
    if (value === undefined ? isReplaced() : textOf(value) !== key) listener.capabilitiesChanged();
  }

  function recordChanged(value: string | undefined): void {
    if (value !== undefined && value === echo) return;
    echo = undefined;
    // A record that is gone together with its key was not cleared: it was replaced.
    if (value === undefined && isReplaced()) listener.capabilitiesChanged();
    else listener.written(value ?? null);
  }

  function put(name: string, value: string, age = ageSeconds): void {
    // cookieStore.set is asynchronous: a page that goes would take the write along.
    document.cookie = `${name}=${value}; Path=/; Max-Age=${age}; Secure; SameSite=${sameSite}`;
  }

  /**
   * WebKit may neither report nor show what is written right after the listener was added, but it does so with what is
   * written next.
   */
  async function isChangeReported(): Promise<boolean> {
    const until = performance.now() + changeMsMax;
    do {
      const reported = new Promise<boolean>((resolve) => {
        probeChanged = () => resolve(true);
        setTimeout(resolve, changeMsMax / triesMax, false);
      });
      put(probeName, `${Math.random()}`);
      if ((await reported) && valuesOf(probeName).length === 1) return true;
    } while (performance.now() < until && valuesOf(probeName).length < 2);
    return false;
  }

  /**
   * When the hub has written the key again, the hub's differs from what was found, and a stranger's is still there
   * beside it.
   */
  function isOwn(): boolean {
    [found] = valuesOf(keyName);
    const text = textOf(found);
    put(keyName, text && text !== found ? text : `${text || newKey()}${mark}`);
    return isOnlyOne();
  }

  /** Nothing that a stranger could know stays behind. */
  function isOnlyOne(): boolean {
    const values = valuesOf(keyName);
    if (values.length > 1 && found !== undefined && values.includes(found)) put(keyName, newKey());
    return values.length === 1;
  }

  /** The user may have deleted it. */
  function restoreKey(): void {
    if (key && keys().length === 0) put(keyName, key);
  }

  /**
   * Whether there is a key that only hubs can know. It looks at once, and once more: a stranger's may have been gone
   * for a moment.
   */
  async function findKey(): Promise<boolean> {
    restoreKey();
    if (key && isKnown()) return true;
    const isFound = keys().length < 2 && isOwn() && (await isChangeReported()) && isOnlyOne();
    if (isFound && key) put(recordName(), '', 0);
    [key = ''] = isFound ? keys() : [];
    return isFound;
  }

  return {
    async works() {
      const isWorking = (await isChangeReported()) && (await findKey());
      put(probeName, '', 0);
      return isWorking;
    },
    getItem: () => valuesOf(recordName())[0] ?? null,
    setItem(_, text) {
      // JSON still: what a cookie may not hold can only be within texts. WebKit cuts a value off where it is not ASCII.
      const value = text.replace(/[;\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
      echo = value;
      restoreKey();
      put(recordName(), value);
      if (valuesOf(recordName())[0] !== value) throw new Error('too large');
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
