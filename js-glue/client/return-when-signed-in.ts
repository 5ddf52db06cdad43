// On the login page: back to where the user came from, once any tab signs in. The address to return to is in this
// page's query, where anybody can write one. It is used only if it is a plain web address of an origin that the hub
// allows: no open redirect.

import { watchActs } from './activity.js';
import { addressOf } from './address.js';
import { demand } from './arguments.js';
import { returnParameterDefault, returnUnitsMax } from './limits.js';
import { stored } from './stored.js';
import type { Session, Snapshot } from './types.js';

export type ReturnOptions = {
  /** Where to go without an acceptable address: an absolute http or https URL, or a path of this origin (`/home`). */
  readonly fallback: string | URL;
  /** The query parameter that carries the address. Default `return`. */
  readonly returnParameter?: string;
  /** Default `location.replace`, so that the way back does not lead to the login page. */
  readonly navigate?: (url: string) => void;
};

/**
 * Goes to the return address, or to `fallback`, when the user is signed in, once. Until then each action of the user
 * begins a login flow (`beginLogin`). Returns a function that stops it.
 * Throws a LockstepError `invalid-argument` when `fallback` is neither an absolute http or https URL nor a path of this
 * origin.
 */
export function returnWhenSignedIn(
  session: Pick<Session, 'getSnapshot' | 'subscribe' | 'allows' | 'beginLogin'>,
  { fallback, returnParameter = returnParameterDefault, navigate = (url) => location.replace(url) }: ReturnOptions,
): () => void {
  // On a server there is nowhere to go.
  if (typeof document === 'undefined') return () => {};
  const otherwise = checkedFallback(`${fallback}`);
  const life = new AbortController();
  const kept = stored('sessionStorage', 'lockstep-return');

  /** The provider leads back to a page whose address does not have it any more. */
  function returnAddress(): URL | undefined {
    const values = new URL(location.href).searchParams.getAll(returnParameter);
    if (values.length > 0) kept.write(plainAddress(values)?.href);
    return plainAddress(values.length > 0 ? values : [kept.read() ?? '']);
  }

  async function goIfSignedIn({ status }: Snapshot): Promise<void> {
    if (status !== 'signed-in') return;
    const url = returnAddress();
    // An address that the hub cannot vouch for is not taken.
    const isAllowed = url && (await session.allows(url.origin).catch(() => false));
    // Meanwhile the user may have been signed out, another call have been quicker, or the hub be lost.
    if (life.signal.aborted || session.getSnapshot().status !== 'signed-in') return;
    stop();
    kept.write(undefined);
    navigate(isAllowed ? url.href : otherwise);
  }

  returnAddress();
  // Not when the page starts: where it is also the page that the provider leads back to, a flow is under way by then.
  watchActs(() => session.beginLogin(), life.signal);

  const leave = session.subscribe(goIfSignedIn);
  function stop(): void {
    life.abort();
    leave();
  }
  goIfSignedIn(session.getSnapshot());
  return stop;
}

/**
 * Scheme, `//` and host, spelt out: without user name or password, and without what parsers strip (control characters,
 * white space) or take for a slash (`\`), so that this page, the hub and the browser all read the same.
 */
const plain = /^https?:\/\/[^\s\\/?#@]+([/?#][^\s\\\p{Cc}]*)?$/iu;

/** The one value, if it is such an address. Its origin is still anybody's. */
function plainAddress([value = '', ...more]: readonly string[]): URL | undefined {
  const isPlain = more.length === 0 && value.length <= returnUnitsMax && plain.test(value);
  return isPlain ? addressOf(value) : undefined;
}

function checkedFallback(fallback: string): string {
  const isAbsolute = /^https?:\/\//i.test(fallback);
  const url = addressOf(fallback, location.href);
  const isOurs = /^\//.test(fallback) && url?.origin === location.origin;
  demand(
    url !== undefined && (isAbsolute || isOurs),
    'fallback',
    'an absolute http or https URL, or a path of this origin',
  );
  return `${url}`;
}
