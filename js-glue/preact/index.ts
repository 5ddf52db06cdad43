// Preact's idiom of the session: a provider, hooks, and two components. Over the public API alone, and without
// preact/compat, which is larger than all of this.

import type { FollowLoginOptions, Session, SessionEvents, Snapshot } from 'lockstep';
import { type ComponentChildren, createContext, createElement, type FunctionComponent } from 'preact';
import { useContext, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { followLatest } from '../bindings/follow.js';
import { everySecond, type Idle, secondsUntil, warnedUntil } from '../bindings/idle.js';

export type { Idle };

/** `isFirst`: everything below is being rendered for the first time, and may be hydrating. */
type Given = { readonly session: Session; isFirst: boolean };
const Context = createContext<Given | undefined>(undefined);

/** Gives the session to everything below. Make it once, outside components: `export const session = connect(…)`. */
export const LockstepProvider: FunctionComponent<{
  readonly session: Session;
  readonly children?: ComponentChildren;
}> = ({ session, children }) => {
  const value = useMemo<Given>(() => ({ session, isFirst: true }), [session]);
  useLayoutEffect(() => {
    value.isFirst = false;
  }, [value]);
  return createElement(Context.Provider, { value }, children);
};

function useGiven(): Given {
  const given = useContext(Context);
  if (!given) throw new Error('useSession and its like need a LockstepProvider above.');
  return given;
}

/** The session itself: to log in and out, check and touch. Throws without a provider above. */
export const useLockstep = (): Session => useGiven().session;

/** The snapshot: a union on `status`. On a server and while Preact hydrates it is `connecting`. */
export function useSession(): Snapshot {
  const { session, isFirst } = useGiven();
  const [snapshot, show] = useState(isFirst ? session.getServerSnapshot : session.getSnapshot);
  // Before anything is painted: nobody sees what the first rendering did not know.
  useLayoutEffect(() => {
    show(session.getSnapshot());
    return session.subscribe(show);
  }, [session]);
  return snapshot;
}

/** Calls the listener of the last rendering for each event, while the component is mounted. */
export function useSessionEvent<Type extends keyof SessionEvents>(
  type: Type,
  listener: (event: SessionEvents[Type]) => void,
): void {
  const session = useLockstep();
  const latest = useRef(listener);
  useLayoutEffect(() => {
    latest.current = listener;
  });
  useLayoutEffect(() => session.on(type, (event) => latest.current(event)), [session, type]);
}

/** The idle countdown. It runs a timer only while the user is warned. */
export function useIdle(): Idle {
  const endsAt = warnedUntil(useSession());
  const { touch } = useLockstep();
  const [, tick] = useReducer<number, void>((ticks) => ticks + 1, 0);
  useEffect(() => (endsAt === undefined ? undefined : everySecond(() => tick())), [endsAt]);
  return { isWarned: endsAt !== undefined, secondsLeft: secondsUntil(endsAt), stay: touch };
}

export type ShowProps = {
  readonly when: Snapshot['status'];
  /** What is shown otherwise. */
  readonly fallback?: ComponentChildren;
  readonly children?: ComponentChildren;
};

/** Shows its children while the session has this status. */
export const Show: FunctionComponent<ShowProps> = ({ when, fallback = null, children }) =>
  useSession().status === when ? children : fallback;

/** Leaves for the login page while it is mounted and nobody is signed in: `followLogin`. */
export const RedirectToLogin: FunctionComponent<FollowLoginOptions> = (options) => {
  const session = useLockstep();
  const { returnParameter, ready } = options;
  const loginUrl = String(options.loginUrl);
  const latest = useRef(options);
  useLayoutEffect(() => {
    latest.current = options;
  });
  useLayoutEffect(
    () => followLatest(session, { loginUrl, returnParameter, ready }, latest),
    [session, loginUrl, returnParameter, ready],
  );
  return null;
};
