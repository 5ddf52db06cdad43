// The stream as far as the page has it: the lock, what the server is asked, and what of it reaches the hub's module.

import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { HubModule } from '#hub-module';
import { createStream } from '../../../bridge-html/stream.js';

type Handler = ((event: object) => void) | undefined;

class FakeSource {
  static opened: FakeSource[] = [];
  onopen: Handler;
  onerror: Handler;
  readonly handlers = new Map<string, Handler>();
  isClosed = false;
  constructor(readonly url: URL) {
    FakeSource.opened.push(this);
  }
  addEventListener(type: string, handler: Handler) {
    this.handlers.set(type, handler);
  }
  close() {
    this.isClosed = true;
  }
}

/** navigator.locks of one lock, with its queue. */
function createLocks() {
  const queue: { grant: () => void; isDone: boolean }[] = [];
  const next = () => queue.find(({ isDone }) => !isDone)?.grant();
  const request = (_: string, { signal }: { signal: AbortSignal }, hold: (lock: object) => Promise<void>) =>
    new Promise<void>((resolve, reject) => {
      const place = {
        isDone: false,
        grant: () => {
          if (queue.find(({ isDone }) => !isDone) !== place || hasBegun) return;
          hasBegun = true;
          hold({}).then(() => {
            place.isDone = true;
            hasBegun = false;
            resolve();
            next();
          });
        },
      };
      signal.addEventListener('abort', () => {
        if (place.isDone || (hasBegun && queue.find(({ isDone }) => !isDone) === place)) return;
        place.isDone = true;
        reject(signal.reason);
      });
      queue.push(place);
      next();
    });
  let hasBegun = false;
  return { request } as unknown as LockManager;
}

const module = { streamOpened: vi.fn(), streamFailed: vi.fn(), endPushed: vi.fn() };
const hub = () => module as unknown as HubModule;
const ask = (stream: ReturnType<typeof createStream>, id: number, session = 'sid|i|1') =>
  stream.openStream(id, 'https://hub.acme.com/events', session, 'sub|i|ada', 1_000);
const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');
const opened = (count: number) => vi.waitFor(() => expect(FakeSource.opened).toHaveLength(count));

beforeEach(() => {
  FakeSource.opened = [];
  vi.stubGlobal('EventSource', FakeSource);
  vi.spyOn(Date, 'now').mockReturnValue(61_000);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('names its channels by their hashes, and says how long the session has lasted', async () => {
  const locks = createLocks();
  const stream = createStream(hub, () => locks, 'lock');
  ask(stream, 1);
  await opened(1);
  const query = FakeSource.opened[0]?.url.searchParams;
  expect(Object.fromEntries(query ?? [])).toEqual({
    session: hashOf('sid|i|1'),
    subject: hashOf('sub|i|ada'),
    age: '60000',
  });
  ask(stream, 2, '');
  await opened(2);
  expect(FakeSource.opened[0]?.isClosed).toBe(true);
  expect(FakeSource.opened[1]?.url.searchParams.has('session')).toBe(false);
});

test('what happens to it is said with its number, and a lost one does not come back by itself', async () => {
  const locks = createLocks();
  const stream = createStream(hub, () => locks, 'lock');
  ask(stream, 7);
  await opened(1);
  const source = FakeSource.opened[0];
  source?.onopen?.({});
  expect(module.streamOpened).toHaveBeenCalledWith(7);
  source?.onerror?.({});
  expect(module.streamFailed).toHaveBeenCalledWith(7);
  expect(source?.isClosed).toBe(true);
  ask(stream, 8);
  await opened(2);
  FakeSource.opened[1]?.handlers.get('ended')?.({});
  expect(module.endPushed).toHaveBeenCalledWith(8);
  expect(FakeSource.opened[1]?.isClosed).toBe(true);
});

test('of two hubs one connects, and the other when the first gives up', async () => {
  const locks = createLocks();
  const [first, second] = [createStream(hub, () => locks, 'lock'), createStream(hub, () => locks, 'lock')];
  ask(first, 1);
  ask(second, 2);
  await opened(1);
  // Whoever waits is asked for the newest session when its turn comes.
  ask(second, 3, 'sid|i|2');
  first.closeStream();
  await opened(2);
  expect(FakeSource.opened[0]?.isClosed).toBe(true);
  expect(FakeSource.opened[1]?.url.searchParams.get('session')).toBe(hashOf('sid|i|2'));
});

test('whoever gives up its place never connects, nor one that gives up while it is about to', async () => {
  const locks = createLocks();
  const [first, second, third] = [1, 2, 3].map(() => createStream(hub, () => locks, 'lock'));
  if (!first || !second || !third) throw new Error('three');
  ask(first, 1);
  await opened(1);
  ask(second, 2);
  second.closeStream();
  ask(third, 3);
  first.closeStream();
  await opened(2);
  third.closeStream();
  ask(first, 4);
  first.closeStream();
  ask(second, 5);
  await opened(3);
  expect(FakeSource.opened.filter(({ isClosed }) => !isClosed)).toHaveLength(1);
});

test('without locks nobody connects', async () => {
  const stream = createStream(hub, () => undefined, 'lock');
  ask(stream, 1);
  stream.closeStream();
  const locks = createLocks();
  const other = createStream(hub, () => locks, 'lock');
  ask(other, 1);
  await opened(1);
});
