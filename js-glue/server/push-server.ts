// Puts the parts of the push server together. What travels is PROTOCOL §6; nothing here knows HTTP beyond Request and
// Response, so that it runs below any framework.

import { memoryBus } from './bus.js';
import { sessionChannel, subjectChannel } from './channel.js';
import { createEnds } from './ends.js';
import { PushError } from './errors.js';
import { answerEvents } from './events.js';
import { answerFrontchannel } from './frontchannel.js';
import { keysOf } from './keys.js';
import { createLevel } from './level.js';
import { createLimiter, createLimiters, limitedLog } from './limiter.js';
import { type Issuer, type LogEntry, type PushOptions, type Settings, settingsOf } from './options.js';
import { answerLogoutToken, answerSecurityEvent } from './receive.js';
import { empty, retryAfter } from './replies.js';
import type { Transmitter } from './security-event.js';
import { answerSession } from './session.js';
import { createStreams } from './streams.js';
import { createAccept } from './used.js';
import { isId } from './verify.js';

/** Never rejects: what cannot be answered has an answer that says so. */
export type Handler = (request: Request) => Promise<Response>;

export type Revocation = {
  /** Only needed where there are several. */
  readonly issuer?: string;
  /** Ends this session. */
  readonly sessionId?: string;
  /** Without `sessionId`: ends all sessions of this person. */
  readonly subject?: string;
};

export type Health = { readonly streams: number; readonly ends: number; readonly bus: 'available' | 'unavailable' };

export type PushServer = {
  /** `POST`: OpenID Connect Back-Channel Logout 1.0. */
  readonly backchannelLogout: Handler;
  /** `GET`: OpenID Connect Front-Channel Logout 1.0. */
  readonly frontchannelLogout: Handler;
  /** `POST`: security events (CAEP `session-revoked`) by RFC 8935. */
  readonly securityEvents: Handler;
  /** `GET`, at the hub's origin: `push.url`. */
  readonly events: Handler;
  /** `GET`, at the hub's origin: `check.url`. */
  readonly session: Handler;
  /** Resolves when the end is kept. Rejects with a `PushError` otherwise: then call it again. */
  readonly revoke: (revocation: Revocation) => Promise<void>;
  /** Resolves when ends of other nodes arrive here; until then they are found when a browser connects. */
  readonly ready: Promise<void>;
  readonly health: () => Health;
  /** Ends all streams and refuses new ones. The bus's client stays open. */
  readonly close: () => Promise<void>;
};

/** Front-channel logouts that are passed on in a second: of ids that are not known here, and of one address. */
const questionsPerSecond = 100;
const questionsPerAddress = 20;
const millisecondsInSecond = 1_000;

