// The frame's own localStorage, which the user may forbid.

/** Writes where there is a value. Null where there is none, and where the storage may not be used. */
export function stored(key: string, value?: string): string | null {
  try {
    if (value) localStorage.setItem(key, value);
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
