// Loads what only some pages need (later.ts), when one needs it.

import { LockstepError } from './errors.js';

type Later = typeof import('./later.js');

export type Late = {
  /** Calls `apply` once it is needed and loaded, unless the signal is aborted by then. */
  readonly use: (apply: (later: Later) => void, signal: AbortSignal, isNeeded?: () => boolean) => void;
  /** Something may be needed now, or can be loaded now where that has failed before. */
  readonly load: () => Promise<void>;
};

export function loadLater(): Promise<Later> {
  return import('./later.js').catch((cause) => {
    throw new LockstepError('timeout', 'A file did not load: see the cause.', { cause });
  });
}

export function createLate(failed: (error: unknown) => void): Late {
  const waiting = new Map<(later: Later) => void, () => boolean>();

  async function load(): Promise<void> {
    if (![...waiting.values()].some((isNeeded) => isNeeded())) return;
    try {
      const later = await loadLater();
      for (const [apply, isNeeded] of waiting) {
        if (!isNeeded()) continue;
        waiting.delete(apply);
        apply(later);
      }
    } catch (error) {
      failed(error);
    }
  }

  return {
    load,
    use(apply, signal, isNeeded = () => true) {
      waiting.set(apply, () => !signal.aborted && isNeeded());
      load();
    },
  };
}
