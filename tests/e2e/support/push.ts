// A stand-in for the server that says when a session has ended (PROTOCOL.md §6), where a test wants to see who is
// connected and decide what each is sent. tests/e2e/push-server.spec.ts has the real one.

import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { expect } from '@playwright/test';
import type { World } from './world.js';

export const pushing = { issuer: 'https://login.acme.com', push: { url: '/events' } } as const;

export type Stream = {
  readonly session: string | null;
  readonly subject: string | null;
  readonly ageMs: number;
  /** Says that the session has ended. */
  readonly end: () => void;
  /** What keeps proxies from closing it, and wakes no script. */
  readonly comment: () => void;
  /** As a server that is killed. */
  readonly lose: () => void;
  readonly isOpen: () => boolean;
};

export type PushEndpoint = {
  /** All that were ever opened. */
  readonly streams: () => readonly Stream[];
  readonly open: () => readonly Stream[];
  /** The most that were open at once. A hub that does not know of an end yet may connect when its turn comes. */
  readonly most: () => number;
  /** From now on every request gets this status. */
  readonly answerWith: (status: number) => void;
  readonly refusals: () => number;
  /** Who connects from now on is sent the end at once. */
  readonly endAll: () => void;
};

export function startPush(world: World): PushEndpoint {
  const streams: Stream[] = [];
  let status = 200;
  let refusals = 0;
  let most = 0;
  let hasEnded = false;
  world.hub.handle('/events', (request, response) => {
    if (status !== 200) {
      refusals += 1;
      response.writeHead(status).end();
      return;
    }
    const stream = streamOf(new URL(request.url ?? '', world.hub.origin).searchParams, response);
    streams.push(stream);
    most = Math.max(most, streams.filter(({ isOpen }) => isOpen()).length);
    if (hasEnded) stream.end();
  });
  return {
    streams: () => [...streams],
    open: () => streams.filter(({ isOpen }) => isOpen()),
    most: () => most,
    answerWith: (next) => {
      status = next;
    },
    refusals: () => refusals,
    endAll: () => {
      hasEnded = true;
    },
  };
}

function streamOf(query: URLSearchParams, response: ServerResponse): Stream {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
  response.write(': open\n\n');
  return {
    session: query.get('session'),
    subject: query.get('subject'),
    ageMs: Number(query.get('age')),
    end: () => response.end('event: ended\ndata:\n\n'),
    comment: () => void response.write(':\n\n'),
    lose: () => response.destroy(),
    isOpen: () => !response.destroyed && !response.writableEnded,
  };
}

export function channelOf(kind: 'sid' | 'sub', name: string): string {
  return createHash('sha256').update(`${kind}|${pushing.issuer}|${name}`).digest('base64url');
}

/** Waits until so many are open, and returns the one that was opened last. */
export async function connected(push: PushEndpoint, count = 1): Promise<Stream> {
  await expect.poll(() => push.open().length, { message: 'open streams', timeout: 15_000 }).toBe(count);
  return push.open().at(-1) as Stream;
}
