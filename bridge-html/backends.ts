// The backends in which a hub can keep its record, and the probe: what the browser proves about each by letting it be
// written and read. The core decides which one is used, and what that means (wasm/core/scope.cpp).
//
// The probe rests on measured facts. Chromium gives a handle of the first party's storage, without a gesture where
// third-party cookies are allowed or the user has agreed before; Firefox and WebKit give cookies alone, and split
// storage by site or by origin. `hasStorageAccess` says whether the cookies are the first party's, and nothing about
// storage.

import type { Asking, Backend, Handle, HubModule, Medium, StorageCapabilities } from '#hub-module';
import { isBrowserStart } from './browser-start.js';
import { type CookieBackend, type CookieListener, openCookieBackend } from './cookie-backend.js';
import { cookieJar } from './cookie-jar.js';
import type { Names } from './names.js';
import { watchTops } from './other-tops.js';
import { stored } from './own-storage.js';
import { openStoreMark } from './store-mark.js';
import type { TombstonePlace } from './tombstone.js';

/** Chromium's; not a global, so that only a request shows whether it is there. */
export type StorageAccessHandle = {
  readonly sessionStorage?: Storage;
  readonly localStorage?: Storage;
  readonly locks?: LockManager;
  readonly indexedDB?: IDBFactory;
};
type AskingDocument = Document & {
  requestStorageAccess?: (types?: Readonly<Record<string, true>>) => Promise<StorageAccessHandle | undefined>;
};

/** As wasm/core/scope.hpp counts them. */
const inLocalStorage = 0 satisfies Medium;
const inHandle = 1 satisfies Medium;
const inCookie = 2 satisfies Medium;
const noHandle = 0 satisfies Handle;
const ownStorage = 1 satisfies Handle;
const firstParty = 2 satisfies Handle;
const possible = 0 satisfies Asking;
const denied = 1 satisfies Asking;
const useless = 2 satisfies Asking;

export type Backends = {
  /**
   * Of a hub that starts, after its probe: whether it is the first since the browser was started. Says so once.
   * `endsSession`: it ends the session then, so that others are asked.
   */
  readonly isBrowserStart: (endsSession: boolean) => Promise<boolean>;
  /** The backend in use; throws where the browser refuses it. */
  readonly current: () => Backend;
  readonly use: (medium: Medium) => void;
  /** The storage that the widest number of this hub's documents have in common; throws where it is refused. */
  readonly widestStorage: () => Storage;
  readonly markStore: () => void;
  readonly abandonCookie: () => void;
  /** What duties need; missing where a lock would not reach everybody that the record reaches. */
  readonly locks: () => LockManager | undefined;
  /** What the stream needs: where a lock reaches fewer than the record, each part has a stream. */
  readonly streamLocks: () => LockManager | undefined;
  readonly tombstones: () => TombstonePlace;
  /** Storage capabilities, as bits. */
  readonly probe: () => Promise<number>;
  /** The same, in the user's gesture. */
  readonly ask: () => Promise<number>;
};

/** As wasm/browser/exports.cpp reads them. */
export function bitsOf({ handle, asking, ...flags }: StorageCapabilities): number {
  const { cookie, metOtherTop, parentIsTop, marked, markedElsewhere, recordInCookie } = flags;
  const bits = [cookie, metOtherTop, parentIsTop, marked, markedElsewhere, recordInCookie];
  return bits.reduce((all, bit, index) => all | (+bit << (index + 4)), handle | (asking << 2));
}

export type BackendListener = {
  /** The record in the cookie is another now. */
  readonly written: (backend: Backend, newValue: string) => void;
  /** The record's cookie is gone. `companionLeft`: what the user's clearing takes along is still there. */
  readonly cookieGone: (companionLeft: boolean) => void;
  /** What `probe` finds may be something else now. */
  readonly capabilitiesChanged: () => void;
};

