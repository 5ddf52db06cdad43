// Brings each stream to the level of what is kept: an end that came before it, or that nobody could report while the
// bus was unavailable, counts as much as one that comes now (PROTOCOL §6.2).

import type { Ends } from './ends.js';
import { concerns, type Stream, type Streams } from './streams.js';

export type Level = {
  /** Whether the session has ended. Where that cannot be read now, it has not, and is read later. */
  readonly hasEnded: (stream: Stream) => Promise<boolean>;
  /** Reads all streams again. */
  readonly readAgain: () => void;
  readonly close: () => void;
};

const retryMs = 1_000;
const retryMsMax = 10_000;

export function createLevel(ends: Pick<Ends, 'latest' | 'seen'>, streams: Streams): Level {
  const unread = new Set<Stream>();
  let wait = retryMs;
  let timer: NodeJS.Timeout | undefined;

  const read = async (stream: Stream): Promise<void> => {
    const latest = await ends.latest(stream.channels);
    unread.delete(stream);
    latest.forEach((at, index) => {
      const channel = stream.channels[index];
      if (channel !== undefined && concerns(at, stream)) streams.apply([{ channel, at: at as number }]);
    });
  };
  const readLater = (stream: Stream): void => {
    unread.add(stream);
    timer ??= setTimeout(readUnread, wait).unref();
  };
  const readUnread = async (): Promise<void> => {
    timer = undefined;
    wait = Math.min(wait * 2, retryMsMax);
    const open = [...unread].filter(streams.has);
    unread.clear();
    const outcomes = await Promise.all(
      open.map((stream) =>
        read(stream).then(
          () => true,
          () => readLater(stream),
        ),
      ),
    );
    if (outcomes.every((outcome) => outcome === true)) wait = retryMs;
  };

  return {
    hasEnded: async (stream) => {
      try {
        await read(stream);
      } catch {
        const isSeen = stream.channels.some((channel) => concerns(ends.seen(channel), stream));
        if (isSeen) stream.isEnded = true;
        else readLater(stream);
      }
      return stream.isEnded;
    },
    readAgain: () => {
      for (const stream of streams.all()) unread.add(stream);
      clearTimeout(timer);
      void readUnread();
    },
    close: () => clearTimeout(timer),
  };
}
