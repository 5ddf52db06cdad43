// `GET <push.url>`: the stream of one browser (PROTOCOL §6.2). No cookie is read, and nobody is identified: who knows
// the channel of a session may learn that it has ended, and nothing else.

import { addressOf, networkOf } from './address.js';
import { type Channel, isChannel, jointChannel } from './channel.js';
import type { Level } from './level.js';
import { oauthError, otherMethod, retryAfter } from './replies.js';
import { endedEvent, finishedStream, openStream, retryField } from './stream.js';
import type { Bound, Streams } from './streams.js';

export type EventsOptions = {
  readonly streams: Streams;
  readonly level: Level;
  readonly trustProxy: number;
  readonly now: () => number;
  /** Called with the bound that keeps a browser out. */
  readonly onRefused: (bound: Bound) => void;
};

/** Seconds after which a browser that was refused may come again. */
const refusedSeconds = 30;
const statuses: Readonly<Record<Bound, number>> = { all: 503, address: 429, network: 429 };

export async function answerEvents(request: Request, options: EventsOptions): Promise<Response> {
  const refusal = otherMethod(request, 'GET') ?? refuseOtherOrigins(request);
  if (refusal !== undefined) return refusal;
  const query = queryOf(request.url);
  if (query === undefined)
    return oauthError(400, 'invalid_request', 'Wanted: `subject`, `age` and perhaps `session`, once each.');
  const { streams, level } = options;
  const address = addressOf(request, options.trustProxy);
  const stream = streams.open({
    channels: query.channels,
    createdAt: options.now() - query.ageMs,
    address,
    network: networkOf(address),
  });
  if (typeof stream === 'string') {
    options.onRefused(stream);
    return oauthError(statuses[stream], 'temporarily_unavailable', 'Too many streams.', retryAfter(refusedSeconds));
  }
  if (await level.hasEnded(stream)) {
    streams.drop(stream);
    return finishedStream(retryField() + endedEvent);
  }
  return openStream(
    (sink) => streams.attach(stream, sink),
    () => streams.drop(stream),
  );
}

/** Only the hub needs it, from its own origin. Any other page could make its visitors hold connections here. */
function refuseOtherOrigins(request: Request): Response | undefined {
  const site = request.headers.get('sec-fetch-site');
  if (site === null || site === 'same-origin') return undefined;
  return oauthError(403, 'access_denied', 'Streams are for pages of this origin.');
}

const names: ReadonlySet<string> = new Set(['session', 'subject', 'age']);

/** Undefined where it is not exactly as it must be. */
function queryOf(url: string): { readonly channels: readonly Channel[]; readonly ageMs: number } | undefined {
  const { searchParams } = new URL(url);
  const given = [...searchParams.keys()];
  if (new Set(given).size !== given.length || !given.every((name) => names.has(name))) return undefined;
  const [session, subject, age] = ['session', 'subject', 'age'].map((name) => searchParams.get(name));
  if (!subject || !isChannel(subject) || !/^\d{1,15}$/.test(age ?? '')) return undefined;
  const ageMs = Number(age);
  if (session === null || session === undefined) return { channels: [subject], ageMs };
  return isChannel(session) ? { channels: [session, subject, jointChannel(session, subject)], ageMs } : undefined;
}
