// Svelte's idiom of the session: what a component reads, and a store. Over the public API alone.

import type { Session, SessionEvents, Snapshot } from 'lockstep';
import { onDestroy } from 'svelte';
import { createSubscriber } from 'svelte/reactivity';
import type { Readable } from 'svelte/store';
import { everySecond, type Idle, secondsUntil, warnedUntil } from '../bindings/idle.js';

export type { Idle };

export type Reactive<Value> = { readonly current: Value };

/** `account = useSession(session)`, then `account.current.status`: whoever reads it in a component follows it. */
export function useSession(session: Session): Reactive<Snapshot> {
  const follow = createSubscriber((update) => session.subscribe(update));
  return {
    get current() {
      follow();
      return session.getSnapshot();
    },
  };
}

/** For `$account`, `get(account)` and Svelte 4: a store has its value at once, which `session.subscribe` has not. */
export function toStore({ getSnapshot, subscribe }: Session): Readable<Snapshot> {
  return {
    subscribe(run) {
      run(getSnapshot());
      return subscribe(run);
    },
  };
}

/** Calls the listener for each event, as long as the component lives. */
export function useSessionEvent<Type extends keyof SessionEvents>(
  session: Session,
  type: Type,
  listener: (event: SessionEvents[Type]) => void,
): void {
  onDestroy(session.on(type, listener));
}

/** The idle countdown. It runs a timer only while the user is warned and a component reads it. */
export function useIdle(session: Session): Idle {
  const snapshot = useSession(session);
  const tick = createSubscriber(everySecond);
  const endsAt = () => warnedUntil(snapshot.current);
  return {
    get isWarned() {
      return endsAt() !== undefined;
    },
    get secondsLeft() {
      const at = endsAt();
      if (at !== undefined) tick();
      return secondsUntil(at);
    },
    stay: session.touch,
  };
}
