// A browser of the Chromium family in a fresh profile, driven by the DevTools protocol over a pipe: no port is opened
// that another user of the machine could use, and no library is needed, since a message is JSON and a zero byte. The
// browser ends with the pipe.

import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export type Params = Readonly<Record<string, unknown>>;
export type DevtoolsEvent = { readonly method: string; readonly params: Params; readonly sessionId?: string };
export type Devtools = {
  /** Rejects when the browser refuses, dies, or does not answer in time. */
  readonly send: (method: string, params?: Params, sessionId?: string) => Promise<Params>;
  /** Returns the function that ends it. */
  readonly on: (listener: (event: DevtoolsEvent) => void) => () => void;
};

const switches = [
  '--headless',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // The pages that are shown here come from no network at all, which Chromium takes for the public one: it would ask
  // the user before such a page may frame a hub on this machine or in the company's network.
  '--disable-features=LocalNetworkAccessChecks',
  '--remote-debugging-pipe',
];
const endMsMax = 2_000;
const saidMax = 4_000;

/** `more`: switches. */
export async function withBrowser<Result>(
  path: string,
  more: readonly string[],
  timeoutMs: number,
  life: AbortSignal,
  use: (devtools: Devtools) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-doctor-'));
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const profile = `--user-data-dir=${join(folder, 'profile')}`;
  const browser = spawn(path, [...switches, ...more, ...sandbox, profile, 'about:blank'], {
    // A group of its own, so that it can be ended with all its children.
    detached: process.platform !== 'win32',
    // Chromium keeps a socket outside of its profile, and a browser that is killed leaves it there.
    env: { ...process.env, ...(process.platform === 'linux' && { TMPDIR: folder }) },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => browser.once('close', resolve).once('error', () => resolve()));
  const end = () => killGroup(browser);
  life.addEventListener('abort', end);
  try {
    life.throwIfAborted();
    const devtools = openDevtools(browser, timeoutMs);
    const result = await use(devtools);
    // The answer may get lost with the connection.
    devtools.send('Browser.close').catch(() => {});
    await withinEndTime(exited);
    return result;
  } finally {
    life.removeEventListener('abort', end);
    end();
    await withinEndTime(exited);
    // A child process of a browser that was killed may still be writing.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

async function withinEndTime(exited: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, endMsMax);
  });
  await Promise.race([exited, late]);
  clearTimeout(timer);
}

function openDevtools(browser: ChildProcess, timeoutMs: number): Devtools {
  const [, , stderr, input, output] = browser.stdio as [null, null, Readable, Writable, Readable];
  const waiting = new Map<
    number,
    { readonly resolve: (result: Params) => void; readonly reject: (cause: Error) => void }
  >();
  const listeners = new Set<(event: DevtoolsEvent) => void>();
  let said = '';
  let ended: Error | undefined;
  let last = 0;

  function receive(text: string): void {
    const { id, result, error, ...event } = JSON.parse(text);
    if (id === undefined) {
      for (const listener of listeners) listener(event);
      return;
    }
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(String(error.message)));
  }

  function stop(why: string): void {
    ended ??= new Error(why);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  }

  stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-saidMax);
  });
  browser.once('error', ({ message }) => stop(`it cannot be started: ${message}`));
  browser.once('close', () => stop(/sandbox/i.test(said) ? 'it may not use its sandbox here' : 'it ended by itself'));
  // What is still on its way when the browser has ended.
  input.on('error', () => {});
  output.on('error', () => {});
  let rest = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    const parts = `${rest}${text}`.split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) receive(part);
  });

  return {
    send: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended);
        const id = ++last;
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new Error(`it does not answer within ${timeoutMs / 1000} seconds`));
        }, timeoutMs);
        const settled =
          <Value>(settle: (value: Value) => void) =>
          (value: Value) => {
            clearTimeout(timer);
            settle(value);
          };
        waiting.set(id, { resolve: settled(resolve), reject: settled(reject) });
        input.write(`${JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) })}\0`);
      }),
    on: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function killGroup(browser: ChildProcess): void {
  const { pid } = browser;
  if (pid === undefined || browser.exitCode !== null) return;
  try {
    if (process.platform === 'win32') browser.kill('SIGKILL');
    else process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}
