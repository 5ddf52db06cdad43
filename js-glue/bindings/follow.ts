// Leaving for the login page, where options are made anew in each rendering.

import { type FollowLoginOptions, followLogin, type Session } from 'lockstep';

/** Options that are compared by value: a change of one begins anew. */
export type FollowValues = {
  readonly loginUrl: string;
  readonly returnParameter: FollowLoginOptions['returnParameter'] | undefined;
  readonly ready: FollowLoginOptions['ready'] | undefined;
};

/**
 * `followLogin` with the functions of the last rendering: that they are made anew must not begin anew what they are
 * for. Returns the function that ends it.
 */
export function followLatest(
  session: Session,
  { loginUrl, returnParameter, ready }: FollowValues,
  latest: { readonly current: FollowLoginOptions },
): () => void {
  const { navigate, isCallback } = latest.current;
  return followLogin(session, {
    loginUrl,
    ...(returnParameter !== undefined && { returnParameter }),
    ...(ready !== undefined && { ready }),
    ...(navigate && { navigate: (url) => latest.current.navigate?.(url) }),
    ...(isCallback && { isCallback: (url) => latest.current.isCallback?.(url) ?? false }),
  });
}
