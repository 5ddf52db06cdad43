// Bounds on how often something may be done.

import type { LogEntry } from './options.js';

/** A token bucket: says whether there is room for one more, at `perSecond` on average and as many at once. */
export function createLimiter(perSecond: number, now: () => number): () => boolean {
  let room = perSecond;
  let last = now();
  return () => {
    const at = now();
    room = Math.min(perSecond, room + (Math.max(0, at - last) / 1_000) * perSecond);
    last = at;
    if (room < 1) return false;
    room -= 1;
    return true;
  };
}

const keysMax = 10_000;

/** One for each key. Where there are too many keys, the one is forgotten that was not used for the longest time. */
export function createLimiters(perSecond: number, now: () => number): (key: string) => boolean {
  const limiters = new Map<string, () => boolean>();
  return (key) => {
    const limiter = limiters.get(key) ?? createLimiter(perSecond, now);
    limiters.delete(key);
    limiters.set(key, limiter);
    const [oldest] = limiters.keys();
    if (limiters.size > keysMax && oldest !== undefined) limiters.delete(oldest);
    return limiter();
  };
}

/** Whoever is refused could otherwise fill the disk. What `isFree` names is always written. */
export function limitedLog(
  log: (entry: LogEntry) => void,
  isFree: (entry: LogEntry) => boolean,
  now: () => number,
): (entry: LogEntry) => void {
  const mayLog = createLimiters(logsPerSecond, now);
  return (entry) => {
    if (isFree(entry) || mayLog(entry.event)) log(entry);
  };
}

/** Of each kind of event. */
const logsPerSecond = 10;
