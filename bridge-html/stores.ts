// The areas in which a hub can keep its record, and what the browser proves about each by letting it be written and read. It finds out; which
// one is used, and what that means, is C++'s to say (wasm/core/scope.cpp).
//
// FACTS these tries rest on, all measured: Chromium gives a handle of the first party's storage, without a gesture where third-party cookies are
// allowed or the user has agreed before; Firefox and WebKit give cookies alone, and split storage by site or by origin. `hasStorageAccess`
// says whether the cookies are the first party's, and nothing about storage.

import type { Area, Asking, Handle, Medium, Placement } from '#hub-module';
import { type CookieArea, openCookieArea } from './cookie_area.js';
import type { KeptEnds } from './kept_end.js';

/** Chromium's; not a global, so that only asking tells. */
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
const ownArea = 1 satisfies Handle;
const firstParty = 2 satisfies Handle;
const possible = 0 satisfies Asking;
const denied = 1 satisfies Asking;
const useless = 2 satisfies Asking;

/** Of the sign by which a storage is known again. It stays as long as the tab. */
const signKey = 'lockstep-sign';
/** The top-level origins that were seen above hubs of this area: the first one, or `*` for more. */
const topKey = 'lockstep-top';
/** The user has pressed the button, and the browser has said no. Chromium and Firefox keep that to themselves, and WebKit has no word for it. */
const refusedKey = 'lockstep-refused';

export type Stores = {
  readonly area: () => Area;
  readonly use: (medium: Medium) => void;
  /** What duties need; missing where they would not reach everybody that the record does. */
  readonly locks: () => LockManager | undefined;
  readonly keptEnds: () => KeptEnds;
  /** A placement's bits. */
  readonly look: () => Promise<number>;
  /** The same, in the user's gesture. */
  readonly ask: () => Promise<number>;
};

/** As wasm/browser/exports.cpp reads it. */
export function bitsOf({ handle, asking, cookie, metOtherTop, parentIsTop }: Placement): number {
  return handle | (asking << 2) | (+cookie << 4) | (+metOtherTop << 5) | (+parentIsTop << 6);
}

export type StoreListener = {
  /** The record in the cookie: what it is now, or null when it is gone. */
  readonly written: (area: Area, newValue: string | null) => void;
  /** What `look` shows may be another thing now. */
  readonly moved: () => void;
};

/** `sameSite`: what the cookie is to be marked with. */
export function openStores(sameSite: string, listener: StoreListener): Stores {
  const hub = document as AskingDocument;
  let handle: StorageAccessHandle | undefined;
  let shown: Handle = noHandle;
  let cookieArea: CookieArea | undefined;
  let medium: Medium = inLocalStorage;
  /** Asking for it takes longer than reading from it. Where it is refused it is asked for again: a user may unblock it. */
  let own: Storage | undefined;

  const ownsCookies = () => hub.hasStorageAccess?.().catch(() => false);

  /**
   * Whether the browser has given what it can give. Rejected at once where it wants a gesture: then nobody is asked. Where the first party's
   * storage is the frame's own nothing more is taken: of two ways to one area each would tell of every write.
   */
  async function request(): Promise<boolean> {
    if (!isSecureContext || !hub.requestStorageAccess) return false;
    try {
      const theirs = (await hub.requestStorageAccess({ sessionStorage: true }))?.sessionStorage;
      if (theirs && isOwn(theirs)) shown = ownArea;
      else if (theirs) {
        handle = await hub.requestStorageAccess({ localStorage: true, indexedDB: true, locks: true });
        shown = firstParty;
      }
      return true;
    } catch {
      return false;
    }
  }

  async function cookieWorks(): Promise<boolean> {
    if (!isSecureContext || !window.cookieStore || !(await ownsCookies())) return false;
    // One that is not in use may be of use now.
    const written = (text: string | null) => (medium === inCookie ? listener.written(area(), text) : listener.moved());
    cookieArea ??= openCookieArea(sameSite, { ...listener, written });
    return cookieArea.works();
  }

  /** One at a time: two tries at once would take each other's signs for their own. */
  let last: Promise<unknown> = Promise.resolve();
  function placement(granted: boolean): Promise<number> {
    const next = last.then(() => placementNow(granted));
    last = next;
    return next;
  }

  async function placementNow(granted: boolean): Promise<number> {
    const cookie = shown === noHandle && (await cookieWorks());
    const isProven = shown !== noHandle || cookie;
    return bitsOf({
      handle: shown,
      cookie,
      metOtherTop: !isProven && metOtherTop(Array.from(location.ancestorOrigins ?? []).at(-1)),
      asking: granted || isProven ? useless : await asking(),
      parentIsTop: window.parent === window.top,
    });
  }

  async function asking(): Promise<Asking> {
    if (!isSecureContext || !hub.requestStorageAccess) return useless;
    // Where the user forbids all storage, or cookies are the first party's already and still do not carry the record, nothing more can be had.
    if (isForbidden() || (await ownsCookies())) return useless;
    return kept(refusedKey) || (await permission())?.state === 'denied' ? denied : possible;
  }

  function area(): Area {
    if (medium === inHandle && handle?.localStorage) return handle.localStorage;
    if (medium === inCookie && cookieArea) return cookieArea;
    own ??= localStorage;
    return own;
  }

  // A yes or no that the user gives in another tab counts here, too.
  permission()?.then((status) => status?.addEventListener('change', listener.moved));
  addEventListener('storage', ({ key }) => {
    if (key === topKey || key === refusedKey) listener.moved();
  });

  return {
    area,
    use(next) {
      medium = next;
    },
    locks() {
      if (medium === inCookie) return;
      return medium === inHandle ? handle?.locks : navigator.locks;
    },
    // An end belongs to the area whose revisions it bears, and a cookie has none of its own.
    keptEnds: () => ({
      factory: (medium === inHandle && handle?.indexedDB) || indexedDB,
      key: medium === inCookie ? 'cookie' : 'last',
    }),
    look: () => request().then(placement),
    async ask() {
      const granted = await request();
      if (!granted) kept(refusedKey, '1');
      return placement(granted);
    },
  };
}

function permission(): Promise<PermissionStatus | undefined> | undefined {
  const name = 'storage-access' as PermissionName;
  return navigator.permissions?.query({ name }).catch(() => undefined);
}

/** In the frame's own area; null where that may not be used. */
function kept(key: string, value?: string): string | null {
  try {
    if (value) localStorage.setItem(key, value);
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Areas of one key of storage are one in both kinds, and this kind tells nobody. Where the frame's own may not be used, the other is better anyway. */
function isOwn(theirs: Storage): boolean {
  const sign = String(Math.random());
  try {
    sessionStorage.setItem(signKey, sign);
    return theirs.getItem(signKey) === sign;
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

/** Written once by the first hub of an area, and once by the first below another top: a mark, no list of where the user has been. */
function metOtherTop(top: string | undefined): boolean {
  const seen = kept(topKey);
  if (top && seen !== top && seen !== '*') kept(topKey, seen ? '*' : top);
  return kept(topKey) === '*';
}
