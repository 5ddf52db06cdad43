// A bus over Redis: a key with a time to live for each end, and one channel of Redis for all messages. The client is
// the caller's own, of the package `redis` or `ioredis` (both of version 6). For messages Redis wants a connection of
// their own, which is a duplicate of the client. A client of a cluster has other commands and is not supported.

import { type Bus, dayMs, deliver, encodeEnds, encodeQuestion, onceClosed, timeOf } from './bus.js';
import type { End } from './recent.js';

/** What is used of a client of `redis`. */
export type NodeRedisClient = {
  readonly sendCommand: (args: string[]) => Promise<unknown>;
  readonly duplicate: () => NodeRedisSubscriber;
};
type NodeRedisSubscriber = {
  readonly connect: () => Promise<unknown>;
  readonly subscribe: (channel: string, listener: (text: string) => void) => Promise<unknown>;
  readonly on: (event: 'ready' | 'error', listener: (cause?: unknown) => void) => unknown;
  readonly destroy: () => void;
};

/** What is used of a client of `ioredis`. */
export type IoRedisClient = {
  readonly call: (command: string, args: string[]) => Promise<unknown>;
  readonly duplicate: () => IoRedisSubscriber;
};
type IoRedisSubscriber = {
  readonly subscribe: (channel: string) => Promise<unknown>;
  readonly on: (event: string, listener: (...values: string[]) => void) => unknown;
  readonly disconnect: () => void;
};

export type RedisBusOptions = {
  /** Connected. Its errors are the caller's to listen to. */
  readonly client: NodeRedisClient | IoRedisClient;
  /** What the names of all keys, and of the channel for messages, begin with (`lockstep:`). */
  readonly prefix?: string;
  /** How long an end is kept (24 hours). */
  readonly ttlMs?: number;
};

type Command = (...args: string[]) => Promise<unknown>;
/** Calls `onText` for each message, and `onReady` whenever it is subscribed, at first and after each outage. */
type Subscribe = (
  channel: string,
  onText: (text: string) => void,
  onReady: () => void,
  signal: AbortSignal,
) => Promise<() => void>;

export function redisBus({ client, prefix = 'lockstep:', ttlMs = dayMs }: RedisBusOptions): Bus {
  const [command, subscribe] = 'call' in client ? ofIoRedis(client) : ofNodeRedis(client);
  const messages = `${prefix}messages`;
  const store = ({ channel, at }: End, ...condition: string[]) =>
    command('SET', prefix + channel, `${at}`, 'PX', `${ttlMs}`, ...condition);

  return {
    ttlMs,
    publish: async (ends) => {
      // First the store: whoever connects after the message reads the end, whoever was there before receives it. Each
      // waits for the answer to the one before, since a store that is full or read-only refuses, and passes messages.
      for (const end of ends) await store(end);
      await command('PUBLISH', messages, encodeEnds(ends));
    },
    restore: async (ends) => {
      await Promise.all(ends.map((end) => store(end, 'NX')));
    },
    read: async (channels) => {
      if (channels.length === 0) return [];
      const values = await command('MGET', ...channels.map((channel) => prefix + channel));
      return (values as (string | null)[]).map(timeOf);
    },
    ask: async (channel) => {
      await command('PUBLISH', messages, encodeQuestion(channel));
    },
    listen: async (listener, signal) => {
      let isFirst = true;
      const stop = await subscribe(
        messages,
        (text) => deliver(text, listener),
        () => {
          if (!isFirst) listener.resumed();
          isFirst = false;
        },
        signal,
      );
      return async () => stop();
    },
  };
}

function ofNodeRedis(client: NodeRedisClient): [Command, Subscribe] {
  const subscribe: Subscribe = async (channel, onText, onReady, signal) => {
    const subscriber = client.duplicate();
    const stop = onceClosed(() => subscriber.destroy(), signal);
    // It connects again by itself, and without a listener Node would end the process.
    subscriber.on('error', () => undefined);
    await subscriber.connect();
    await subscriber.subscribe(channel, onText);
    onReady();
    // It is emitted when a new connection has its subscriptions again.
    subscriber.on('ready', onReady);
    return stop;
  };
  return [(...args) => client.sendCommand(args), subscribe];
}

function ofIoRedis(client: IoRedisClient): [Command, Subscribe] {
  const subscribe: Subscribe = async (channel, onText, onReady, signal) => {
    const subscriber = client.duplicate();
    const stop = onceClosed(() => subscriber.disconnect(), signal);
    subscriber.on('error', () => undefined);
    subscriber.on('message', (from, text) => from === channel && text !== undefined && onText(text));
    await subscriber.subscribe(channel);
    onReady();
    // To subscribe twice is to subscribe once; its answer says that this connection has it.
    subscriber.on('ready', () => void subscriber.subscribe(channel).then(onReady, () => undefined));
    return stop;
  };
  return [(command, ...args) => client.call(command, args), subscribe];
}
