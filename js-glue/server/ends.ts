// All ends that this node knows of: those of the bus, and those that it has seen itself, which bridge an outage of the
// bus and repair a bus that has lost its content. An outage ends nothing; an end that is not kept is never reported as
// kept.

import { batchChannelsMax, batched } from './batch.js';
import type { Bus } from './bus.js';
import type { Channel } from './channel.js';
import { PushError } from './errors.js';
import type { LogEntry } from './options.js';
import { createRecent, type End, type EpochMs } from './recent.js';
import { within } from './within.js';

export type Ends = {
  /** Resolves when the ends are kept; rejects with `bus-unavailable`. */
  readonly publish: (ends: readonly End[]) => Promise<void>;
  /** The same, for the ends of a token. Where it rejects, `used` does not count as used. */
  readonly accept: (ends: readonly End[], used: Channel) => Promise<void>;
  /** The latest end of each channel. Rejects where the bus cannot be asked. */
  readonly latest: (channels: readonly Channel[]) => Promise<readonly (EpochMs | undefined)[]>;
  /** What this node has seen itself, whether the bus is there or not. */
  readonly seen: (channel: Channel) => EpochMs | undefined;
  /** When a token was used, by any clock; 0 where that was taken back. Rejects where the bus cannot be asked. */
  readonly stored: (channel: Channel) => Promise<EpochMs | undefined>;
  /** An end that nobody has proven: this node alone remembers it, for a short while, and forgets no other for it. */
  readonly addUnproven: (channel: Channel) => void;
  /** Sends an end that nobody has proven to every node. */
  readonly ask: (channel: Channel) => Promise<void>;
  /** Resolves when messages of other nodes arrive here. */
  readonly ready: Promise<void>;
  readonly isAvailable: () => boolean;
  readonly size: () => number;
  readonly close: () => Promise<void>;
};

export type EndsOptions = {
  readonly bus: Bus;
  readonly timeoutMs: number;
  readonly now: () => EpochMs;
  readonly log: (entry: LogEntry) => void;
  readonly onEnds: (ends: readonly End[]) => void;
  readonly onQuestion: (channel: Channel) => void;
  /** Something may have been missed: whoever is connected must be read again. */
  readonly onResumed: () => void;
};

/** What a node remembers itself, for an outage of the bus; some 10 MB. */
const seenMax = 100_000;
/** Ends that nobody has proven: so many, for ten minutes. */
const unprovenMax = 10_000;
const unprovenMs = 600_000;
/** By how much the clocks of two nodes may differ. */
const aheadMsMax = 2_000;
const retryMs = 1_000;
const retryMsMax = 10_000;

export function createEnds({ bus, timeoutMs, now, log, onEnds, onQuestion, onResumed }: EndsOptions): Ends {
  const recent = createRecent({ ttlMs: bus.ttlMs, endsMax: seenMax, now });
  const unproven = createRecent({ ttlMs: unprovenMs, endsMax: unprovenMax, now });
  let available = true;
  let isClosed = false;
  let stop: (() => Promise<void>) | undefined;
  let attempt = new AbortController();

  const watched = async <T>(call: Promise<T>): Promise<T> => {
    try {
      const result = await within(timeoutMs, call);
      if (!available) log({ level: 'info', event: 'bus-available' });
      available = true;
      return result;
    } catch (cause) {
      if (available) log({ level: 'error', event: 'bus-unavailable' });
      available = false;
      throw new PushError('bus-unavailable', 'The bus has not kept the end, or does not answer. Call again.', cause);
    }
  };
  const received = (ends: readonly End[]): void => {
    for (const end of ends) recent.add(end);
    // Also what was known before: to say it twice does nothing, and a clock may have been set back.
    onEnds(ends);
  };
  /** Ends that the bus has lost. Each part has the time of a call, since all of them may be many. */
  const restore = async (lost: readonly End[]): Promise<void> => {
    for (let start = 0; start < lost.length; start += batchChannelsMax)
      await watched(bus.restore(lost.slice(start, start + batchChannelsMax)));
  };
  const resumed = (): void => {
    void restore(recent.all()).catch(() => undefined);
    onResumed();
  };
  const listen = async (): Promise<void> => {
    for (let wait = retryMs; !isClosed; wait = Math.min(wait * 2, retryMsMax)) {
      attempt = new AbortController();
      const listening = bus.listen({ ended: received, asked: onQuestion, resumed }, attempt.signal);
      // It may succeed after the time is up. Then it must not stay.
      const ended = await watched(listening).catch(
        () =>
          void listening.then(
            (late) => late(),
            () => undefined,
          ),
      );
      if (ended !== undefined) {
        stop = ended;
        if (isClosed) await ended();
        if (wait > retryMs) resumed();
        return;
      }
      attempt.abort();
      await new Promise((done) => setTimeout(done, wait).unref());
    }
  };
  const stored = batched((channels) => watched(bus.read(channels)));
  /** Of a clock that is ahead, or was: it would end each session that begins before its time has come. */
  const credible = (at: EpochMs | undefined): EpochMs | undefined => {
    if (at === undefined || at <= now() + aheadMsMax) return at;
    log({ level: 'warning', event: 'end-in-the-future' });
    return undefined;
  };
  const seen = (channel: Channel) => later(credible(recent.latest(channel)), credible(unproven.latest(channel)));

  return {
    publish: async (ends) => {
      await watched(bus.publish(ends));
      received(ends);
    },
    accept: async (accepted, used) => {
      // A bus keeps the last end that it is given, and this one may have happened before another that is kept.
      const kept = await stored(accepted.map(({ channel }) => channel));
      const latest = accepted.map(({ channel, at }, index) => ({
        channel,
        at: later(at, credible(kept[index])) ?? at,
      }));
      // The id of the token comes last: where it is kept, its ends are.
      const all = [...latest, { channel: used, at: now() }];
      const call = bus.publish(all);
      try {
        await watched(call);
      } catch (cause) {
        // It may be kept in spite of that, now or when the bus comes to it.
        const takeBack = () => bus.publish([{ channel: used, at: 0 }]).catch(() => undefined);
        void call.then(takeBack, takeBack);
        throw cause;
      }
      received(all);
    },
    latest: async (channels) => {
      const kept = await stored(channels);
      return channels.map((channel, index) => later(credible(kept[index]), seen(channel)));
    },
    seen,
    stored: async (channel) => later((await stored([channel]))[0], recent.latest(channel)),
    addUnproven: (channel) => {
      const end = { channel, at: now() };
      unproven.add(end);
      onEnds([end]);
    },
    ask: (channel) => watched(bus.ask(channel)),
    ready: listen(),
    isAvailable: () => available,
    size: recent.size,
    close: async () => {
      isClosed = true;
      if (stop === undefined) attempt.abort();
      await stop?.();
    },
  };
}

function later(one: EpochMs | undefined, other: EpochMs | undefined): EpochMs | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
