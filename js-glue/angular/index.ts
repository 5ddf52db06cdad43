// Angular's idiom of the session: a provider, signals, a route guard and an HTTP interceptor. Functions alone, so that
// an app needs no compiler for them. Over the public API alone.

import type { HttpErrorResponse, HttpInterceptorFn } from '@angular/common/http';
import {
  computed,
  DestroyRef,
  type EnvironmentProviders,
  effect,
  InjectionToken,
  Injector,
  inject,
  makeEnvironmentProviders,
  NgZone,
  provideEnvironmentInitializer,
  runInInjectionContext,
  type Signal,
  signal,
} from '@angular/core';
import type { CanActivateFn, GuardResult, RouterStateSnapshot } from '@angular/router';
import { type ConnectOptions, connect, type Session, type SessionEvents, type Snapshot } from 'lockstep';
import { catchError, from, switchMap } from 'rxjs';
import { everySecond, secondsUntil, warnedUntil } from '../bindings/idle.js';
import { known } from '../bindings/known.js';

/** Angular's error names it where nothing provides it. */
const token = new InjectionToken<Session>('Session of provideLockstep');

/**
 * For `bootstrapApplication`: gives a session to the whole app. Options connect when the app starts, and are closed
 * with its injector; a session that was made elsewhere stays open.
 */
export function provideLockstep(source: ConnectOptions | Session): EnvironmentProviders {
  const useFactory = () => {
    if ('getSnapshot' in source) return source;
    const session = connect(source);
    inject(DestroyRef).onDestroy(session.close);
    return session;
  };
  // An adapter works also where no component asks for the session.
  return makeEnvironmentProviders([
    { provide: token, useFactory },
    provideEnvironmentInitializer(() => void inject(token)),
  ]);
}

/** The session itself: to log in and out, check and touch. Throws without `provideLockstep` among the providers. */
export const injectLockstep = (): Session => inject(token);

/** The snapshot, in a signal: a union on `status`. It follows the session as long as what injects it lives. */
export function injectSession(): Signal<Snapshot> {
  const { getSnapshot, subscribe } = injectLockstep();
  // Angular hydrates also where a server has chosen another branch.
  const snapshot = signal(getSnapshot());
  // The signal itself wakes whatever reads it. In Angular's zone each subscription would wake the whole app.
  whileAlive(inject(NgZone).runOutsideAngular(() => subscribe(snapshot.set)));
  return snapshot.asReadonly();
}

/** Calls the listener for each event, as long as what injects it lives. */
export function injectSessionEvent<Type extends keyof SessionEvents>(
  type: Type,
  listener: (event: SessionEvents[Type]) => void,
): void {
  whileAlive(injectLockstep().on(type, listener));
}

export type Idle = {
  /** The user is being warned. */
  readonly isWarned: Signal<boolean>;
  /** Until the session ends; undefined where nobody is warned. */
  readonly secondsLeft: Signal<number | undefined>;
  /** "I am still here": takes the warning back in every tab. */
  readonly stay: () => void;
};

/** The idle countdown. It runs a timer only while the user is warned, and not in Angular's zone. */
export function injectIdle(): Idle {
  const { touch } = injectLockstep();
  const snapshot = injectSession();
  const zone = inject(NgZone);
  const ticks = signal(0);
  const endsAt = computed(() => warnedUntil(snapshot()));
  effect((onCleanup) => {
    if (endsAt() === undefined) return;
    onCleanup(zone.runOutsideAngular(() => everySecond(() => ticks.update((count) => count + 1))));
  });
  return {
    isWarned: computed(() => endsAt() !== undefined),
    secondsLeft: computed(() => {
      ticks();
      return secondsUntil(endsAt());
    }),
    stay: touch,
  };
}

/**
 * For `canActivate`: waits until the session is known, and allows the route where somebody is signed in. For all
 * others `otherwise` decides, in an injection context. Default: false. On a server nobody is known, and the route is
 * allowed.
 */
export function sessionGuard(
  otherwise: (snapshot: Snapshot, state: RouterStateSnapshot) => GuardResult | Promise<GuardResult> = () => false,
): CanActivateFn {
  return async (_route, state) => {
    const session = injectLockstep();
    const injector = inject(Injector);
    const snapshot = await known(session);
    if (snapshot.status === 'signed-in' || snapshot.status === 'connecting') return true;
    return runInInjectionContext(injector, () => otherwise(snapshot, state));
  };
}

/**
 * For `withInterceptors`: asks, on a 401, whether the session lives, and sends the request once more if it does. What
 * adds a token comes after it, so that the second try has the new one.
 */
export const sessionInterceptor: HttpInterceptorFn = (request, next) => {
  const { check } = injectLockstep();
  return next(request).pipe(
    catchError((refused: HttpErrorResponse) => {
      if (refused.status !== 401) throw refused;
      return from(check().catch(() => 'unknown')).pipe(
        switchMap((outcome) => {
          if (outcome !== 'active') throw refused;
          return next(request);
        }),
      );
    }),
  );
};

function whileAlive(stop: () => void): void {
  inject(DestroyRef).onDestroy(stop);
}
