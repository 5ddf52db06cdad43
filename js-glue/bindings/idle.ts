// The idle countdown, as every binding counts it.

import type { Snapshot } from 'lockstep';

export type Idle = {
  /** The user is being warned. */
  readonly isWarned: boolean;
  /** Until the session ends; undefined where nobody is warned. */
  readonly secondsLeft: number | undefined;
  /** "I am still here": takes the warning back in every tab. */
  readonly stay: () => void;
};

/** When the session ends, in epoch ms; undefined where nobody is warned. */
export const warnedUntil = ({ idleWarning, idleAt }: Snapshot): number | undefined =>
  idleWarning ? idleAt : undefined;

export const secondsUntil = (endsAt: number | undefined, now = Date.now()): number | undefined =>
  endsAt === undefined ? undefined : Math.max(0, Math.ceil((endsAt - now) / 1_000));

/** Returns the function that ends it. */
export function everySecond(tick: () => void): () => void {
  const timer = setInterval(tick, 1_000);
  return () => clearInterval(timer);
}
