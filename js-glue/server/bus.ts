// What connects the nodes of a push server: a store with a time to live, and messages to all nodes. It holds channels
// and times, and nothing personal. Anything that can do both can be a bus; here is the one for a single process.

import type { Channel } from './channel.js';
import { createRecent, type End, type EpochMs } from './recent.js';

export type BusListener = {
  /** Ends that some node has published, this one included. */
  readonly ended: (ends: readonly End[]) => void;
  /** A node has an end that nobody has proven. Who knows the channel ends its streams; the bus stores nothing. */
  readonly asked: (channel: Channel) => void;
  /** Messages may have been lost, and no more are: what was missed must be read. */
  readonly resumed: () => void;
};

/**
 * A bus rejects what it cannot do, and may be slow: the server waits `busTimeoutMs` for each call. A call that nobody
 * waits for any more may still take effect.
 */
export type Bus = {
  /** How long an end is kept. */
  readonly ttlMs: number;
  /**
   * Stores the ends in their order, each after the one before. Only when all are stored they are sent to every node
   * that listens: where one cannot be stored it rejects, and no node receives any.
   */
  readonly publish: (ends: readonly End[]) => Promise<void>;
  /** Stores those of these ends whose channel has none. It repairs a store that has lost its content. */
  readonly restore: (ends: readonly End[]) => Promise<void>;
  /** The latest end of each channel, in the same order. */
  readonly read: (channels: readonly Channel[]) => Promise<readonly (EpochMs | undefined)[]>;
  /** Sends the question to every node that listens. */
  readonly ask: (channel: Channel) => Promise<void>;
  /**
   * Resolves when the listener is called from now on. The function that it gives ends that; the client stays open.
   * When `signal` is aborted nobody waits for it any more: what was opened for it must be closed.
   */
  readonly listen: (listener: BusListener, signal: AbortSignal) => Promise<() => Promise<void>>;
};

/** As long as the longest session lives, in most companies. */
export const dayMs = 86_400_000;

export type MemoryBusOptions = {
  /** How long an end is kept (24 hours): as long as a browser may sleep over it. */
  readonly ttlMs?: number;
  /** The most ends that are kept at once (100,000). Where there are more, the oldest are forgotten. */
  readonly endsMax?: number;
  readonly now?: () => EpochMs;
};

/** For one process: what it keeps is gone when the process ends. */
export function memoryBus({ ttlMs = dayMs, endsMax = 100_000, now = Date.now }: MemoryBusOptions = {}): Bus {
  const listeners = new Set<BusListener>();
  const recent = createRecent({ ttlMs, endsMax, now });
  return {
    ttlMs,
    publish: async (ends) => {
      for (const end of ends) recent.add(end);
      for (const listener of listeners) listener.ended(ends);
    },
    restore: async (ends) => {
      for (const end of ends) if (recent.latest(end.channel) === undefined) recent.add(end);
    },
    read: async (channels) => channels.map((channel) => recent.latest(channel)),
    ask: async (channel) => {
      for (const listener of listeners) listener.asked(channel);
    },
    listen: async (listener) => {
      listeners.add(listener);
      return async () => {
        listeners.delete(listener);
      };
    },
  };
}

/** The text of a message, for a bus whose messages are texts: one letter for the kind, then what it is about. */
export function encodeEnds(ends: readonly End[]): string {
  return `e${ends.map(({ channel, at }) => `${channel}${at}`).join(',')}`;
}

export const encodeQuestion = (channel: Channel): string => `q${channel}`;

/** Calls the listener. A text that no node of ours has written is dropped. */
export function deliver(text: string, listener: BusListener): void {
  const about = text.slice(1);
  if (/^q[\w-]{43}$/.test(text)) listener.asked(about);
  if (!/^e[\w-]{43}\d{1,15}(,[\w-]{43}\d{1,15})*$/.test(text)) return;
  listener.ended(about.split(',').map((end) => ({ channel: end.slice(0, 43), at: Number(end.slice(43)) })));
}

/** The time in a stored value; undefined where there is none, or what no node of ours has written. */
export function timeOf(text: string | null | undefined): EpochMs | undefined {
  return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Closes by itself where `listen` is given up: a connection that nobody waits for would try again for ever. */
export function onceClosed(close: () => void, signal: AbortSignal): () => void {
  const stop = (): void => {
    signal.removeEventListener('abort', stop);
    close();
  };
  signal.addEventListener('abort', stop);
  return stop;
}
