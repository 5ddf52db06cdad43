// In an app: to the login page once the user is signed out, with the way back. While the hub has not answered, or
// cannot be reached, it is not known whether the user is signed in, and nothing is done.
//
// It must never interrupt a login, and never go round in circles:
// - A document that was opened with a provider's answer in its address finishes a login. It is left alone until
//   somebody has signed in, also when the app has already taken the answer out of the address. The answer is passed on
//   to nobody. Where the app's own server takes the answer, only the app knows when it is done (`ready`).
// - Two departures of this tab in half a minute without a word of the user: a third is refused, as `login-loop`.
// - A page that was left and comes out of the back/forward cache goes again. It is not displayed until then.

import { watchActs } from './activity.js';
import { addressOf } from './address.js';
import { demand } from './arguments.js';
import { reportTo } from './dispatch.js';
import { LockstepError } from './errors.js';
import { departureMsMax, departuresMax, returnParameterDefault } from './limits.js';
import { hasAnswer, navigation, openedAt } from './provider-answer.js';
import { stored } from './stored.js';
import type { Session } from './types.js';

export type FollowLoginOptions = {
  /** Of the login page: an http or https URL, or relative to this page. */
  readonly loginUrl: string | URL;
  /** The query parameter that carries this page's address. Default `return`. */
  readonly returnParameter?: string;
  /** Default `location.assign`. */
  readonly navigate?: (url: string) => void;
  /**
   * Does a provider lead back to this address? Default: it has `state` and with it `code` or `error`, or a token, in
   * its query or its fragment.
   */
  readonly isCallback?: (url: URL) => boolean;
  /** Nothing is done before it is settled: for an app whose own server knows whether somebody is signed in. */
  readonly ready?: PromiseLike<unknown>;
};

/**
 * Goes to the login page when the user is signed out, once each time: a login flow begins (`beginLogin`). On the login
 * page itself, and where a login is being finished, it does nothing. Where the login page leads back again and again
 * it stays, with an `error` event (`login-loop`), until somebody has signed in. Returns a function that stops it.
 * Throws a LockstepError `invalid-argument` when `loginUrl` is no http or https URL.
 */
export function followLogin(
  session: Pick<Session, 'getSnapshot' | 'subscribe' | 'beginLogin' | 'allows'>,
  { loginUrl, returnParameter = returnParameterDefault, navigate, isCallback = hasAnswer, ready }: FollowLoginOptions,
): () => void {
  // On a server there is nowhere to go.
  if (typeof document === 'undefined') return () => {};
  const login = addressOf(loginUrl, location.href);
  demand(/^https?:$/.test(`${login?.protocol}`), 'loginUrl', 'an http or https URL, or relative to this page');
  const life = new AbortController();
  const { signal } = life;
  const departures = createDepartures(signal);
  const curtain = createCurtain();
  let isWaiting = ready !== undefined;
  /** It is not to be left before somebody has signed in: a login is being finished, it has been left, or it loops. */
  let stays = [location.href, openedAt()].some((href) => isCallback(new URL(href)));
  let hasLeft = false;

  function follow(): void {
    const { status } = session.getSnapshot();
    if (status === 'signed-in') stays = hasLeft = false;
    if (status === 'signed-out' && !isWaiting && !stays && !isHere(login as URL)) leave();
    else curtain.open();
  }

  function leave(): void {
    stays = true;
    if (departures.areTooMany()) {
      curtain.open();
      reportTo(session, new LockstepError('login-loop', 'The login page leads back, but nobody has signed in.'));
      return;
    }
    hasLeft = true;
    departures.add();
    const url = new URL(login as URL);
    if (!isCallback(new URL(location.href))) url.searchParams.set(returnParameter, location.href);
    session.beginLogin();
    if (!navigate) {
      location.assign(url.href);
      return;
    }
    // A router of the app's does not leave the document.
    curtain.open();
    navigate(url.href);
  }

  async function comeBack(): Promise<void> {
    // The hub has been woken, and reads the store before it answers.
    await session.allows(location.origin).catch(() => false);
    if (signal.aborted) return;
    stays = hasLeft = false;
    departures.forget();
    follow();
  }

  function stop(): void {
    life.abort();
    unsubscribe();
    curtain.open();
  }

  const unsubscribe = session.subscribe(follow);
  addEventListener('pagehide', () => hasLeft && curtain.draw(), { signal });
  addEventListener('pageshow', ({ persisted }) => persisted && hasLeft && comeBack(), { signal });
  const begin = () => {
    isWaiting = false;
    if (!signal.aborted) follow();
  };
  if (ready) ready.then(begin, begin);
  else begin();
  return stop;
}

/** What the page shows is of the session that has ended. The app's own style is put back as it was. */
function createCurtain() {
  const { style } = document.documentElement;
  let before: string | undefined;
  return {
    draw(): void {
      before ??= style.display;
      style.display = 'none';
    },
    open(): void {
      if (before !== undefined) style.display = before;
      before = undefined;
    },
  };
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

/** How often this tab has gone to the login page lately; counted over the way there and back. */
function createDepartures(signal: AbortSignal) {
  const times = stored('sessionStorage', 'lockstep-departures');
  const forget = () => times.write(undefined);
  const isRecent = (time: string) => Math.abs(Date.now() - Number(time)) < departureMsMax;
  const recent = () => (times.read() ?? '').split(' ').filter(isRecent);
  // Whoever reloads the page, goes back to it or does something in it means it.
  if (['reload', 'back_forward'].includes(`${navigation()?.type}`)) forget();
  watchActs(forget, signal);
  return {
    add: () => times.write([...recent(), Date.now()].join(' ')),
    areTooMany: () => recent().length >= departuresMax,
    forget,
  };
}
