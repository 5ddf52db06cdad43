// What an app passes in, checked on the spot: TypeScript's types do not protect those who write JavaScript. A refusal never
// repeats a value, since that might be secret (R13). Bounds and rules are the hub's to check.

import { LockstepError } from './errors.js';
import { epochMsMin, messageDepthMax, timeoutMsDefault, timeoutMsMax } from './limits.js';
import type { ConnectOptions, Login } from './types.js';

export type Options = { readonly hub: URL; readonly timeoutMs: number; readonly activity: boolean };

/** Every member is there, so that the order on the wire does not hang on the caller's. */
export type CheckedLogin = { readonly [K in keyof Login]-?: Login[K] | undefined } & Pick<Login, 'subject'>;

export function checkedOptions(options: ConnectOptions): Options {
  const { hub, timeoutMs = timeoutMsDefault, activity } = Object(options) as ConnectOptions;
  let url: URL | undefined;
  try {
    url = new URL(hub);
  } catch {}
  demand(/^https?:$/.test(`${url?.protocol}`), 'hub', 'an absolute http or https URL');
  demand(timeoutMs > 0 && timeoutMs <= timeoutMsMax, 'timeoutMs', 'above 0');
  return { hub: url as URL, timeoutMs, activity: activity !== false };
}

export function checkedLogin(login: Login): CheckedLogin {
  const { subject, sessionId, expiresAt, claims } = Object(login) as Login;
  const at = expiresAt ?? epochMsMin;
  demand(isName(subject) && isName(sessionId ?? subject), 'subject and sessionId', 'non-empty strings');
  demand(Number.isFinite(at) && at >= epochMsMin, 'expiresAt', 'in milliseconds');
  demand(isRecord(claims ?? {}) && isPlain(claims), 'claims', 'an object of plain JSON');
  return { subject, sessionId, expiresAt: expiresAt && Math.trunc(expiresAt), claims };
}

export function demand(holds: boolean, name: string, what: string): void {
  if (!holds) throw new LockstepError('invalid-argument', `${name} must be ${what}.`);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isRecord(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/** Survives JSON as it is; what is undefined counts as absent. No message may be nested as deep, which also ends a circle. */
function isPlain(value: unknown, depth = 0): boolean {
  if (isRecord(value) || Array.isArray(value)) {
    return depth < messageDepthMax && Object.values(value as object).every((member) => isPlain(member, depth + 1));
  }
  return value == null || /string|boolean/.test(typeof value) || Number.isFinite(value);
}
