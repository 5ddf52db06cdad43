// The messages between an app and its hub (PROTOCOL.md §2 and §3): texts made of requests, and messages read from texts
// that may come from anybody. It checks shape alone; what a message means is decided by the hub.

import { attempt } from './attempt.js';
import { LockstepError, type LockstepErrorCode } from './errors.js';
import { protocolVersion } from './limits.js';
import type { CheckOutcome, CheckReason, EndReason, Json, SessionEvents, Snapshot } from './types.js';

export type Claims = Readonly<Record<string, Json>>;

/** What happened to the session. Its other members are those of the event that the app receives. */
export type SessionEvent = { readonly type: Exclude<keyof SessionEvents, 'error'> };

/** Of a duty. */
export type Outcome = {
  readonly outcome: CheckOutcome | 'done';
  readonly expiresAt?: number | undefined;
  readonly claims?: Claims | undefined;
};

/** What the app showed before a handshake. */
export type Last = { readonly session: string | undefined; readonly subject: string | undefined };

export type AppMessage =
  | {
      readonly lockstep: typeof protocolVersion;
      readonly type: 'hello';
      readonly client: string;
      readonly last: Last | undefined;
    }
  | {
      readonly type: 'login';
      readonly id: number;
      readonly subject: string;
      readonly sessionId: string | undefined;
      readonly expiresAt: number | undefined;
      readonly claims: Claims | undefined;
      readonly lastEnd: string | undefined;
    }
  | { readonly type: 'logout'; readonly id: number; readonly session: string | undefined }
  | { readonly type: 'check' | 'wake'; readonly id: number }
  | { readonly type: 'allows'; readonly id: number; readonly origin: string }
  | {
      readonly type: 'scope';
      readonly id: number;
      readonly label: string | undefined;
      readonly style: string | undefined;
    }
  | { readonly type: 'duties'; readonly can: readonly DutyCall['duty'][] }
  | ({ readonly type: 'outcome'; readonly call: number } & Outcome)
  | { readonly type: 'touch' | 'goodbye' };

/** A message that has a reply. */
type RequestMessage = Extract<AppMessage, { readonly id: number }>;
export type RequestType = RequestMessage['type'];
/** What else a request holds. */
export type Members<T extends RequestType> = Omit<Extract<RequestMessage, { readonly type: T }>, 'type' | 'id'>;

/** A `welcome` and a `changed` hold the same; only the first opens the port. */
export type SessionUpdate = {
  readonly type: 'welcome' | 'changed';
  /** Of a welcome. */
  readonly capabilities: readonly string[] | undefined;
  readonly session: string | undefined;
  readonly lastEnd: string | undefined;
  readonly snapshot: Snapshot;
  readonly events: readonly SessionEvent[];
};
/** What comes over an open port, and a goodbye, which closes it. */
export type HubMessage = PortMessage | { readonly type: 'goodbye'; readonly error: LockstepError };
export type PortMessage =
  | SessionUpdate
  | Reply
  | DutyMessage
  | { readonly type: 'error-notice'; readonly error: LockstepError };

export type Reply = {
  readonly type: 'reply';
  readonly id: number;
  readonly error: LockstepError | undefined;
  /** Of a check. */
  readonly outcome?: CheckOutcome;
};

/** The hub calls a duty of this app, in the place of all tabs. */
export type DutyCall = { readonly type: 'duty'; readonly call: number; readonly sessionId?: string } & (
  | { readonly duty: 'check'; readonly reason: CheckReason }
  | { readonly duty: 'end'; readonly reason: EndReason }
);
export type DutyMessage = DutyCall | { readonly type: 'cancel'; readonly call: number };

/** Members keep the order they were given; undefined ones are left out. */
export function encode(message: AppMessage): string {
  return JSON.stringify(message);
}

/**
 * Undefined where the text is no message of PROTOCOL.md §3. A message is frozen to the bottom: an app must not be able
 * to change what other parts of the page see.
 */
export function decode(text: unknown): HubMessage | undefined {
  if (typeof text !== 'string') return undefined;
  return attempt(() => messageOf(JSON.parse(text, (_, value) => Object.freeze(value))));
}

type Parsed = { readonly [member: string]: unknown };

/** Throws where a member that it needs is missing. */
function messageOf(parsed: Parsed): HubMessage | undefined {
  const { type, error } = parsed;
  switch (type) {
    case 'welcome':
      if (parsed.lockstep === protocolVersion) return updateOf(parsed as SessionUpdate);
      return { type: 'goodbye', error: new LockstepError('version', 'Update lockstep.') };
    case 'changed':
      return updateOf(parsed as SessionUpdate);
    case 'reply':
      return { ...(parsed as Reply), error: error === undefined ? undefined : errorOf(error) };
    case 'duty':
    case 'cancel':
      return parsed as DutyMessage;
    case 'error-notice':
    case 'goodbye':
      return { type, error: errorOf(error) };
    default:
      return undefined;
  }
}

/** A snapshot of a hub is never `connecting`. Throws where a list is none. */
function updateOf(parsed: SessionUpdate): SessionUpdate | undefined {
  const { capabilities = [], session = '', snapshot, events } = parsed;
  const { status, subject, scope, medium, upgrade, error } = snapshot;
  const own = status === 'signed-in' ? subject : status === 'unavailable' ? error : status === 'signed-out';
  if (!own || ![snapshot, { session, scope, medium, upgrade }, ...capabilities, ...events].every(isWellFormed)) {
    return undefined;
  }
  return { ...parsed, snapshot: error ? Object.freeze({ ...snapshot, error: errorOf(error) }) : snapshot };
}

/** A later hub may have a code that is not in the list; an app gets it as it is (PROTOCOL.md §3). */
function errorOf(parsed: unknown): LockstepError {
  const { code, message } = parsed as LockstepError;
  return new LockstepError(`${code}` as LockstepErrorCode, message);
}

/**
 * Has each member the kind that its name says (PROTOCOL.md §3), whether this client knows it or not? Nobody listens to
 * an event of a type that no client knows; the types that are the client's own are not the hub's to send.
 */
function isWellFormed(members: object | string): boolean {
  return Object.entries(members).every(([name, value]) => {
    const text = name + JSON.stringify(value);
    return (
      /^((claims|error){|(own|idleWarning)t|\w+At\d{1,16}$|\w+")/.test(text) &&
      !/^((claims|error|own|idleWarning|\w+At)"|type"(change|error)")/.test(text)
    );
  });
}
