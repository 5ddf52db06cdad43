// Joins questions that come at the same time into few calls of the bus: thousands of browsers that come back at once
// are some dozens of calls.

import type { Channel } from './channel.js';

type Latest = readonly (number | undefined)[];
type Question = {
  readonly channels: readonly Channel[];
  readonly resolve: (latest: Latest) => void;
  readonly reject: (cause: unknown) => void;
};

export const batchChannelsMax = 1_000;

/** Where one call fails, all that waits fails with it: a bus that is unavailable must not be waited for in a row. */
export function batched(read: (channels: readonly Channel[]) => Promise<Latest>) {
  let waiting: Question[] = [];
  let isRunning = false;

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = take();
      try {
        const latest = await read(batch.flatMap(({ channels }) => channels));
        let start = 0;
        for (const { channels, resolve } of batch) {
          resolve(latest.slice(start, start + channels.length));
          start += channels.length;
        }
      } catch (cause) {
        const failed = [...batch, ...waiting];
        waiting = [];
        for (const { reject } of failed) reject(cause);
      }
    }
    isRunning = false;
  };

  const take = (): readonly Question[] => {
    let count = 0;
    const end = waiting.findIndex(({ channels }) => {
      count += channels.length;
      return count > batchChannelsMax;
    });
    // One question always fits: it has three channels at most.
    return waiting.splice(0, end === -1 ? waiting.length : Math.max(end, 1));
  };

  return (channels: readonly Channel[]): Promise<Latest> =>
    new Promise((resolve, reject) => {
      waiting.push({ channels, resolve, reject });
      if (isRunning) return;
      isRunning = true;
      setImmediate(() => void run());
    });
}
