// Starts Debian's Chromium and speaks the DevTools protocol with it over a pipe. No test driver stands between: drivers
// emulate focus, which makes every background tab count as visible, and switch off parts of what is measured here.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { chromiumPath, honestSwitches } from '../e2e/support/chromium.js';

export type Params = Readonly<Record<string, unknown>>;
export type CdpEvent = { readonly method: string; readonly params: Params; readonly sessionId: string | undefined };

export type Chromium = {
  readonly send: (method: string, params?: Params, sessionId?: string) => Promise<Params>;
  /** Returns the function that stops listening. */
  readonly listen: (listener: (event: CdpEvent) => void) => () => void;
  readonly close: () => Promise<void>;
};

type Answer = { readonly resolve: (result: Params) => void; readonly reject: (error: Error) => void };
type Message = {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Params;
  readonly result?: Params;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
};

export async function startChromium(): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), 'lockstep-bench-'));
  const child = spawn(
    chromiumPath,
    [...honestSwitches, '--remote-debugging-pipe', `--user-data-dir=${profile}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const { send, listen } = speak(child, ended);
  try {
    await send('Browser.getVersion');
  } catch (cause) {
    throw new Error(`${chromiumPath} cannot be run. Install it with scripts/setup.sh.`, { cause });
  }
  return {
    send,
    listen,
    async close() {
      await send('Browser.close').catch(() => child.kill());
      await ended;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function speak(child: ChildProcess, ended: Promise<void>): Pick<Chromium, 'send' | 'listen'> {
  const write = child.stdio[3] as Writable;
  const read = child.stdio[4] as Readable;
  const waiting = new Map<number, Answer>();
  const listeners = new Set<(event: CdpEvent) => void>();
  let lastId = 0;
  let over = false;

  ended.then(() => {
    over = true;
    for (const { reject } of waiting.values()) reject(new Error('Chromium has ended.'));
    waiting.clear();
  });
  write.on('error', () => {}); // Whoever waits for an answer is told when the process ends.

  function receive({ id, method, params = {}, result = {}, error, sessionId }: Message): void {
    if (id === undefined) {
      if (method) for (const listener of [...listeners]) listener({ method, params, sessionId });
      return;
    }
    const answer = waiting.get(id);
    waiting.delete(id);
    if (error) answer?.reject(new Error(error.message));
    else answer?.resolve(result);
  }

  let rest = '';
  read.setEncoding('utf8').on('data', (chunk: string) => {
    const texts = (rest + chunk).split('\0');
    rest = texts.pop() ?? '';
    for (const text of texts) receive(JSON.parse(text));
  });

  return {
    send(method, params = {}, sessionId) {
      if (over) return Promise.reject(new Error('Chromium has ended.'));
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { resolve, reject: (cause) => reject(new Error(`${method}: ${cause.message}`, { cause })) });
        write.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      });
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
