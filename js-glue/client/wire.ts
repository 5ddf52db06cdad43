// What travels between an app and its hub (PROTOCOL.md §2 and §3): texts out of requests, and messages out of texts that
// nobody vouches for. It checks shape alone; what a message means is decided by the hub.

import { LockstepError } from './errors.js';
import { protocolVersion } from './limits.js';
import type { CheckOutcome, CheckReason, EndReason, Json, SessionEvents, Snapshot } from './types.js';

/** A step of the story, as the hub tells it. Its other members are those of the event that the app sees. */
export type HubEvent = { readonly type: Exclude<keyof SessionEvents, 'error'> };

export type AppMessage =
  | {
      readonly lockstep: typeof protocolVersion;
      readonly type: 'hello';
      readonly client: string;
      readonly last: { readonly session: string | undefined; readonly subject: string | undefined } | undefined;
    }
  | {
      readonly type: 'login';
      readonly id: number;
      readonly subject: string;
      readonly sessionId: string | undefined;
      readonly expiresAt: number | undefined;
      readonly claims: Readonly<Record<string, Json>> | undefined;
    }
  | { readonly type: 'logout'; readonly id: number; readonly session: string | undefined }
  | { readonly type: 'check'; readonly id: number }
  | { readonly type: 'allows'; readonly id: number; readonly origin: string }
  | {
      readonly type: 'scope';
      readonly id: number;
      readonly label: string | undefined;
      readonly style: string | undefined;
    }
  | { readonly type: 'duties'; readonly can: readonly DutyCall['duty'][] }
  | {
      readonly type: 'outcome';
      readonly call: number;
      readonly outcome: CheckOutcome | 'done';
      readonly expiresAt?: number | undefined;
      readonly claims?: Readonly<Record<string, Json>> | undefined;
    }
  | { readonly type: 'touch' | 'wake' | 'goodbye' };

/** What has a reply. */
type Question = Extract<AppMessage, { readonly id: number }>;
export type Asked = Question['type'];
/** What else a question says. */
export type Members<T extends Asked> = Omit<Extract<Question, { readonly type: T }>, 'type' | 'id'>;

/** A `welcome` and a `changed` tell the same; only the first opens the port. */
export type Told = {
  readonly type: 'welcome' | 'changed';
  /** Of a welcome. */
  readonly capabilities: readonly string[] | undefined;
  readonly session: string | undefined;
  /** As it came, until it has been looked at. */
  snapshot: Snapshot;
  readonly events: readonly HubEvent[];
};
/** What comes over an open port, and a goodbye, which closes it. */
export type HubMessage = PortMessage | { readonly type: 'goodbye'; readonly error: LockstepError };
export type PortMessage = Told | Reply | DutyMessage | { readonly type: 'error-notice'; readonly error: LockstepError };

export type Reply = {
  readonly type: 'reply';
  readonly id: number;
  readonly error: LockstepError | undefined;
  /** Of a check. */
  readonly outcome?: CheckOutcome;
};

/** What the hub asks of this app in the place of all tabs. */
export type DutyCall = { readonly type: 'duty'; readonly call: number; readonly sessionId?: string } & (
  | { readonly duty: 'check'; readonly reason: CheckReason }
  | { readonly duty: 'end'; readonly reason: EndReason }
);
export type DutyMessage = DutyCall | { readonly type: 'cancel'; readonly call: number };

/** Members keep the order they were given; undefined ones are left out. */
export function encode(message: AppMessage): string {
  return JSON.stringify(message);
}

/** What is no message of PROTOCOL.md §3 gives undefined. Its snapshot is frozen. */
export function decode(text: unknown): HubMessage | undefined {
  try {
    if (typeof text === 'string') return messageOf(JSON.parse(text));
  } catch {}
}

type Parsed = { readonly [member: string]: unknown; readonly error?: object };

/** The whole of it: an app must not be able to change what the others are shown. */
function frozen<T>(value: T): T {
  if (typeof value === 'object') for (const name in Object.freeze(value)) frozen((value as never)[name]);
  return value;
}

/** Throws where it cannot go on, which `decode` takes for no message. */
function messageOf(parsed: Parsed): HubMessage | undefined {
  const { type, error } = parsed;
  if (type === 'changed' || (type === 'welcome' && parsed.lockstep === protocolVersion)) return toldOf(parsed as Told);
  if (type === 'welcome') return { type: 'goodbye', error: new LockstepError('version', 'Update lockstep.') };
  if (type === 'reply') return { ...(parsed as Reply), error: error && errorOf(error) };
  if (/^(duty|cancel)$/.test(type as string)) return parsed as DutyMessage;
  return /^(error-notice|goodbye)$/.test(type as string) ? { type: type as 'error-notice', error: errorOf(error) } : undefined;
}

/** The same object, since nobody else has it. What cannot be sliced is no list. */
function toldOf(told: Told): Told {
  told.capabilities?.slice();
  told.events.slice();
  told.snapshot = snapshotOf(told.snapshot);
  return told;
}

/** Members that this client does not know pass. */
function snapshotOf(snapshot: Snapshot): Snapshot {
  const { status, scope, medium, upgrade, error } = frozen(snapshot);
  if (!['signed-in', 'signed-out', 'unavailable'].includes(status) || !scope || !medium || !upgrade) throw snapshot;
  return error || status === 'unavailable' ? Object.freeze({ ...snapshot, error: errorOf(error) }) : snapshot;
}

/** Of one protocol version, both sides have the same list of codes. */
function errorOf(parsed: unknown): LockstepError {
  const { code, message } = Object(parsed);
  return new LockstepError(code, message);
}
