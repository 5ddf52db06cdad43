// What an app passes in, checked on the spot: TypeScript's types do not protect those who write JavaScript. A refusal never
// repeats a value, since that might be secret (R13). Bounds and rules are the hub's to check.

import { LockstepError } from './errors.js';
import { epochMsMin, messageDepthMax, timeoutMsDefault, timeoutMsMax } from './limits.js';
import type { CheckResult, ConnectOptions, Login } from './types.js';
import type { Members } from './wire.js';

export type Options = {
  readonly hub: URL;
  readonly timeoutMs: number;
  readonly activity: boolean;
  readonly checkSession: ConnectOptions['checkSession'];
  readonly endSession: ConnectOptions['endSession'];
};

export function checkedOptions(options: ConnectOptions): Options {
  const { hub, timeoutMs = timeoutMsDefault, activity, checkSession, endSession } = Object(options) as ConnectOptions;
  let url: URL | undefined;
  try {
    url = new URL(hub);
  } catch {}
  demand(/^https?:/.test(`${url}`), 'hub', 'an http(s) URL');
  demand(timeoutMs > 0 && timeoutMs <= timeoutMsMax, 'timeoutMs', 'above 0');
  demand(isFunction(checkSession) && isFunction(endSession), 'checkSession and endSession', 'functions');
  return { hub: url as URL, timeoutMs, activity: activity !== false, checkSession, endSession };
}

/** Every member is there, so that the order on the wire does not hang on the caller's. */
export function checkedLogin(login: Login): Members<'login'> {
  const { subject, sessionId } = Object(login) as Login;
  demand(isName(subject) && isName(sessionId ?? subject), 'subject and sessionId', 'non-empty strings');
  return { subject, sessionId, ...checkedTerms(login) };
}

/** What a login and a check both say of a session. */
export function checkedTerms({ expiresAt, claims }: Pick<CheckResult, 'expiresAt' | 'claims'>) {
  const at = expiresAt ?? epochMsMin;
  demand(Number.isFinite(at) && at >= epochMsMin, 'expiresAt', 'in milliseconds');
  demand(isRecord(claims ?? {}) && isPlain(claims), 'claims', 'plain JSON');
  return { expiresAt: expiresAt ? Math.trunc(expiresAt) : undefined, claims: claims ?? undefined };
}

export function demand(holds: boolean, name: string, what: string): void {
  if (!holds) throw new LockstepError('invalid-argument', `${name} must be ${what}.`);
}

function isFunction(value: unknown): boolean {
  return typeof (value ?? demand) === 'function';
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isRecord(value: unknown): value is object {
  return {}.toString.call(value) === '[object Object]';
}

/** Survives JSON as it is; what is undefined counts as absent. No message may be nested as deep, which also ends a circle. */
function isPlain(value: unknown, depth = 0): boolean {
  return (
    value == null ||
    ['string', 'boolean'].includes(typeof value) ||
    Number.isFinite(value) ||
    ((isRecord(value) || Array.isArray(value)) &&
      depth < messageDepthMax &&
      Object.values(value).every((member) => isPlain(member, depth + 1)))
  );
}
