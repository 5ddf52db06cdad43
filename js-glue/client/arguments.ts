// What an app passes in, checked on the spot: TypeScript's types do not protect those who write JavaScript. A refusal
// never repeats a value, since that might be secret (R13). Bounds and rules are the hub's to check, but where the hub
// has no reply to say so.

import { addressOf } from './address.js';
import { LockstepError } from './errors.js';
import { epochMsMin, messageDepthMax, timeoutMsDefault, timeoutMsMax } from './limits.js';
import type { ActivityOptions, ConnectOptions, Expiry, Login, LoginAdapter } from './types.js';
import type { Claims, Members } from './wire.js';
import { inCallersZone } from './zones.js';

export type Options = Pick<ConnectOptions, 'checkSession' | 'endSession'> & {
  readonly attach: LoginAdapter['attach'] | undefined;
  readonly hub: URL;
  readonly timeoutMs: number;
  readonly activity: false | ActivityOptions;
};

/** An app without TypeScript may pass anything, or nothing. */
export function checkedOptions(options: ConnectOptions): Options {
  const { hub, timeoutMs = timeoutMsDefault, activity, adapter, ...duties }: Partial<ConnectOptions> = Object(options);
  const { attach, checkSession, endSession }: Partial<LoginAdapter> = adapter ?? duties;
  const url = addressOf(hub);
  demand(url !== undefined && /^https?:$/.test(url.protocol), 'hub', 'an http(s) URL');
  demand(timeoutMs > 0 && timeoutMs <= timeoutMsMax, 'timeoutMs', 'above 0');
  demand(!adapter || !(duties.checkSession ?? duties.endSession), 'adapter', 'without duties beside it');
  demand([attach, checkSession, endSession].every(isAbsentOrFunction), 'checkSession and endSession', 'functions');
  return {
    hub: url,
    timeoutMs,
    activity: activity !== false && Object(activity),
    checkSession: inCallersZone(checkSession),
    endSession: inCallersZone(endSession),
    attach: inCallersZone(attach),
  };
}

/** Every member is there, so that the order on the wire does not depend on the caller's. */
export function checkedLogin(login: Login): Omit<Members<'login'>, 'lastEnd'> {
  const { subject, sessionId, claims, ...terms }: Partial<Login> = Object(login);
  demand(isNonEmptyText(subject) && isNonEmptyText(sessionId ?? subject), 'subject and sessionId', 'non-empty strings');
  return { subject, sessionId, expiresAt: checkedExpiry(terms), claims: checkedClaims(claims) };
}

export function demand(holds: boolean, name: string, what: string): asserts holds {
  if (!holds) throw new LockstepError('invalid-argument', `${name} must be ${what}.`);
}

/** By this machine's clock. Whether the time has passed is for the hub to say. */
export function checkedExpiry({ expiresAt, expiresIn }: Expiry): number | undefined {
  const time = expiresIn == null ? expiresAt : Date.now() + expiresIn * 1000;
  if (time == null) return undefined;
  demand(Number.isFinite(time) && time >= epochMsMin, 'expiresAt', 'in ms, expiresIn in s');
  return Math.trunc(time);
}

export function checkedClaims(claims: object | null | undefined): Claims | undefined {
  if (claims === undefined || claims === null) return undefined;
  demand(isRecord(claims) && isPlain(claims, 0), 'claims', 'plain JSON');
  return claims as Claims;
}

function isAbsentOrFunction(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'function';
}

function isNonEmptyText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Of this realm or another: an object literal, or one without a prototype. */
function isRecord(value: unknown): value is object {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/**
 * Survives JSON as it is; what is undefined counts as absent. No message may be nested as deep, which also ends a
 * circle.
 */
function isPlain(value: unknown, depth: number): boolean {
  if (value == null || /string|boolean/.test(typeof value) || Number.isFinite(value)) return true;
  const isNested = isRecord(value) || Array.isArray(value);
  return isNested && depth < messageDepthMax && Object.values(value).every((member) => isPlain(member, depth + 1));
}
