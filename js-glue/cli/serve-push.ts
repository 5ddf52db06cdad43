// What `lockstep serve` adds to the files: the push server, by the owner's module, and the bus that was asked for. Text
// says why it cannot be had; no text repeats a password or what a server has said.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Bus,
  createPushServer,
  natsBus,
  PushError,
  type PushOptions,
  type PushServer,
  redisBus,
} from '../server/index.js';
import { defaults, type LogEntry } from '../server/options.js';

export type PushRequest = {
  /** The module whose default export are the options of `createPushServer`. */
  readonly module: string;
  readonly redis: string | undefined;
  readonly nats: string | undefined;
  readonly log: (entry: LogEntry) => void;
};

export type ServedPush = {
  readonly push: PushServer;
  readonly hasSession: boolean;
  readonly commentMs: number;
  readonly closeBus: () => Promise<void>;
};
type OpenBus = { readonly bus: Bus; readonly close: () => Promise<void> };

/** How long a bus may take until it is there for the first time. */
const connectMs = 10_000;

export async function openPush({ module, redis, nats, log }: PushRequest): Promise<ServedPush | string> {
  const options = await optionsOf(module);
  if (typeof options === 'string') return options;
  if (redis !== undefined && nats !== undefined) return 'There can be one bus: give --redis or --nats.';
  const opened = await openBus(redis, nats);
  if (typeof opened === 'string') return opened;
  try {
    const push = createPushServer({ ...options, ...(opened !== undefined && { bus: opened.bus }), log });
    const { sessionOf, commentMs = defaults.commentMs } = options;
    return { push, hasSession: sessionOf !== undefined, commentMs, closeBus: async () => opened?.close() };
  } catch (cause) {
    await opened?.close();
    if (cause instanceof PushError) return `${module}: ${cause.message}`;
    throw cause;
  }
}

async function optionsOf(path: string): Promise<PushOptions | string> {
  const exported = await import(pathToFileURL(resolve(path)).href).catch((cause: unknown) => cause as Error);
  if (exported instanceof Error) return `${path} cannot be loaded: ${exported.message}`;
  const options: unknown = exported.default;
  if (typeof options !== 'object' || options === null)
    return `${path} must export its options: export default { issuers: [{ issuer: 'https://…', clientIds: ['…'] }] }`;
  if ('bus' in options || 'log' in options)
    return `${path} has a \`bus\` or a \`log\`: here they are --redis or --nats.`;
  return options as PushOptions;
}

async function openBus(redis: string | undefined, nats: string | undefined): Promise<OpenBus | string | undefined> {
  if (redis !== undefined) return refusing('--redis', redis, /^rediss?:$/, 'redis', openRedis);
  if (nats !== undefined) return refusing('--nats', nats, /^(nats|tls):$/, '@nats-io/transport-node', openNats);
  return undefined;
}

async function refusing(
  flag: string,
  url: string,
  scheme: RegExp,
  library: string,
  open: (url: string) => Promise<OpenBus>,
): Promise<OpenBus | string> {
  if (!URL.canParse(url) || !scheme.test(new URL(url).protocol))
    return `${flag} must be a URL, such as ${examples[flag]}.`;
  try {
    return await open(url);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND') return `${flag} needs a library: npm install ${libraries[flag]}`;
    return `The bus of ${flag} at ${new URL(url).host} cannot be reached (${code ?? library}).`;
  }
}

const examples: Readonly<Record<string, string>> = {
  '--redis': 'redis://127.0.0.1:6379',
  '--nats': 'nats://127.0.0.1:4222',
};
const libraries: Readonly<Record<string, string>> = {
  '--redis': 'redis',
  '--nats': '@nats-io/transport-node @nats-io/kv',
};

async function openRedis(url: string): Promise<OpenBus> {
  const { createClient } = await import('redis');
  let isThere = false;
  // Until it was there once it is a mistake to wait; from then on it will come back.
  const reconnectStrategy = (retries: number, cause: Error) => (isThere ? Math.min(100 * 2 ** retries, 3_000) : cause);
  const client = createClient({ url, socket: { connectTimeout: connectMs, reconnectStrategy } });
  client.on('error', () => undefined);
  await client.connect();
  isThere = true;
  return { bus: redisBus({ client }), close: async () => client.destroy() };
}

async function openNats(url: string): Promise<OpenBus> {
  const { connect } = await import('@nats-io/transport-node');
  const connection = await connect({ servers: url, timeout: connectMs, maxReconnectAttempts: -1 });
  return { bus: natsBus({ connection }), close: () => connection.close() };
}
