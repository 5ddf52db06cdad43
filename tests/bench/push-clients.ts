// Browsers of a push server, as bare sockets: thousands of them must cost the measuring process little.

import { connect, type Socket } from 'node:net';
import { type Browser, eventsQuery } from '../unit/server/requests.js';

export type Client = {
  readonly socket: Socket;
  /** When its first text was there, and when its end; by the clock of this process, in milliseconds. */
  readonly openedAt: number;
  readonly endedAt: Promise<number>;
};

export const browsersOf = (count: number, name: string): readonly Required<Pick<Browser, 'sessionId' | 'subject'>>[] =>
  Array.from({ length: count }, (_, index) => ({ sessionId: `${name}-${index}`, subject: `${name}-${index}` }));

/**
 * Resolves when the stream has said its level, or with what else the server is known to say `first`. A connection that
 * fails rejects.
 */
export function openClient(port: number, browser: Browser, first = ':\n\n'): Promise<Client> {
  return new Promise((resolve, reject) => {
    let onEnded = (_: number) => {};
    const endedAt = new Promise<number>((done) => {
      onEnded = done;
    });
    let isOpen = false;
    const socket = connect({ port, host: '127.0.0.1' });
    socket.write(`GET /push?${eventsQuery(browser)} HTTP/1.1\r\nHost: hub\r\nAccept: text/event-stream\r\n\r\n`);
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      if (!isOpen && text.includes(first)) {
        isOpen = true;
        resolve({ socket, openedAt: performance.now(), endedAt });
      }
      if (text.includes('event: ended')) onEnded(performance.now());
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The stream was closed before it began.')));
  });
}

/** So many at a time as a listening socket takes without refusing one. */
export async function openClients(port: number, browsers: readonly Browser[], atOnce = 200): Promise<Client[]> {
  const clients: Client[] = [];
  for (let start = 0; start < browsers.length; start += atOnce)
    clients.push(...(await Promise.all(browsers.slice(start, start + atOnce).map((each) => openClient(port, each)))));
  return clients;
}

export function closeClients(clients: readonly Client[]): void {
  for (const { socket } of clients) socket.destroy();
}
