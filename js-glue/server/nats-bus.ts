// A bus over NATS: a key-value bucket of JetStream with a time to live, and one subject for all messages. The
// connection is the caller's own, of @nats-io/transport-node (3 and later); @nats-io/kv must be installed beside it.
// The server needs JetStream (`nats-server -js`), 2.9 or later.

import { type Bus, dayMs, deliver, encodeEnds, encodeQuestion, onceClosed, timeOf } from './bus.js';
import type { End } from './recent.js';

/** What is used of a connection here; the bucket uses more of it. */
export type NatsConnection = {
  readonly publish: (subject: string, text: string) => void;
  readonly flush: () => Promise<void>;
  readonly isClosed: () => boolean;
  readonly subscribe: (
    subject: string,
    options: { callback: (fault: Error | null, message: { string(): string }) => void },
  ) => { readonly unsubscribe: () => void };
  readonly status: () => AsyncIterable<{ readonly type: string }>;
};

export type NatsBusOptions = {
  readonly connection: NatsConnection;
  /** The name of the bucket, and of the subject for messages (`lockstep`). The bucket is made if it is not there. */
  readonly bucket?: string;
  /** How long an end is kept (24 hours). It belongs to the bucket: one that is there keeps its own. */
  readonly ttlMs?: number;
  /** How many servers of a cluster keep each end (1). */
  readonly replicas?: number;
};

type Bucket = {
  readonly put: (key: string, value: string) => Promise<unknown>;
  readonly create: (key: string, value: string) => Promise<unknown>;
  readonly get: (key: string) => Promise<{ string(): string } | null>;
};

/** JetStream's code for a key that has a value already. */
const hasValue = 10_071;

export function natsBus({ connection, bucket = 'lockstep', ttlMs = dayMs, replicas = 1 }: NatsBusOptions): Bus {
  let opened: Promise<Bucket> | undefined;
  /** A bucket that could not be opened is asked for again at the next call. */
  const open = (): Promise<Bucket> => {
    opened ??= openBucket(connection, bucket, { ttl: ttlMs, replicas }).catch((cause: unknown) => {
      opened = undefined;
      throw cause;
    });
    return opened;
  };
  const messages = `${bucket}.messages`;
  const send = async (text: string) => {
    connection.publish(messages, text);
    await connection.flush();
  };

  return {
    ttlMs,
    publish: async (ends) => {
      const kv = await open();
      // First the store: whoever connects after the message reads the end, whoever was there before receives it.
      for (const { channel, at } of ends) await kv.put(channel, `${at}`);
      await send(encodeEnds(ends));
    },
    restore: async (ends) => {
      const kv = await open();
      await Promise.all(ends.map((end) => fill(kv, end)));
    },
    read: async (channels) => {
      const kv = await open();
      const entries = await Promise.all(channels.map((channel) => kv.get(channel)));
      return entries.map((entry) => timeOf(entry?.string()));
    },
    ask: (channel) => send(encodeQuestion(channel)),
    listen: async (listener, signal) => {
      const subscription = connection.subscribe(messages, {
        callback: (fault, message) => fault === null && deliver(message.string(), listener),
      });
      let isOver = false;
      const stop = onceClosed(() => {
        isOver = true;
        if (!connection.isClosed()) subscription.unsubscribe();
      }, signal);
      await connection.flush();
      void followStatus(connection, () => !isOver && listener.resumed());
      return async () => stop();
    },
  };
}

async function openBucket(connection: NatsConnection, bucket: string, options: object): Promise<Bucket> {
  // Loaded here, so that whoever uses another bus does not need it.
  const { Kvm } = await import('@nats-io/kv');
  return new Kvm(connection as ConstructorParameters<typeof Kvm>[0]).create(bucket, options);
}

async function fill(kv: Bucket, { channel, at }: End): Promise<void> {
  await kv.create(channel, `${at}`).catch((cause: { readonly code?: number }) => {
    if (cause.code !== hasValue) throw cause;
  });
}

/** Ends when the connection is closed. */
async function followStatus(connection: NatsConnection, onReconnect: () => void): Promise<void> {
  for await (const { type } of connection.status()) if (type === 'reconnect') onReconnect();
}
