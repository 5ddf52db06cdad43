// The one error class and its closed list of codes. A message says what happened and what to do; it never repeats
// a value an app passed in, since that might be secret.

/** Every code there is. */
export const errorCodes = [
  // The hub cannot be reached or used: the snapshot is `unavailable`.
  'hub-unreachable',
  'hub-not-found',
  'not-a-hub',
  'frame-blocked',
  'frame-refused',
  'origin-refused',
  'wasm-refused',
  'timeout',
  'version',
  'hub-outdated',
  // A request was refused: PROTOCOL.md §3.
  'malformed',
  'oversized',
  'forbidden',
  'rate-limited',
  'secret-refused',
  'already-expired',
  'session-ended',
  'storage-failed',
  'replaced',
  // Of the client's own.
  'invalid-argument',
  'closed',
  // A duty of the app's threw, or gave what is no result: told as an `error` event, with what it threw as `cause`.
  'duty-failed',
] as const;

/** Says by itself what happened; the message says what to do. */
export type LockstepErrorCode = (typeof errorCodes)[number];

/** The only error this library throws, rejects with, or shows in a snapshot. */
export class LockstepError extends Error {
  override readonly name = 'LockstepError';
  declare readonly code: LockstepErrorCode;

  constructor(code: LockstepErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Nothing more can be told than that. */
export function timedOut(cause?: unknown): LockstepError {
  return new LockstepError('timeout', 'The hub did not answer.', { cause });
}
