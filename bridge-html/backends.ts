// The backends in which a hub can keep its record, and the probe: what the browser proves about each by letting it be
// written and read. The core decides which one is used, and what that means (wasm/core/scope.cpp).
//
// The probe rests on measured facts. Chromium gives a handle of the first party's storage, without a gesture where
// third-party cookies are allowed or the user has agreed before; Firefox and WebKit give cookies alone, and split
// storage by site or by origin. `hasStorageAccess` says whether the cookies are the first party's, and nothing about
// storage.

import type { Asking, Backend, Handle, Medium, StorageCapabilities } from '#hub-module';
import { type CookieBackend, openCookieBackend } from './cookie-backend.js';
import type { Names } from './names.js';
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
  /** The backend in use; throws where the browser refuses it. */
  readonly current: () => Backend;
  readonly use: (medium: Medium) => void;
  /** What duties need; missing where a lock would not reach everybody that the record reaches. */
  readonly locks: () => LockManager | undefined;
  readonly tombstones: () => TombstonePlace;
  /** Storage capabilities, as bits. */
  readonly probe: () => Promise<number>;
  /** The same, in the user's gesture. */
  readonly ask: () => Promise<number>;
};

/** As wasm/browser/exports.cpp reads them. */
export function bitsOf({ handle, asking, cookie, metOtherTop, parentIsTop }: StorageCapabilities): number {
  return handle | (asking << 2) | (+cookie << 4) | (+metOtherTop << 5) | (+parentIsTop << 6);
}

export type BackendListener = {
  /** The record in the cookie: what it is now, or null when it is gone. */
  readonly written: (backend: Backend, newValue: string | null) => void;
  /** What `probe` finds may be something else now. */
  readonly capabilitiesChanged: () => void;
};

/** `sameSite`: what the cookie is to be marked with. */
export function openBackends(names: Names, sameSite: string, listener: BackendListener): Backends {
  const hub = document as AskingDocument;
  let handle: StorageAccessHandle | undefined;
  let proven: Handle = noHandle;
  let cookieBackend: CookieBackend | undefined;
  let medium: Medium = inLocalStorage;

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
    if (!isSecureContext || !window.cookieStore || !(await ownsCookies())) return false;
    const written = (text: string | null) => {
      if (medium === inCookie) listener.written(current(), text);
      else listener.capabilitiesChanged(); // one that is not in use may be of use now
    };
    const { capabilitiesChanged } = listener;
    cookieBackend ??= openCookieBackend(names, sameSite, { written, capabilitiesChanged });
    return cookieBackend.works();
  }

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
    const cookie = proven === noHandle && (await cookieWorks());
    const isProven = proven !== noHandle || cookie;
    return bitsOf({
      handle: proven,
      cookie,
      metOtherTop: !isProven && metOtherTop(names, Array.from(location.ancestorOrigins ?? []).at(-1)),
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

  function current(): Backend {
    if (medium === inHandle && handle?.localStorage) return handle.localStorage;
    if (medium === inCookie && cookieBackend) return cookieBackend;
    return localStorage;
  }

  // A yes or no that the user gives in another tab counts here, too.
  permission()?.then((status) => status?.addEventListener('change', listener.capabilitiesChanged));
  addEventListener('storage', ({ key }) => {
    if (key === names.top || key === names.refused) listener.capabilitiesChanged();
  });

  return {
    current,
    use(next) {
      medium = next;
    },
    locks() {
      if (medium === inCookie) return;
      return medium === inHandle ? handle?.locks : navigator.locks;
    },
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

/** In the frame's own storage; null where that may not be used. */
function stored(key: string, value?: string): string | null {
  try {
    if (value) localStorage.setItem(key, value);
    return localStorage.getItem(key);
  } catch {
    return null;
  }
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

/**
 * Written once by the first hub of a storage, and once by the first below another top: a mark, no list of where the
 * user has been.
 */
function metOtherTop(names: Names, top: string | undefined): boolean {
  const seen = stored(names.top);
  if (top && seen !== top && seen !== '*') stored(names.top, seen ? '*' : top);
  return stored(names.top) === '*';
}
