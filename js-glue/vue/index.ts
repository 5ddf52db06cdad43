// Vue's idiom of the session: a plugin, and composables. Over the public API alone.

import type { Session, SessionEvents, Snapshot } from 'lockstep';
import {
  type ComputedRef,
  computed,
  getCurrentInstance,
  getCurrentScope,
  hasInjectionContext,
  type InjectionKey,
  inject,
  onMounted,
  onScopeDispose,
  type Plugin,
  type ShallowRef,
  shallowReadonly,
  shallowRef,
  watchEffect,
} from 'vue';
import { everySecond, secondsUntil, warnedUntil } from '../bindings/idle.js';
import { known } from '../bindings/known.js';

const key: InjectionKey<Session> = Symbol('lockstep');

/** `app.use(createLockstep(session))`. Make the session once: `export const session = connect(…)`. */
export function createLockstep(session: Session): Plugin {
  return { install: (app) => void app.provide(key, session) };
}

/** The session itself: to log in and out, check and touch. Throws where the plugin is not used. */
export function useLockstep(): Session {
  const session = hasInjectionContext() ? inject(key) : undefined;
  if (!session) throw new Error('useSession and its like need app.use(createLockstep(session)), and to be in setup.');
  return session;
}

/**
 * The snapshot, in a ref: a union on `status`. It follows the session as long as the component lives. While Vue
 * hydrates it is `connecting`.
 */
export function useSession(): Readonly<ShallowRef<Snapshot>> {
  const { getServerSnapshot, getSnapshot, subscribe } = useLockstep();
  // A component that has an element before it is mounted takes over a server's.
  const isHydrating = getCurrentInstance()?.vnode.el;
  const snapshot = shallowRef(isHydrating ? getServerSnapshot() : getSnapshot());
  if (isHydrating)
    onMounted(() => {
      snapshot.value = getSnapshot();
    });
  whileAlive(() =>
    subscribe((next) => {
      snapshot.value = next;
    }),
  );
  return shallowReadonly(snapshot);
}

/** Calls the listener for each event, as long as the component lives. */
export function useSessionEvent<Type extends keyof SessionEvents>(
  type: Type,
  listener: (event: SessionEvents[Type]) => void,
): void {
  const { on } = useLockstep();
  whileAlive(() => on(type, listener));
}

export type Idle = {
  /** The user is being warned. */
  readonly isWarned: ComputedRef<boolean>;
  /** Until the session ends; undefined where nobody is warned. */
  readonly secondsLeft: ComputedRef<number | undefined>;
  /** "I am still here": takes the warning back in every tab. */
  readonly stay: () => void;
};

/** The idle countdown. It runs a timer only while the user is warned. */
export function useIdle(): Idle {
  const { touch } = useLockstep();
  const snapshot = useSession();
  const now = shallowRef(Date.now());
  const endsAt = computed(() => warnedUntil(snapshot.value));
  watchEffect((onCleanup) => {
    if (endsAt.value === undefined) return;
    const tick = () => {
      now.value = Date.now();
    };
    tick();
    onCleanup(everySecond(tick));
  });
  return {
    isWarned: computed(() => endsAt.value !== undefined),
    secondsLeft: computed(() => secondsUntil(endsAt.value, now.value)),
    stay: touch,
  };
}

/**
 * For Vue Router's `beforeEach` and `beforeEnter`: waits until the session is known, and allows the route where
 * somebody is signed in. For all others `otherwise` decides. Default: false. On a server nobody is known, and the route
 * is allowed.
 */
export function sessionGuard<To, Result = false>(
  session: Session,
  otherwise: (snapshot: Snapshot, to: To) => Result | Promise<Result> = () => false as Result,
): (to: To) => Promise<true | Result> {
  return async (to) => {
    const snapshot = await known(session);
    const isAllowed = snapshot.status === 'signed-in' || snapshot.status === 'connecting';
    return isAllowed || otherwise(snapshot, to);
  };
}

/** On a server nothing changes, and no scope is ever disposed of. */
function whileAlive(start: () => () => void): void {
  if (typeof document === 'undefined') return;
  const stop = start();
  if (getCurrentScope()) onScopeDispose(stop);
}
