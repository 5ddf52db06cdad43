// Loads what only some pages need (later.ts), when one needs it.

import { LockstepError } from './errors.js';

type Later = typeof import('./later.js');

export type Late = {
  /** Calls `apply` once it is needed and loaded, unless the signal is aborted by then. */
  readonly use: (apply: (later: Later) => void, signal: AbortSignal, isNeeded?: () => boolean) => void;
  /** Something may be needed now. What could not be loaded is not tried again by this. */
  readonly load: () => Promise<void>;
  /** It may be possible to load now what has failed before. Engines of before 2026 may remember the failure. */
  readonly retry: () => void;
};

export function loadLater(): Promise<Later> {
  return import('./later.js').catch((cause) => {
    throw new LockstepError('timeout', 'A file did not load: see the cause.', { cause });
  });
}

export function createLate(failed: (error: unknown) => void): Late {
  const waiting = new Map<(later: Later) => void, () => boolean>();
  let hasFailed = false;

  async function load(): Promise<void> {
    if (hasFailed || ![...waiting.values()].some((isNeeded) => isNeeded())) return;
    try {
      const later = await loadLater();
      for (const [apply, isNeeded] of waiting) {
        if (!isNeeded()) continue;
        waiting.delete(apply);
        apply(later);
      }
    } catch (error) {
      hasFailed = true;
      failed(error);
    }
  }

  return {
    load,
    retry() {
      hasFailed = false;
      load();
    },
    use(apply, signal, isNeeded = () => true) {
      if (signal.aborted) return;
      waiting.set(apply, isNeeded);
      signal.addEventListener('abort', () => waiting.delete(apply));
      load();
    },
  };
}