/** `sameSite`: what cookies are to be marked with. `module`: see cookie-backend.ts. */
export function openBackends(
  names: Names,
  sameSite: string,
  module: Promise<HubModule>,
  listener: BackendListener,
): Backends {
  const hub = document as AskingDocument;
  let handle: StorageAccessHandle | undefined;
  let proven: Handle = noHandle;
  let cookieBackend: CookieBackend | undefined;
  let medium: Medium = inLocalStorage;
  /** Whether the last probe has shown that others use another store. */
  let isApart = false;
  const jar = cookieJar(sameSite);
  const mark = openStoreMark(names, jar, sameSite, listener.capabilitiesChanged);
  const hasMetOtherTop = watchTops(names, listener.capabilitiesChanged);

  /** Elsewhere nothing reports that a cookie has changed, and no hub has ever used one. */
  const reportsCookies = isSecureContext && !!window.cookieStore;
  const openedCookie = () => (cookieBackend ??= openCookieBackend(module, names, jar, cookieListener));
  const ownsCookies = () => hub.hasStorageAccess?.().catch(() => false);

  /**
   * Whether the browser has given what it can give. Rejected at once where it wants a gesture: then nobody is asked.
   * Where the first party's storage is the frame's own nothing more is taken: of two ways to one storage each would
   * report every write.
   */
  async function request(): Promise<boolean> {
    if (!isSecureContext || !hub.requestStorageAccess) return false;
    try {
      const theirs = (await hub.requestStorageAccess({ sessionStorage: true }))?.sessionStorage;
      if (theirs && isOwn(names, theirs)) proven = ownStorage;
      else if (theirs) {
        handle = await hub.requestStorageAccess({ localStorage: true, indexedDB: true, locks: true });
        proven = firstParty;
      }
      return true;
    } catch {
      return false;
    }
  }

  async function cookieWorks(): Promise<boolean> {
    return reportsCookies && !!(await ownsCookies()) && openedCookie().works();
  }

  /** Of hubs that came first and had no handle. A browser that has handles lets no stranger set such a cookie. */
  async function isRecordInCookie(): Promise<boolean> {
    return reportsCookies && openedCookie().findsRecord();
  }

  const cookieListener: CookieListener = {
    written(text) {
      if (medium === inCookie) listener.written(current(), text);
      else listener.capabilitiesChanged(); // one that is not in use may be of use now
    },
    gone(companionLeft) {
      if (medium === inCookie) listener.cookieGone(companionLeft);
      else listener.capabilitiesChanged();
    },
    capabilitiesChanged: listener.capabilitiesChanged,
    isAbandoned: () => mark.isOwn() || mark.isSomewhere(),
  };

  /**
   * One at a time: two probes at once would take each other's signs for their own. One that failed blocks none after
   * it.
   */
  let last: Promise<unknown> = Promise.resolve();
  function probe(granted: boolean): Promise<number> {
    const next = last.catch(() => undefined).then(() => probeNow(granted));
    last = next;
    return next;
  }

  async function probeNow(granted: boolean): Promise<number> {
    const hasHandle = proven !== noHandle;
    const marked = hasHandle ? mark.isComplete(firstPartyStorage) : mark.isOwn();
    const markedElsewhere = !hasHandle && !marked && mark.isSomewhere();
    isApart = markedElsewhere;
    // Tried only where it could be of use: to try it leaves a key behind.
    const cookie = !hasHandle && !marked && !markedElsewhere && (await cookieWorks());
    const isProven = hasHandle || marked || cookie;
    return bitsOf({
      handle: proven,
      marked,
      markedElsewhere,
      recordInCookie: hasHandle && !marked && (await isRecordInCookie()),
      cookie,
      metOtherTop: !isProven && hasMetOtherTop(),
      asking: granted || isProven ? useless : await asking(),
      parentIsTop: window.parent === window.top,
    });
  }

  async function asking(): Promise<Asking> {
    if (!isSecureContext || !hub.requestStorageAccess) return useless;
    // Nothing more can be had where the user forbids all storage, or where cookies are the first party's already and
    // still do not carry the record.
    if (isForbidden() || (await ownsCookies())) return useless;
    return stored(names.refused) === '1' || (await permission())?.state === 'denied' ? denied : possible;
  }

  /** As the handle has shown it. */
  const firstPartyStorage = () => (proven === firstParty && handle?.localStorage) || localStorage;

  function current(): Backend {
    if (medium === inHandle && handle?.localStorage) return handle.localStorage;
    if (medium === inCookie && cookieBackend) return cookieBackend;
    return localStorage;
  }

  // A yes or no that the user gives in another tab counts here, too.
  permission()?.then((status) => status?.addEventListener('change', listener.capabilitiesChanged));
  addEventListener('storage', ({ key }) => {
    if (key === names.refused) listener.capabilitiesChanged();
  });
  // Firefox and WebKit drop what is reported while a page is in the back-forward cache.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) listener.capabilitiesChanged();
  });

  const widestLocks = () => (medium === inHandle ? handle?.locks : navigator.locks);

  return {
    // The cookie is about the store of all others; who has another leaves it to them.
    isBrowserStart: async (endsSession) => !isApart && isBrowserStart(names, jar, endsSession),
    current,
    use(next) {
      medium = next;
    },
    widestStorage: firstPartyStorage,
    markStore: () => mark.leave(firstPartyStorage()),
    abandonCookie: () => void (reportsCookies && openedCookie().abandon()),
    locks: () => (medium === inCookie ? undefined : widestLocks()),
    streamLocks: widestLocks,
    // A tombstone belongs to the backend whose revisions it bears, and a cookie has no database of its own.
    tombstones: () => ({
      factory: (medium === inHandle && handle?.indexedDB) || indexedDB,
      database: names.database,
      key: medium === inCookie ? 'cookie' : 'last',
    }),
    probe: () => request().then(probe),
    async ask() {
      const granted = await request();
      // A later yes undoes an earlier no. (The key is written, never removed: R10.)
      if (!granted || stored(names.refused) !== null) stored(names.refused, granted ? '0' : '1');
      return probe(granted);
    },
  };
}

function permission(): Promise<PermissionStatus | undefined> | undefined {
  const name = 'storage-access' as PermissionName;
  return navigator.permissions?.query({ name }).catch(() => undefined);
}

/** Both kinds of storage are split alike, and writes to this kind are reported to nobody. */
function isOwn(names: Names, theirs: Storage): boolean {
  const sign = String(Math.random());
  try {
    sessionStorage.setItem(names.sign, sign);
    return theirs.getItem(names.sign) === sign;
  } catch {
    return false;
  }
}

function isForbidden(): boolean {
  try {
    return !localStorage;
  } catch {
    return true;
  }
}
