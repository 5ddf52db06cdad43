// One HTTP or HTTPS server on one port of both loopback addresses: browsers send `*.localhost` to 127.0.0.1 or to ::1.
// It can be stopped, so that connections are refused, and started again on the same port. No process gets a port twice:
// a browser that outlives a test would bring to the next one what it keeps for that origin.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;
/** Key and certificate, as PEM. */
export type Tls = { readonly key: string; readonly cert: string };
export type Listener = {
  readonly port: number;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

export async function listen(handler: Handler, tls?: Tls): Promise<Listener> {
  const create = () => (tls ? createTlsServer(tls, handler) : createServer(handler));
  const servers = [create(), create()] as const;
  const start = async (port: number): Promise<number> => {
    const taken = await listenAt(servers[0], port, '127.0.0.1');
    await listenAt(servers[1], taken, '::1').catch((error: unknown) => {
      // A machine without IPv6 does without it.
      if (!isCode(error, 'EADDRNOTAVAIL') && !isCode(error, 'EAFNOSUPPORT')) throw error;
    });
    return taken;
  };
  const port = await startAnywhere(start);
  return {
    port,
    start: async () => void (await start(port)),
    stop: async () => void (await Promise.all(servers.filter(({ listening }) => listening).map(close))),
  };
}

/** Below those that the system gives to whoever asks for any. Every worker has some to itself. */
let portNext = 20_000 + 4_000 * Number(process.env.TEST_PARALLEL_INDEX ?? 0);

async function startAnywhere(start: (port: number) => Promise<number>): Promise<number> {
  for (;;) {
    try {
      return await start(portNext++);
    } catch (error) {
      if (!isCode(error, 'EADDRINUSE')) throw error;
    }
  }
}

function listenAt(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen({ port, host }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
