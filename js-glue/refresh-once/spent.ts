// Which value has been refreshed, for the tabs that still read it. A browser gives the lock to the next tab at once,
// but shows it another process's write to localStorage some milliseconds later; the token that it reads then is used
// up. IndexedDB has one order for all processes. It keeps a hash, and no token.

const storeName = 'spent';

/** Of any value that JSON can say. */
export async function hashOf(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return btoa(String.fromCharCode(...digest));
}

/** Undefined where the browser blocks storage: then there is nothing that another tab could have written. */
export function readSpent(name: string): Promise<string | undefined> {
  return inStore('readonly', (store) => store.get(name)).catch(() => undefined) as Promise<string | undefined>;
}

/** Resolves once every tab reads it. */
export async function writeSpent(name: string, hash: string): Promise<void> {
  await inStore('readwrite', (store) => store.put(hash, name)).catch(() => {});
}

async function inStore(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const opening = indexedDB.open('lockstep-refresh', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(storeName);
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  try {
    const transaction = database.transaction(storeName, mode);
    const request = act(transaction.objectStore(storeName));
    return await new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    // An open database could keep the page out of the back-forward cache.
    database.close();
  }
}
