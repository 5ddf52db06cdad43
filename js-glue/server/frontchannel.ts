// OpenID Connect Front-Channel Logout 1.0 §3: a request of the user's own browser, in a frame of the provider's page.
// It proves nothing, so it only ends a session whose id is known to a node: one whose browser is connected, or was a
// short while ago. Whoever knows such an id is the provider, or one of its clients. Nothing of it is stored in the bus.

import { addressOf } from './address.js';
import type { Channel } from './channel.js';
import { sessionChannel } from './channel.js';
import type { Ends } from './ends.js';
import type { Issuer, LogEntry } from './options.js';
import { oauthError, otherMethod, retryAfter } from './replies.js';
import type { Streams } from './streams.js';
import { isId } from './verify.js';

export type FrontchannelOptions = {
  readonly issuers: readonly Issuer[];
  readonly streams: Streams;
  readonly ends: Ends;
  readonly trustProxy: number;
  readonly log: (entry: LogEntry) => void;
  /** Whether one more may be passed on that comes from this address. */
  readonly hasRoomFor: (address: string) => boolean;
  /** Whether one more may be passed on whose id is not known here. */
  readonly hasRoom: () => boolean;
};

export async function answerFrontchannel(request: Request, options: FrontchannelOptions): Promise<Response> {
  const wrong = otherMethod(request, 'GET');
  if (wrong !== undefined) return wrong;
  const { searchParams } = new URL(request.url);
  const channels = channelsOf(searchParams.getAll('iss'), searchParams.getAll('sid'), options.issuers);
  if (channels === undefined)
    return oauthError(
      400,
      'invalid_request',
      'Wanted: `sid`, and `iss` of an issuer from which it is accepted, once each.',
    );
  const address = addressOf(request, options.trustProxy);
  try {
    for (const channel of channels)
      if (!(await end(channel, address, options)))
        return oauthError(429, 'temporarily_unavailable', 'Too many logouts at once.', retryAfter(1));
  } catch {
    options.log({ level: 'error', event: 'frontchannel-logout-failed', why: 'bus-unavailable' });
    return oauthError(503, 'temporarily_unavailable', 'Other nodes cannot be asked.', retryAfter(5));
  }
  return page();
}

/** Here at once, whatever the bounds: they are on messages to the other nodes. False where nothing was done. */
async function end(channel: Channel, address: string, options: FrontchannelOptions): Promise<boolean> {
  const { streams, ends, log, hasRoomFor, hasRoom } = options;
  const isKnown = streams.knows(channel);
  if (isKnown) {
    ends.addUnproven(channel);
    log({ level: 'info', event: 'frontchannel-logout' });
  }
  // First the address: one alone must not take the room of all others.
  if (!hasRoomFor(address) || !(isKnown || hasRoom())) return isKnown;
  await ends.ask(channel);
  return true;
}

/** Undefined where the request is not as it must be. */
function channelsOf(
  iss: readonly string[],
  sid: readonly string[],
  issuers: readonly Issuer[],
): readonly Channel[] | undefined {
  const [id] = sid;
  if (sid.length !== 1 || !isId(id) || iss.length > 1) return undefined;
  const meant = issuers.filter(({ issuer, frontchannel, requireIssuer }) => {
    if (frontchannel !== true) return false;
    return iss.length === 0 ? requireIssuer === false : issuer === iss[0];
  });
  return meant.length === 0 ? undefined : meant.map(({ issuer }) => sessionChannel(issuer, id));
}

/** The same answer whether anything was ended or not: it must not say which ids are known. */
function page(): Response {
  return new Response('<!doctype html><title>Signed out</title>', {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-cache, no-store',
      'Content-Security-Policy': "default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
