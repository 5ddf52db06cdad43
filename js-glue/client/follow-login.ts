// In an app: to the login page once the user is signed out, with the way back. While the hub has not answered, or
// cannot be reached, it is not known whether the user is signed in, and nothing is done.

import { addressOf } from './address.js';
import { demand } from './arguments.js';
import { returnParameterDefault } from './limits.js';
import type { Session, Snapshot } from './types.js';

export type FollowLoginOptions = {
  /** Of the login page: an http or https URL, or relative to this page. */
  readonly loginUrl: string | URL;
  /** The query parameter that carries this page's address. Default `return`. */
  readonly returnParameter?: string;
  /** Default `location.assign`. */
  readonly navigate?: (url: string) => void;
};

/**
 * Goes to the login page when the user is signed out, once: a login flow begins (`beginLogin`). On the login page
 * itself it does nothing. Returns a function that stops it. Throws a LockstepError `invalid-argument` when `loginUrl`
 * is no http or https URL.
 */
export function followLogin(
  session: Pick<Session, 'getSnapshot' | 'subscribe' | 'beginLogin'>,
  { loginUrl, returnParameter = returnParameterDefault, navigate = (url) => location.assign(url) }: FollowLoginOptions,
): () => void {
  // On a server there is nowhere to go.
  if (typeof document === 'undefined') return () => {};
  const login = addressOf(loginUrl, location.href);
  demand(/^https?:$/.test(`${login?.protocol}`), 'loginUrl', 'an http or https URL, or relative to this page');

  function goIfSignedOut({ status }: Snapshot): void {
    if (status !== 'signed-out' || isHere(login as URL)) return;
    stop();
    const url = new URL(login as URL);
    url.searchParams.set(returnParameter, location.href);
    session.beginLogin();
    navigate(url.href);
  }

  const stop = session.subscribe(goIfSignedOut);
  goIfSignedOut(session.getSnapshot());
  return stop;
}

/** Else the login page would go to itself for ever, with an address that grows. */
function isHere({ origin, pathname, hash, searchParams }: URL): boolean {
  const here = new URL(location.href);
  return (
    here.origin === origin &&
    here.pathname === pathname &&
    here.hash === hash &&
    [...searchParams].every(([name, value]) => here.searchParams.getAll(name).includes(value))
  );
}
