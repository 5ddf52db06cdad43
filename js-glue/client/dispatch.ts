// How `followLogin` reports what nobody called for: as an `error` event of the session that it was given.

import type { LockstepError } from './errors.js';

/** Of a session, and not for apps. */
export const dispatch: unique symbol = Symbol.for('lockstep-dispatch') as never;

export type Dispatching = { readonly [dispatch]: (type: 'error', event: { readonly error: LockstepError }) => void };

/** A session that is none of this library's, such as one that a test made up, has no listeners to call. */
export function reportTo(session: object, error: LockstepError): void {
  const { [dispatch]: send }: Partial<Dispatching> = session;
  if (send) send('error', { error });
  else reportError(error);
}