/** Throws a `PushError` with the code `bad-options` where the options cannot work. */
export function createPushServer(options: PushOptions): PushServer {
  const settings = settingsOf(options);
  const { issuers, bus = memoryBus(), now = Date.now } = options;
  const write = options.log ?? (() => undefined);
  // What was proven is always written; whatever a stranger can cause is not.
  const log = limitedLog(write, ({ level }) => level === 'info', now);
  const streams = createStreams({ ...settings, now });
  const ends = createEnds({
    bus,
    timeoutMs: settings.busTimeoutMs,
    now,
    log,
    onEnds: streams.apply,
    onQuestion: (channel) => {
      if (streams.knows(channel)) ends.addUnproven(channel);
    },
    onResumed: () => level.readAgain(),
  });
  const level = createLevel(ends, streams);
  const received = { accept: createAccept(ends), now, log };
  // Not older than what is remembered, by a clock that may differ: an older one could have been used before.
  const age = Math.max(0, Math.floor(bus.ttlMs / millisecondsInSecond) - 2 * settings.clockToleranceSeconds);
  const tokenAgeSecondsMax = Math.min(settings.tokenAgeSecondsMax, age);
  const tokens = { ...clocks(settings, now), tokenAgeSecondsMax, issuers: trusted(options) };
  const setOptions = { ...clocks(settings, now), tokenAgeSecondsMax: age, transmitters: transmittersOf(options) };
  const frontchannel = {
    ...{ issuers, streams, ends, trustProxy: settings.trustProxy },
    log: limitedLog(write, () => false, now),
    hasRoomFor: createLimiters(questionsPerAddress, now),
    hasRoom: createLimiter(questionsPerSecond, now),
  };
  const mayLog = createLimiter(1, now);
  const onRefused = (bound: string) => {
    // Behind a proxy that is not counted all browsers have one address, and the owner must learn of it.
    if (mayLog()) log({ level: 'warning', event: 'stream-refused', bound });
  };
  const events = { streams, level, now, trustProxy: settings.trustProxy, onRefused };
  let hasSaidNoTime = false;
  const onNoTime = (): void => {
    if (!hasSaidNoTime) log({ level: 'warning', event: 'session-without-signed-in-at' });
    hasSaidNoTime = true;
  };
  const sessions = { sessionOf: options.sessionOf, issuers, ends, log, onNoTime };
  let isClosed = false;
  const guarded = (handler: Handler): Handler => guard(handler, () => isClosed, log);

  return {
    backchannelLogout: guarded((request) => answerLogoutToken(request, tokens, received)),
    frontchannelLogout: guarded((request) => answerFrontchannel(request, frontchannel)),
    securityEvents: guarded((request) => answerSecurityEvent(request, setOptions, received)),
    events: guarded((request) => answerEvents(request, events)),
    session: guarded((request) => answerSession(request, sessions)),
    revoke: async (revocation) => {
      if (isClosed) throw new PushError('closed', 'The push server is closed.');
      await ends.publish([{ channel: channelOf(revocation, issuers), at: now() }]);
      log({ level: 'info', event: 'revoked' });
    },
    ready: ends.ready,
    health: () => ({
      streams: streams.size(),
      ends: ends.size(),
      bus: ends.isAvailable() ? 'available' : 'unavailable',
    }),
    close: async () => {
      isClosed = true;
      level.close();
      streams.close();
      await ends.close();
    },
  };
}

function guard(handler: Handler, isClosed: () => boolean, log: (entry: LogEntry) => void): Handler {
  return async (request) => {
    if (isClosed()) return empty(503, retryAfter(1));
    try {
      return await handler(request);
    } catch {
      // Each handler has its own answers, so this is a fault of ours; its text might repeat the request.
      log({ level: 'error', event: 'failed' });
      return empty(500);
    }
  };
}

function clocks({ tokenAgeSecondsMax, clockToleranceSeconds }: Settings, now: () => number) {
  return { tokenAgeSecondsMax, clockToleranceSeconds, now };
}

function trusted({ issuers, fetch = globalThis.fetch, now = Date.now }: PushOptions) {
  return new Map(
    issuers.map((issuer) => {
      const keys = keysOf({ issuer: issuer.issuer, jwksUri: issuer.jwksUri, fetch, now });
      return [issuer.issuer, { issuer, keys }] as const;
    }),
  );
}

function transmittersOf({ issuers, fetch = globalThis.fetch, now = Date.now }: PushOptions): readonly Transmitter[] {
  return issuers.flatMap((issuer) => {
    const agreed = issuer.securityEvents;
    if (agreed === undefined) return [];
    const { transmitter = issuer.issuer } = agreed;
    const jwksUri = agreed.jwksUri ?? (transmitter === issuer.issuer ? issuer.jwksUri : undefined);
    return [{ issuer, agreed, keys: keysOf({ issuer: transmitter, jwksUri, fetch, now }) }];
  });
}

function channelOf({ issuer, sessionId, subject }: Revocation, issuers: readonly Issuer[]) {
  if (issuer === undefined && issuers.length > 1) refuse('`revoke` needs `issuer`: there are several.');
  const name = issuer ?? issuers[0]?.issuer ?? '';
  if (!issuers.some((known) => known.issuer === name)) refuse('`revoke` was given an issuer that is not listed.');
  if (sessionId !== undefined) {
    if (!isId(sessionId)) refuse('`sessionId` must be a text of 1 to 1,024 characters.');
    return sessionChannel(name, sessionId);
  }
  if (!isId(subject)) refuse('`revoke` needs `sessionId`, or `subject`: a text of 1 to 1,024 characters.');
  return subjectChannel(name, subject);
}

function refuse(sentence: string): never {
  throw new PushError('bad-options', sentence);
}
