// Vue's idiom of the session: a plugin, and composables. Over the public API alone.

import type { Session, SessionEvents, Snapshot } from 'lockstep';
import {
  type ComputedRef,
  computed,
  getCurrentScope,
  hasInjectionContext,
  type InjectionKey,
  inject,
  onScopeDispose,
  type Plugin,
  type ShallowRef,
  shallowReadonly,
  shallowRef,
  watchEffect,
} from 'vue';

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

/** The snapshot, in a ref: a union on `status`. It follows the session as long as the component lives. */
export function useSession(): Readonly<ShallowRef<Snapshot>> {
  const { getSnapshot, subscribe } = useLockstep();
  const snapshot = shallowRef(getSnapshot());
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
  const endsAt = computed(() => (snapshot.value.idleWarning ? snapshot.value.idleAt : undefined));
  watchEffect((onCleanup) => {
    if (endsAt.value === undefined) return;
    const tick = () => {
      now.value = Date.now();
    };
    tick();
    const timer = setInterval(tick, 1_000);
    onCleanup(() => clearInterval(timer));
  });
  return {
    isWarned: computed(() => endsAt.value !== undefined),
    secondsLeft: computed(() =>
      endsAt.value === undefined ? undefined : Math.max(0, Math.ceil((endsAt.value - now.value) / 1_000)),
    ),
    stay: touch,
  };
}

/** On a server nothing changes, and no scope is ever disposed of. */
function whileAlive(start: () => () => void): void {
  if (typeof document === 'undefined') return;
  const stop = start();
  if (getCurrentScope()) onScopeDispose(stop);
}
