// In an app: to the login page once the user is signed out, with the way back. While the hub has not answered, or
// cannot be reached, it is not known whether the user is signed in, and nothing is done.
//
// It must never interrupt a login, and never go round in circles:
// - A document that was opened with a provider's answer in its address finishes a login. It is left alone until
//   somebody has signed in, also when the app has already taken the answer out of the address. The answer is passed on
//   to nobody.
// - Two departures of this tab in half a minute, and nobody has signed in: a third is refused, as `login-loop`.
// - A page that was left and comes out of the back/forward cache goes again. It is not displayed until then.

import { addressOf } from './address.js';
import { demand } from './arguments.js';
import { LockstepError } from './errors.js';
import { departureMsMax, departuresMax, returnParameterDefault } from './limits.js';
import { reportTo } from './report.js';
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
   * Does a provider lead back to this address? Default: it has `state` and with it `code` or `error`, in its query or
   * its fragment (RFC 6749 §4.1.2).
   */
  readonly isCallback?: (url: URL) => boolean;
};

/**
 * Goes to the login page when the user is signed out, once each time: a login flow begins (`beginLogin`). On the login
 * page itself, and where a login is being finished, it does nothing. Where the login page leads back again and again
 * without a login it stops, with an `error` event (`login-loop`). Returns a function that stops it.
 * Throws a LockstepError `invalid-argument` when `loginUrl` is no http or https URL.
 */
export function followLogin(
  session: Pick<Session, 'getSnapshot' | 'subscribe' | 'beginLogin' | 'allows'>,
  {
    loginUrl,
    returnParameter = returnParameterDefault,
    navigate = (url) => location.assign(url),
    isCallback = hasAnswer,
  }: FollowLoginOptions,
): () => void {
  // On a server there is nowhere to go.
  if (typeof document === 'undefined') return () => {};
  const login = addressOf(loginUrl, location.href);
  demand(/^https?:$/.test(`${login?.protocol}`), 'loginUrl', 'an http or https URL, or relative to this page');
  const life = new AbortController();
  const { signal } = life;
  const departures = createDepartures();
  let isFinishing = [location.href, openedAt()].some((href) => isCallback(new URL(href)));
  let hasLeft = false;

  function follow(): void {
    const { status } = session.getSnapshot();
    if (status !== 'signed-out') display(true);
    if (status === 'signed-in') {
      isFinishing = hasLeft = false;
      departures.forget();
    }
    if (status === 'signed-out' && !isFinishing && !hasLeft && !isHere(login as URL)) leave();
  }

  function leave(): void {
    if (departures.areTooMany()) {
      stop();
      reportTo(session, new LockstepError('login-loop', 'The login page leads back, but nobody has signed in.'));
      return;
    }
    hasLeft = true;
    departures.add();
    const url = new URL(login as URL);
    if (!isCallback(new URL(location.href))) url.searchParams.set(returnParameter, location.href);
    session.beginLogin();
    navigate(url.href);
  }

  async function comeBack(): Promise<void> {
    // The hub has been woken, and reads the store before it answers.
    await session.allows(location.origin).catch(() => false);
    if (signal.aborted) return;
    hasLeft = false;
    departures.forget();
    follow();
  }

  function stop(): void {
    life.abort();
    unsubscribe();
    display(true);
  }

  const unsubscribe = session.subscribe(follow);
  addEventListener('pagehide', () => hasLeft && display(false), { signal });
  addEventListener('pageshow', ({ persisted }) => persisted && hasLeft && comeBack(), { signal });
  follow();
  return stop;
}

/** What the page shows is of the session that has ended. */
function display(isDisplayed: boolean): void {
  document.documentElement.style.display = isDisplayed ? '' : 'none';
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

function hasAnswer({ searchParams, hash }: URL): boolean {
  return [searchParams, new URLSearchParams(hash.slice(1))].some(
    (members) => members.has('state') && (members.has('code') || members.has('error') || members.has('id_token')),
  );
}

function navigation(): PerformanceNavigationTiming | undefined {
  return performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming | undefined;
}

/** An app may have replaced the address by now. */
function openedAt(): string {
  return navigation()?.name ?? location.href;
}

/** How often this tab has gone to the login page lately; counted over the way there and back. */
function createDepartures() {
  const times = stored('sessionStorage', 'lockstep-departures');
  const recent = () =>
    (times.read() ?? '').split(' ').filter((time) => Math.abs(Date.now() - Number(time)) < departureMsMax);
  // Whoever reloads the page or goes back to it means it.
  if (['reload', 'back_forward'].includes(`${navigation()?.type}`)) times.write(undefined);
  return {
    add: () => times.write([...recent(), Date.now()].join(' ')),
    areTooMany: () => recent().length >= departuresMax,
    forget: () => times.write(undefined),
  };
}
