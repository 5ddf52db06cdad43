// The errors that the server's own code gives to its caller. No message repeats what a stranger has sent.

/**
 * - `bad-options`: `createPushServer` or `revoke` was called with something that cannot work.
 * - `bus-unavailable`: the bus has not said that it has kept an end, so call again.
 * - `closed`: the server is closed.
 */
export type PushErrorCode = 'bad-options' | 'bus-unavailable' | 'closed';

export class PushError extends Error {
  override readonly name = 'PushError';
  readonly code: PushErrorCode;

  constructor(code: PushErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** What a request has wrong, for the answer to it. `code` is one of the specification that the request follows. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
