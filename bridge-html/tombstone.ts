// The durable tombstone: the last ended record, stored where a killed browser does not lose it (R12). Chromium may drop
// the localStorage writes of the last minute, while a strict IndexedDB transaction is on disk when it completes.
// PROTOCOL.md §4.6 names the places. No connection stays open, so a page in the back-forward cache holds nothing.

const storeName = 'ends';
/** limits::tombstone_wait_ms_max: a logout does not wait longer for a disk that does not answer. */
const waitMsMax = 1_000;

/** Where the tombstone of one backend is stored. */
export type TombstonePlace = {
  readonly factory: IDBFactory;
  readonly database: string;
  readonly key: 'last' | 'cookie';
};

/** Resolves with null when there is no tombstone, or none can be read in time. `late` gets one that is read later. */
export function readTombstone(place: TombstonePlace, late: (text: string) => void): Promise<string | null> {
  return withinWait(
    place,
    async (database) => {
      const value: unknown = await done(database.transaction(storeName).objectStore(storeName).get(place.key));
      return typeof value === 'string' ? value : null;
    },
    () => null,
    (text) => {
      if (text !== null) late(text);
    },
  );
}

/** Resolves when the tombstone is on disk, or could not be put there in time. */
export function storeTombstone(place: TombstonePlace, text: string): Promise<void> {
  return withinWait(
    place,
    (database) => {
      const transaction = database.transaction(storeName, 'readwrite', { durability: 'strict' });
      transaction.objectStore(storeName).put(text, place.key);
      // Sent off at once: a page that navigates away right after the logout must not take the transaction with it.
      transaction.commit();
      return completed(transaction);
    },
    () => undefined,
  );
}

async function withinWait<T>(
  place: TombstonePlace,
  use: (database: IDBDatabase) => Promise<T>,
  otherwise: () => T,
  late?: (used: T) => void,
): Promise<T> {
  const used = open(place).then(async (database) => {
    try {
      return await use(database);
    } finally {
      database.close();
    }
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waited = new Promise<T>((resolve) => {
    timer = setTimeout(() => {
      resolve(otherwise());
      used.then(late, () => undefined);
    }, waitMsMax);
  });
  try {
    return await Promise.race([used, waited]);
  } catch {
    // No IndexedDB, or not now (storage blocked, disk full): the end is stored in the record alone.
    return otherwise();
  } finally {
    clearTimeout(timer);
  }
}

async function open({ factory, database }: TombstonePlace): Promise<IDBDatabase> {
  const request = factory.open(database, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(storeName);
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
