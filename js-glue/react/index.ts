// React's idiom of the session: a provider, hooks, and three small components. Over the public API alone.

import type { FollowLoginOptions, Session, SessionEvents, Snapshot } from 'lockstep';
import {
  createContext,
  createElement,
  type FunctionComponent,
  type ReactNode,
  useContext,
  useEffect,
  useReducer,
  useRef,
  useSyncExternalStore,
} from 'react';
import { followLatest } from '../bindings/follow.js';
import { everySecond, type Idle, secondsUntil, warnedUntil } from '../bindings/idle.js';

export type { Idle };

const Context = createContext<Session | undefined>(undefined);

/** Gives the session to everything below. Make it once, outside components: `export const session = connect(…)`. */
export const LockstepProvider: FunctionComponent<{ readonly session: Session; readonly children?: ReactNode }> = ({
  session,
  children,
}) => createElement(Context.Provider, { value: session }, children);

/** The session itself: to log in and out, check and touch. Throws without a provider above. */
export function useLockstep(): Session {
  const session = useContext(Context);
  if (!session) throw new Error('useSession and its like need a LockstepProvider above.');
  return session;
}

/** The snapshot: a union on `status`. On a server and while React hydrates it is `connecting`. */
export function useSession(): Snapshot {
  const { subscribe, getSnapshot, getServerSnapshot } = useLockstep();
  return useSyncExternalStore(subscribe, getSnapshot, getServerSnapshot);
}

/** Calls the listener of the last rendering for each event, while the component is mounted. */
export function useSessionEvent<Type extends keyof SessionEvents>(
  type: Type,
  listener: (event: SessionEvents[Type]) => void,
): void {
  const session = useLockstep();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => session.on(type, (event) => latest.current(event)), [session, type]);
}

/** The idle countdown. It runs a timer only while the user is warned. */
export function useIdle(): Idle {
  const endsAt = warnedUntil(useSession());
  const { touch } = useLockstep();
  const [, tick] = useReducer((ticks: number) => ticks + 1, 0);
  useEffect(() => (endsAt === undefined ? undefined : everySecond(tick)), [endsAt]);
  return { isWarned: endsAt !== undefined, secondsLeft: secondsUntil(endsAt), stay: touch };
}

export type ShowProps = {
  readonly when: Snapshot['status'];
  /** What is shown otherwise. */
  readonly fallback?: ReactNode;
  readonly children?: ReactNode;
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
  useEffect(() => {
    latest.current = options;
  });
  useEffect(
    () => followLatest(session, { loginUrl, returnParameter, ready }, latest),
    [session, loginUrl, returnParameter, ready],
  );
  return null;
};
