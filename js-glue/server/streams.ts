// All open streams of this node, by the channels that they wait for. Decides when one gets a comment, when it ends by
// its age, and that one whose client takes nothing is dropped. There are few timers, however many streams there are.

import type { Channel } from './channel.js';
import { createRecent, type End, type EpochMs } from './recent.js';
import { comment, endedEvent, retryField, type Sink } from './stream.js';

export type Stream = {
  /** Of the session, if it has an id, and of the subject; and of both together. */
  readonly channels: readonly Channel[];
  /** When the session began, by this server's clock. */
  readonly createdAt: EpochMs;
  readonly address: string;
  /** The addresses around it. */
  readonly network: string;
  /** When it ends so that the browser opens another. */
  readonly closesAt: EpochMs;
  /** Not there until the response is on its way. */
  sink?: Sink;
  isEnded: boolean;
};

/** Which number of streams is reached. */
export type Bound = 'all' | 'address' | 'network';

export type Streams = {
  /** Counts and registers it. From now on no end is missed. Or says which bound is reached. */
  readonly open: (stream: Pick<Stream, 'channels' | 'createdAt' | 'address' | 'network'>) => Stream | Bound;
  /** Returns what is to be called when the client is gone. */
  readonly attach: (stream: Stream, sink: Sink) => () => void;
  readonly drop: (stream: Stream) => void;
  readonly has: (stream: Stream) => boolean;
  readonly all: () => readonly Stream[];
  readonly apply: (ends: readonly End[]) => void;
  /** Whether a stream waits for it, or did a short while ago. */
  readonly knows: (channel: Channel) => boolean;
  readonly size: () => number;
  /** Ends all of them. The browsers come back, to another node. */
  readonly close: () => void;
};

export type StreamsOptions = {
  readonly streamsMax: number;
  readonly streamsPerAddressMax: number;
  readonly streamsPerNetworkMax: number;
  readonly commentMs: number;
  readonly streamMs: number;
  readonly connectedLatelyMs: number;
  readonly now: () => EpochMs;
};

/** An end concerns a session that had begun by then, and no later one (PROTOCOL §6.2). */
export const concerns = (at: EpochMs | undefined, { createdAt }: Pick<Stream, 'createdAt'>): boolean =>
  at !== undefined && at >= createdAt;

/** So many timer ticks in the time between two comments of a stream: the work is spread. */
const slotsCount = 20;
const latelyMax = 100_000;

export function createStreams(options: StreamsOptions): Streams {
  const { now, streamMs } = options;
  const open = new Set<Stream>();
  const byChannel = new Map<Channel, Stream | Set<Stream>>();
  const perAddress = new Map<string, number>();
  const perNetwork = new Map<string, number>();
  const lately = createRecent({ ttlMs: options.connectedLatelyMs, endsMax: latelyMax, now });
  const sweeps = createSweeps(options.commentMs, (stream) => sweep(stream));

  const drop = (stream: Stream): void => {
    if (!open.delete(stream)) return;
    sweeps.remove(stream);
    count(perAddress, stream.address, -1);
    count(perNetwork, stream.network, -1);
    for (const channel of stream.channels) {
      unlink(byChannel, channel, stream);
      if (options.connectedLatelyMs > 0) lately.add({ channel, at: now() });
    }
  };
  const finish = (stream: Stream, text: string): void => {
    drop(stream);
    stream.sink?.end(text);
  };
  /** A response that nobody has taken for so long never will be; a client that has taken nothing is stuck. */
  const sweep = (stream: Stream): void => {
    const { sink } = stream;
    if (sink === undefined || sink.pending() > 0) {
      drop(stream);
      sink?.destroy();
    } else if (now() >= stream.closesAt) finish(stream, comment);
    else sink.write(comment);
  };

  return {
    open: (given) => {
      if (open.size >= options.streamsMax) return 'all';
      if ((perAddress.get(given.address) ?? 0) >= options.streamsPerAddressMax) return 'address';
      if ((perNetwork.get(given.network) ?? 0) >= options.streamsPerNetworkMax) return 'network';
      const stream: Stream = { ...given, closesAt: now() + streamMs * (0.8 + 0.4 * Math.random()), isEnded: false };
      open.add(stream);
      sweeps.add(stream);
      count(perAddress, stream.address, 1);
      count(perNetwork, stream.network, 1);
      for (const channel of stream.channels) link(byChannel, channel, stream);
      return stream;
    },
    attach: (stream, sink) => {
      stream.sink = sink;
      if (stream.isEnded) finish(stream, retryField() + endedEvent);
      else if (open.has(stream)) sink.write(retryField() + comment);
      else sink.end(retryField() + comment);
      return () => drop(stream);
    },
    drop,
    has: (stream) => open.has(stream),
    all: () => [...open],
    apply: (ends) => {
      for (const { channel, at } of ends)
        for (const stream of linked(byChannel, channel)) {
          if (!concerns(at, stream)) continue;
          stream.isEnded = true;
          if (stream.sink !== undefined) finish(stream, endedEvent);
        }
    },
    knows: (channel) => byChannel.has(channel) || lately.latest(channel) !== undefined,
    size: () => open.size,
    close: () => {
      for (const stream of open) finish(stream, comment);
    },
  };
}

/** Calls `sweep` for each stream every `periodMs`, a part of them at each tick. No timer runs where there is none. */
function createSweeps(periodMs: number, sweep: (stream: Stream) => void) {
  const slots = Array.from({ length: slotsCount }, () => new Set<Stream>());
  const slotOf = new WeakMap<Stream, Set<Stream>>();
  let at = 0;
  let size = 0;
  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    at = (at + 1) % slotsCount;
    for (const stream of [...(slots[at] ?? [])]) sweep(stream);
  };
  return {
    add: (stream: Stream) => {
      // The slot of the last tick: its next one is a whole period away.
      const slot = slots[at] as Set<Stream>;
      slot.add(stream);
      slotOf.set(stream, slot);
      size += 1;
      timer ??= setInterval(tick, periodMs / slotsCount).unref();
    },
    remove: (stream: Stream) => {
      if (!slotOf.get(stream)?.delete(stream)) return;
      size -= 1;
      if (size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}

// Most channels have one stream, and a Set costs more than the rest of it.
function link(index: Map<Channel, Stream | Set<Stream>>, channel: Channel, stream: Stream): void {
  const there = index.get(channel);
  if (there === undefined) index.set(channel, stream);
  else if (there instanceof Set) there.add(stream);
  else index.set(channel, new Set([there, stream]));
}

function unlink(index: Map<Channel, Stream | Set<Stream>>, channel: Channel, stream: Stream): void {
  const there = index.get(channel);
  if (there instanceof Set) {
    there.delete(stream);
    if (there.size === 0) index.delete(channel);
  } else if (there === stream) index.delete(channel);
}

function linked(index: Map<Channel, Stream | Set<Stream>>, channel: Channel): readonly Stream[] {
  const there = index.get(channel);
  if (there === undefined) return [];
  return there instanceof Set ? [...there] : [there];
}

function count(counts: Map<string, number>, key: string, change: number): void {
  const next = (counts.get(key) ?? 0) + change;
  if (next > 0) counts.set(key, next);
  else counts.delete(key);
}
