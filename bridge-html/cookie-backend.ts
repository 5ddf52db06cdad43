// A cookie of the hub's own host that behaves like a storage area with one value. It is used only where writing it,
// reading it and its change event have been seen to work.
//
// Its name begins with `__Host-`, which a browser lets only the hub's own host set, and has in it a key that only hubs
// know: the key is the value of a cookie of its own. So where a browser does not heed the prefix (WebKitGTK), a sibling
// host cannot name the record's cookie: it can neither lay a second one beside it nor raise events of it. All it can do
// is to lay a key, and that shows. SECURITY.md has the sequence.

import type { Backend } from '#hub-module';
import type { CookieJar } from './cookie-jar.js';
import type { Names } from './names.js';
import { stored } from './own-storage.js';

/** At the end of a key it says no more than that somebody has written the key again. */
const mark = '~';
/** A hundred times what a change event takes. */
const changeMsMax = 500;
const triesMax = 10;
/** More than a browser takes to clear the rest of what a user clears. */
const clearingMsMax = 1_000;

export type CookieBackend = Backend & {
  readonly works: () => Promise<boolean>;
  /** Whether a record is there, under the key that is there: for a hub that takes it along to another store. */
  readonly findsRecord: () => boolean;
};

export type CookieListener = {
  readonly written: (newValue: string) => void;
  /** `companionLeft`: what the user's clearing takes along is still there. */
  readonly gone: (companionLeft: boolean) => void;
  readonly capabilitiesChanged: () => void;
  /** Whether others use another store, so that the cookie counts for nobody. */
  readonly isAbandoned: () => boolean;
};

export function openCookieBackend(
  { keyCookie: keyName, probeCookie: probeName, recordCookie, companion }: Names,
  { valuesOf, put, drop }: CookieJar,
  listener: CookieListener,
): CookieBackend {
  let key = '';
  /** The key cookie's value before this hub wrote it again. */
  let found: string | undefined;
  /**
   * What this hub wrote last, until another value has been reported: the browser reports a write to the writer as well.
   */
  let echo: string | undefined;
  let probeChanged: (() => void) | undefined;
  let isWaiting = false;
  let isRecordGone = false;
  let hasLeftCompanion = false;

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
    if (value === undefined && !isReplaced()) waitForClearing();
    else if (value === undefined || textOf(value) !== key) listener.capabilitiesChanged();
  }

  function recordChanged(value: string | undefined): void {
    if (value !== undefined && value === echo) return;
    echo = undefined;
    if (value !== undefined) listener.written(value);
    else recordGone();
  }

  function recordGone() {
    // One that is gone together with its key, or after its hubs, was not cleared.
    if (isReplaced() || listener.isAbandoned()) return listener.capabilitiesChanged();
    isRecordGone = true;
    waitForClearing();
  }

  const isCompanionLeft = () => stored(companion) !== null;

  /** Whether the user has cleared, or the browser has made room, is seen when a clearing must be over. */
  function waitForClearing(): void {
    if (isWaiting) return;
    isWaiting = true;
    // Read now as well: a tab that is opened meanwhile leaves one again.
    const wasLeft = isCompanionLeft();
    setTimeout(() => {
      isWaiting = false;
      clearingIsOver(wasLeft && isCompanionLeft());
    }, clearingMsMax);
  }

  function clearingIsOver(companionLeft: boolean): void {
    // Somebody may have written it again.
    const isThere = valuesOf(recordName()).length > 0;
    const wasTaken = isRecordGone && !isThere;
    isRecordGone = false;
    if (isReplaced() || listener.isAbandoned()) listener.capabilitiesChanged();
    else if (wasTaken) listener.gone(companionLeft);
    else if (isThere && companionLeft) restoreKey();
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
    if (isFound && key) drop(recordName());
    [key = ''] = isFound ? keys() : [];
    return isFound;
  }

  return {
    async works() {
      const isWorking = (await isChangeReported()) && (await findKey());
      drop(probeName);
      if (isWorking && !hasLeftCompanion) stored(companion, '1');
      hasLeftCompanion ||= isWorking;
      return isWorking;
    },
    findsRecord() {
      [key = ''] = keys();
      return valuesOf(recordName()).length > 0;
    },
    getItem: () => valuesOf(recordName())[0] ?? null,
    setItem(_, value) {
      echo = value;
      restoreKey();
      put(recordName(), value);
      if (valuesOf(recordName())[0] !== value) throw new Error('too large');
      stored(companion, '1');
    },
  };
}

/**
 * Leaves the cookie for good. The new key comes first: hubs that are still in the cookie take what goes after it for
 * replaced, and not for cleared.
 */
export function abandonCookie({ keyCookie, recordCookie }: Names, jar: CookieJar): void {
  if (jar.valuesOf(keyCookie).length === 0) return;
  jar.put(keyCookie, newKey());
  const [start = '', end = ''] = recordCookie('/').split('/');
  const isRecord = (name: string) =>
    name.startsWith(start) && name.endsWith(end) && /^\d+$/.test(name.slice(start.length, name.length - end.length));
  for (const name of jar.names().filter(isRecord)) jar.drop(name);
}

const textOf = (value = '') => value.replace(mark, '');

function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(3)).join('');
}
