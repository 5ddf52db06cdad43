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

type Place = { readonly hold: Hold; readonly resolve: () => void; readonly reject: (why: unknown) => void };
type Hold = (lock: object) => Promise<void> | undefined;

/** navigator.locks of one lock, with its queue. */
function createLocks(): LockManager {
  const queue: Place[] = [];
  let holder: Place | undefined;
  function grant(place: Place): void {
    holder = place;
    Promise.resolve(place.hold({})).then(() => {
      place.resolve();
      if (holder === place) grantNext();
    });
  }
  function grantNext(): void {
    holder = undefined;
    const next = queue.shift();
    if (next) grant(next);
  }
  const request = (_: string, { signal, steal }: { signal?: AbortSignal; steal?: boolean }, hold: Hold) =>
    new Promise<void>((resolve, reject) => {
      const place: Place = { hold, resolve, reject };
      signal?.addEventListener('abort', () => {
        if (queue.includes(place)) reject(queue.splice(queue.indexOf(place), 1));
      });
      if (steal) holder?.reject('stolen');
      if (steal || !holder) grant(place);
      else queue.push(place);
    });
  return { request } as unknown as LockManager;
}

const module = { streamOpened: vi.fn(), streamFailed: vi.fn(), endPushed: vi.fn() };
const hub = () => module as unknown as HubModule;
const ask = (stream: ReturnType<typeof createStream>, id: number, session = 'sid|i|1', steals = false) =>
  stream.openStream(id, 'https://hub.acme.com/events', session, 'sub|i|ada', 1_000, steals);
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

test('whoever takes the stream over connects, and the other closes its own and waits', async () => {
  const locks = createLocks();
  const [first, second] = [createStream(hub, () => locks, 'lock'), createStream(hub, () => locks, 'lock')];
  ask(first, 1);
  await opened(1);
  ask(second, 2);
  ask(second, 3, 'sid|i|1', true);
  await opened(2);
  await vi.waitFor(() => expect(FakeSource.opened[0]?.isClosed).toBe(true));
  // Who has it connects anew, and takes it from nobody.
  ask(second, 4, 'sid|i|1', true);
  await opened(3);
  second.closeStream();
  await opened(4);
  expect(FakeSource.opened.map(({ isClosed }) => isClosed)).toEqual([true, true, true, false]);
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
