// The ends that one process remembers: for each channel the latest, for a time to live, and no more than a number of
// them. Where there is no room the one goes that came first, because it is the one whose sessions have had the longest
// time to learn of it.

import type { Channel } from './channel.js';

export type EpochMs = number;

/** Whoever is on `channel`, and was there at `at`, has ended. */
export type End = { readonly channel: Channel; readonly at: EpochMs };

export type Recent = {
  /** Keeps the later of two ends of a channel. */
  readonly add: (end: End) => void;
  readonly latest: (channel: Channel) => EpochMs | undefined;
  /** All that have not expired, the oldest first. */
  readonly all: () => readonly End[];
  readonly size: () => number;
};

export type RecentOptions = {
  readonly ttlMs: number;
  readonly endsMax: number;
  readonly now: () => EpochMs;
};

export function createRecent({ ttlMs, endsMax, now }: RecentOptions): Recent {
  // A Map iterates in the order of insertion, and `add` inserts anew: the first is always the oldest.
  const ends = new Map<Channel, EpochMs>();
  const hasExpired = (at: EpochMs): boolean => at + ttlMs <= now();

  const dropOld = (): void => {
    for (const [channel, at] of ends) {
      if (ends.size <= endsMax && !hasExpired(at)) return;
      ends.delete(channel);
    }
  };

  return {
    add: ({ channel, at }) => {
      const before = ends.get(channel);
      if (before !== undefined && before >= at) return;
      ends.delete(channel);
      ends.set(channel, at);
      dropOld();
    },
    latest: (channel) => {
      const at = ends.get(channel);
      return at === undefined || hasExpired(at) ? undefined : at;
    },
    all: () => {
      dropOld();
      return [...ends].map(([channel, at]) => ({ channel, at }));
    },
    size: () => ends.size,
  };
}
