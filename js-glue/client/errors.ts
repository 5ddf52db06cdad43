// The one error class and its closed list of codes. A message says what happened and what to do; it never repeats a
// value an app passed in, since that might be secret. Two copies of the client in one document have two classes, and
// share one connection: recognise an error by its `name` and `code`, not by `instanceof`.

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
  'hub-failed',
  'timeout',
  'version',
  'hub-outdated',
  // A request was refused: PROTOCOL.md §3.
  'malformed',
  'oversized',
  'forbidden',
  'rate-limited',
  'secret-refused',
  'session-ended',
  'storage-failed',
  'replaced',
  // The client's own.
  'invalid-argument',
  'closed',
  // A duty of the app's threw, or returned what is no result: an `error` event, with the reason as
  // `cause`.
  'duty-failed',
  // `followLogin` has stopped: an `error` event.
  'login-loop',
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

/** The cause is not known. */
export function timedOut(cause?: unknown): LockstepError {
  return new LockstepError('timeout', 'The hub did not answer.', { cause });
}
