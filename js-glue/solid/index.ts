// Solid's idiom of the session: a provider, accessors, and a component. Over the public API alone.

import { type FollowLoginOptions, followLogin, type Session, type SessionEvents, type Snapshot } from 'lockstep';
import {
  type Accessor,
  createComponent,
  createContext,
  createEffect,
  createMemo,
  createSignal,
  type JSX,
  onCleanup,
  onMount,
  type ParentComponent,
  sharedConfig,
  useContext,
} from 'solid-js';
import { everySecond, secondsUntil, warnedUntil } from '../bindings/idle.js';

const Context = createContext<Session>();

/** Gives the session to everything below. Make it once: `export const session = connect(…)`. */
export const LockstepProvider: ParentComponent<{ readonly session: Session }> = (props) =>
  createComponent(Context.Provider, {
    get value() {
      return props.session;
    },
    get children() {
      return props.children;
    },
  });

/** The session itself: to log in and out, check and touch. Throws without a provider above. */
export function useLockstep(): Session {
  const session = useContext(Context);
  if (!session) throw new Error('useSession and its like need a LockstepProvider above.');
  return session;
}

/** The snapshot: a union on `status`. On a server and while Solid hydrates it is `connecting`. */
export function useSession(): Accessor<Snapshot> {
  const { subscribe, getSnapshot, getServerSnapshot } = useLockstep();
  const [snapshot, show] = createSignal(sharedConfig.context ? getServerSnapshot() : getSnapshot());
  onMount(() => {
    show(getSnapshot());
    onCleanup(subscribe(show));
  });
  return snapshot;
}

/** Calls the listener for each event, while its owner lives. */
export function useSessionEvent<Type extends keyof SessionEvents>(
  type: Type,
  listener: (event: SessionEvents[Type]) => void,
): void {
  const { on } = useLockstep();
  onMount(() => onCleanup(on(type, listener)));
}

export type Idle = {
  /** The user is being warned. */
  readonly isWarned: Accessor<boolean>;
  /** Until the session ends; undefined where nobody is warned. */
  readonly secondsLeft: Accessor<number | undefined>;
  /** "I am still here": takes the warning back in every tab. */
  readonly stay: () => void;
};

/** The idle countdown. It runs a timer only while the user is warned. */
export function useIdle(): Idle {
  const { touch } = useLockstep();
  const snapshot = useSession();
  const [now, tick] = createSignal(0, { equals: false });
  const endsAt = createMemo(() => warnedUntil(snapshot()));
  createEffect(() => endsAt() !== undefined && onCleanup(everySecond(() => tick(0))));
  return {
    isWarned: () => endsAt() !== undefined,
    secondsLeft: () => {
      now();
      return secondsUntil(endsAt());
    },
    stay: touch,
  };
}

/** Leaves for the login page while it is mounted and nobody is signed in: `followLogin`. */
export function RedirectToLogin(props: FollowLoginOptions): JSX.Element {
  const session = useLockstep();
  createEffect(() => onCleanup(followLogin(session, { ...props })));
  return undefined;
}
