// In the place of a lock where the browser has none: on plain http, but for loopback. A tab writes its name into
// localStorage and holds the lease if that is still there a moment later. It is weaker than a lock: two tabs that write
// at once, while one of them sees the other's write later than after `settleMs`, both hold it; and the lease of a tab
// that crashed ends only with its time.

/** Longer than browsers take to show one tab's write to another, on a machine that is not overloaded. */
const settleMs = 100;
const retryMs = 100;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Rejects with the reason of `signal` while it waits. Where the browser blocks storage there is nothing to share. */
export async function withLease<Result>(
  name: string,
  act: () => Promise<Result>,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Result> {
  const key = `${name} lease`;
  const owner = Math.random().toString(36).slice(2);
  const holder = () => localStorage.getItem(key)?.split(' ') ?? [];
  try {
    holder();
  } catch {
    return act();
  }
  for (;;) {
    signal.throwIfAborted();
    const [, from, until] = holder();
    const now = Date.now();
    // One that begins later than now was written before the clock was set back.
    if (!(Number(from) <= now && now <= Number(until))) {
      localStorage.setItem(key, `${owner} ${now} ${now + settleMs + timeoutMs}`);
      await pause(settleMs);
      if (holder()[0] === owner) break;
    }
    await pause(retryMs);
  }
  try {
    return await act();
  } finally {
    if (holder()[0] === owner) localStorage.removeItem(key);
  }
}
