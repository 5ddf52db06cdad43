// What `lockstep dev` and `lockstep serve` have in common: refusals, ports, and how such a command begins and ends.

import type { Server } from 'node:net';
import type { Headers } from './headers.js';

// An app that has the hub's URL wrong may read that: its client can then say what is wrong, and not only that no hub
// answers.
const plain: Headers = {
  'Content-Type': 'text/plain; charset=utf-8',
  'Cache-Control': 'no-store',
  'Access-Control-Allow-Origin': '*',
};

export type Refusal = { readonly status: number; readonly headers: Headers; readonly body: string };

export function refusal(status: number, sentence: string): Refusal {
  return { status, headers: plain, body: `${sentence}\n` };
}

/** Undefined where the method is one with which files are read. */
export function refuseMethod(method: string | undefined): Refusal | undefined {
  if (method === 'GET' || method === 'HEAD') return undefined;
  return { ...refusal(405, 'GET and HEAD, no more.'), headers: { ...plain, Allow: 'GET, HEAD' } };
}

/** Text says why it is no port. */
export function portFrom(text: string): number | string {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : `--port must be a number up to 65535, and is ${text}.`;
}

/** Resolves when it listens, with nothing; or with why it cannot. */
export function listening(server: Server, port: number, host: string): Promise<string | undefined> {
  return new Promise((done) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is taken: stop what uses it, or choose another with --port.`;
      done(cause.code === 'EADDRINUSE' ? taken : `Port ${port} cannot be used: ${cause.message}`);
    });
    server.listen(port, host, () => done(undefined));
  });
}

/** The port that the system has chosen, where 0 was asked for. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Resolves when somebody wants the command to end. */
export function stopped(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
}
