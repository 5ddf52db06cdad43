// One HTTP server on both loopback addresses and one port: browsers send `*.localhost` to 127.0.0.1 or to ::1.
// Never on an address that another machine can reach.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;
export type Listening = { readonly port: number; readonly close: () => Promise<void> };

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

const listen = (server: Server, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject).listen({ port, host }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

function explain(error: unknown, port: number): Error {
  if (codeOf(error) === 'EADDRINUSE') {
    return new Error(`Port ${port} is taken by another program. Choose another one: npm start -- --port ${port + 1}`, {
      cause: error,
    });
  }
  if (codeOf(error) === 'EACCES') {
    return new Error(`This user may not listen on port ${port}. Choose one above 1023.`, { cause: error });
  }
  return error instanceof Error ? error : new Error(String(error));
}

export async function listenOnLoopback(wanted: number, handler: Handler): Promise<Listening> {
  const servers = [createServer(handler), createServer(handler)] as const;
  const closeAll = async () => void (await Promise.all(servers.filter((server) => server.listening).map(close)));
  try {
    const port = await listen(servers[0], wanted, '127.0.0.1');
    try {
      await listen(servers[1], port, '::1');
    } catch (error) {
      // A machine without IPv6 does without it; a stranger on the same port there would get half of the visitors.
      if (codeOf(error) === 'EADDRINUSE') throw error;
    }
    return { port, close: closeAll };
  } catch (error) {
    await closeAll();
    throw explain(error, wanted);
  }
}
