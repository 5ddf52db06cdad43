// The text of a stream of server-sent events (HTML Living Standard §9.2), and the ways in which it leaves: as the body
// of a Response, or straight into a response of Node (node.ts), which costs a fraction of the memory.

/** Where the text of one stream goes. */
export type Sink = {
  readonly write: (text: string) => void;
  /** Bytes that were written and that the client has not taken. */
  readonly pending: () => number;
  readonly end: (text: string) => void;
  /** For a client that takes nothing any more. */
  readonly destroy: () => void;
};

/** Connects a stream with its sink. What it returns is called when the client is gone. */
export type Attach = (sink: Sink) => () => void;

/** An end, without anything personal. `data` is there, and empty: an event without it is dispatched to nobody. */
export const endedEvent = 'event: ended\ndata:\n\n';
/** A comment keeps proxies from closing an idle connection, and runs no script. */
export const comment = ':\n\n';

const retryMsMin = 2_000;
const retryMsMax = 6_000;

/** When the browser connects again by itself. Random, so that not all come back at once after a restart. */
export const retryField = (): string =>
  `retry: ${retryMsMin + Math.floor(Math.random() * (retryMsMax - retryMsMin + 1))}\n`;

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  // nginx would collect the events in a buffer.
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
} as const;

const attachments = new WeakMap<Response, Attach>();

/** How to connect the stream of this response, whose body must not be read then. */
export const attachmentOf = (response: Response): Attach | undefined => attachments.get(response);

/** A stream that has said all that it has to say. */
export const finishedStream = (text: string): Response => new Response(text, { headers });

/** A response whose body is the stream; it is connected when somebody begins to read it. `drop`: nobody ever will. */
export function openStream(attach: Attach, drop: () => void): Response {
  let onClosed: (() => void) | undefined;
  // Nothing is read ahead, so what is in the queue is what the client has not taken.
  const strategy = { highWaterMark: 0, size: ({ byteLength }: Uint8Array) => byteLength };
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        onClosed ??= attach(sinkOf(controller));
      },
      cancel: () => (onClosed ?? drop)(),
    },
    strategy,
  );
  const response = new Response(body, { headers });
  attachments.set(response, attach);
  return response;
}

const encoder = new TextEncoder();

function sinkOf(controller: ReadableStreamDefaultController<Uint8Array>): Sink {
  const write = (text: string) => controller.enqueue(encoder.encode(text));
  return {
    write,
    pending: () => -(controller.desiredSize ?? 0),
    end: (text) => {
      write(text);
      controller.close();
    },
    destroy: () => controller.error(new Error('The client takes nothing any more.')),
  };
}
