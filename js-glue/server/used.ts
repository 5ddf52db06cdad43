// Which tokens were used. A token is accepted once; one that was answered with "send it again" was not accepted, even
// where the bus took its id and failed after that.

import type { Channel } from './channel.js';
import type { Ends } from './ends.js';
import { Refusal } from './errors.js';
import type { EpochMs } from './recent.js';

export type Accepted = {
  readonly ends: readonly Channel[];
  /** Under which it is kept that the token was accepted. */
  readonly used: Channel;
  readonly at: EpochMs;
};

/** Resolves when the ends are kept. Rejects with a refusal where the token was used, or with `bus-unavailable`. */
export type Accept = (token: Accepted) => Promise<void>;

const failedMax = 10_000;

export function createAccept(ends: Pick<Ends, 'stored' | 'accept'>): Accept {
  const failed = new Set<Channel>();
  return async ({ ends: channels, used, at }) => {
    const before = await ends.stored(used);
    if (before && !failed.has(used)) throw new Refusal('invalid_request', 'It was used before: its `jti` is known.');
    const accepted = channels.map((channel) => ({ channel, at }));
    try {
      await ends.accept(accepted, used);
      failed.delete(used);
    } catch (cause) {
      const [oldest] = failed;
      if (failed.size >= failedMax && oldest !== undefined) failed.delete(oldest);
      failed.add(used);
      throw cause;
    }
  };
}
