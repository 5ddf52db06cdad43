// What one tab of an origin does for all of them.

/**
 * Acts in one tab. In the others it resolves with false at once, or waits for its turn where a signal is given, until
 * that is aborted. Where the browser has no locks, as on plain http, each tab acts.
 */
export async function inOneTab(name: string, act: () => Promise<void>, signal?: AbortSignal): Promise<boolean> {
  if (!navigator.locks) {
    await act();
    return true;
  }
  return navigator.locks.request(name, signal ? { signal } : { ifAvailable: true }, async (lock) => {
    if (lock) await act();
    return lock !== null;
  });
}
