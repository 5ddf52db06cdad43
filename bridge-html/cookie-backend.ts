// A cookie of the hub's own host that behaves like a storage area with one value. It is used only where writing it,
// reading it and its change event have been seen to work.
//
// Its name begins with `__Host-`, which a browser lets only the hub's own host set, and has in it a key that only hubs
// know: the key is the value of a cookie of its own. So where a browser does not heed the prefix (WebKitGTK), a sibling
// host cannot name the record's cookie: it can neither lay a second one beside it nor raise events of it. All it can do
// is to lay a key, and that shows. SECURITY.md has the sequence. Which key is used, and what follows where a cookie
// goes, is decided by the core (wasm/core/cookie_key.hpp).

import type { Backend, HubModule, KeyEvent } from '#hub-module';
import type { CookieJar } from './cookie-jar.js';
import type { Names } from './names.js';
import { stored } from './own-storage.js';

/** A hundred times what a change event takes. */
const changeMsMax = 500;
const triesMax = 10;
/** More than a browser takes to clear the rest of what a user clears. */
const clearingMsMax = 1_000;

/** As wasm/core/cookie_key.hpp counts them. */
const probed = 0 satisfies KeyEvent;
const written = 1 satisfies KeyEvent;
const changeReported = 2 satisfies KeyEvent;
const changeMissed = 3 satisfies KeyEvent;
const keyWritten = 4 satisfies KeyEvent;
const keyDeleted = 5 satisfies KeyEvent;
const recordGone = 6 satisfies KeyEvent;
const clearingOver = 7 satisfies KeyEvent;
const storing = 8 satisfies KeyEvent;
const accessGranted = 9 satisfies KeyEvent;
const storeChanged = 10 satisfies KeyEvent;

/** At the end of a key it says no more than that somebody has written the key again. */
const mark = '~';

export type CookieBackend = Backend & {
  /** Whether it can be used now. */
  readonly works: () => Promise<boolean>;
  /** Whether a record is there, under the key that is there: for a hub that has a handle. */
  readonly findsRecord: () => Promise<boolean>;
  /** Leaves the cookie for good. */
  readonly abandon: () => Promise<void>;
};

export type CookieListener = {
  readonly written: (newValue: string) => void;
  /** `companionLeft`: what the user's clearing takes along is still there. */
  readonly gone: (companionLeft: boolean) => void;
  readonly capabilitiesChanged: () => void;
  /** Whether others use another store, so that the cookie counts for nobody. */
  readonly isAbandoned: () => boolean;
};

/** `module`: need not have made its hub. What can be seen without it is seen before it is there. */
export function openCookieBackend(
  module: Promise<HubModule>,
  { keyCookie: keyName, probeCookie: probeName, recordCookie, companion }: Names,
  { valuesOf, names, put, drop, watch }: CookieJar,
  listener: CookieListener,
): CookieBackend {
  /** What is reported before the module is there is seen when it is. */
  let core: HubModule | undefined;
  let key = '';
  /**
   * What this hub wrote last, until another value has been reported: the browser reports a write to the writer as well.
   */
  let echo: string | undefined;
  let probeChanged: ((value?: string) => void) | undefined;
  let keyFound: ((isFound: boolean) => void) | undefined;

  const recordName = () => recordCookie(key);

  watch((name, value) => {
    if (name === probeName) probeChanged?.(value);
    else if (name === keyName) see(value === undefined ? keyDeleted : keyWritten, value);
    else if (name === recordName()) recordChanged(value);
  });

  function recordChanged(value: string | undefined): void {
    if (value !== undefined && value === echo) return;
    echo = undefined;
    if (value !== undefined) listener.written(value);
    else see(recordGone);
  }

  function see(event: KeyEvent, value = ''): void {
    const isRecordLeft = valuesOf(recordName()).length > 0;
    const isCompanionLeft = stored(companion) !== null;
    const bits = +isRecordLeft | (+isCompanionLeft << 1) | (+listener.isAbandoned() << 2);
    const values = valuesOf(keyName).map((each) => `${each};`);
    core?.cookieKeySeen(event, bits, values.join(''), value, { perform });
  }

  function perform(acts: number, text: string): void {
    performers.forEach((act, index) => {
      if (acts & (1 << index)) act(text);
    });
  }

  /** In the order of KeyAct. */
  const performers: readonly ((key: string) => void)[] = [
    (plain) => put(keyName, plain),
    (plain) => put(keyName, plain + mark),
    () => put(keyName, crypto.getRandomValues(new Uint32Array(3)).join('') + mark),
    () => see(written),
    () => isChangeReported().then((is) => see(is ? changeReported : changeMissed)),
    () => drop(recordName()),
    (next) => {
      key = next;
      keyFound?.(key !== '');
    },
    () => stored(companion, '1'),
    listener.capabilitiesChanged,
    () => setTimeout(see, clearingMsMax, clearingOver),
    () => listener.gone(true),
    () => listener.gone(false),
    dropRecords,
  ];

  function dropRecords(): void {
    const [start = '', end = ''] = recordCookie('/').split('/');
    const isRecord = (name: string) =>
      name.startsWith(start) && name.endsWith(end) && /^\d+$/.test(name.slice(start.length, name.length - end.length));
    for (const name of names().filter(isRecord)) drop(name);
  }

  /**
   * WebKit may neither report nor show what is written right after the listener was added, but it does so with what is
   * written next.
   */
  async function isChangeReported(): Promise<boolean> {
    const until = performance.now() + changeMsMax;
    let found: number;
    do {
      const reported = new Promise<boolean>((resolve) => {
        probeChanged = () => resolve(true);
        setTimeout(resolve, changeMsMax / triesMax, false);
      });
      put(probeName, `${Math.random()}`);
      const isReported = await reported;
      found = valuesOf(probeName).length;
      if (isReported && found === 1) return true;
    } while (performance.now() < until && found < 2);
    // A busy browser reports the change later; another host's cookie goes. As long as that is there nothing else
    // counts: two hubs would have each other probe without end.
    probeChanged = (value) => {
      if (found > 1 ? valuesOf(probeName).length > 0 : value === undefined) return;
      probeChanged = undefined;
      listener.capabilitiesChanged();
    };
    return false;
  }

  async function findKey(): Promise<boolean> {
    core = await module;
    return new Promise((resolve) => {
      keyFound = resolve;
      see(probed);
    });
  }

  return {
    async works() {
      const isWorking = (await isChangeReported()) && (await findKey());
      drop(probeName);
      return isWorking;
    },
    async findsRecord() {
      core = await module;
      see(accessGranted);
      return key !== '' && valuesOf(recordName()).length > 0;
    },
    async abandon() {
      core = await module;
      see(storeChanged);
    },
    getItem: () => valuesOf(recordName())[0] ?? null,
    setItem(_, value) {
      echo = value;
      see(storing);
      put(recordName(), value);
      if (valuesOf(recordName())[0] !== value) throw new Error('too large');
    },
  };
}
