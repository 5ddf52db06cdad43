// Lit's idiom of the session: reactive controllers, which are classes there, for any host that takes them. Over the
// public API alone.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Session, SessionEvents, Snapshot } from 'lockstep';
import { everySecond, type Idle, secondsUntil, warnedUntil } from '../bindings/idle.js';

export type { Idle };

/** `account = new SessionController(this, session)`: `render` reads `this.account.value`, and follows it. */
export class SessionController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #session: Session;
  #isHydrating: boolean;
  #stop: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, session: Session) {
    this.#host = host;
    this.#session = session;
    // A host that Lit has made here has none before its first update; a server's HTML brings one.
    this.#isHydrating = 'shadowRoot' in host && host.shadowRoot !== null;
    host.addController(this);
  }

  /** The snapshot: a union on `status`. On a server and while Lit hydrates it is `connecting`. */
  get value(): Snapshot {
    return this.#isHydrating ? this.#session.getServerSnapshot() : this.#session.getSnapshot();
  }

  hostConnected(): void {
    const update = () => this.#host.requestUpdate();
    this.#stop = this.#session.subscribe(update);
    // It may have changed while the host was in no document.
    update();
  }

  hostUpdated(): void {
    if (!this.#isHydrating) return;
    this.#isHydrating = false;
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#stop?.();
  }
}

/** `new SessionEventController(this, session, 'logout', listener)`: calls it while the host is connected. */
export class SessionEventController<Type extends keyof SessionEvents> implements ReactiveController {
  readonly #start: () => () => void;
  #stop: (() => void) | undefined;

  constructor(
    host: ReactiveControllerHost,
    session: Session,
    type: Type,
    listener: (event: SessionEvents[Type]) => void,
  ) {
    this.#start = () => session.on(type, listener);
    host.addController(this);
  }

  hostConnected(): void {
    this.#stop = this.#start();
  }

  hostDisconnected(): void {
    this.#stop?.();
  }
}

/** The idle countdown. It runs a timer only while the user is warned and the host is connected. */
export class IdleController implements ReactiveController, Idle {
  readonly #host: ReactiveControllerHost;
  readonly #account: SessionController;
  #endsAt: number | undefined;
  #stop: (() => void) | undefined;
  readonly stay: () => void;

  constructor(host: ReactiveControllerHost, session: Session) {
    this.#host = host;
    this.#account = new SessionController(host, session);
    this.stay = session.touch;
    host.addController(this);
  }

  get isWarned(): boolean {
    return warnedUntil(this.#account.value) !== undefined;
  }

  get secondsLeft(): number | undefined {
    return secondsUntil(warnedUntil(this.#account.value));
  }

  hostUpdated(): void {
    this.#count(warnedUntil(this.#account.value));
  }

  hostDisconnected(): void {
    this.#count(undefined);
  }

  #count(endsAt: number | undefined): void {
    if (endsAt === this.#endsAt) return;
    this.#endsAt = endsAt;
    this.#stop?.();
    this.#stop = endsAt === undefined ? undefined : everySecond(() => this.#host.requestUpdate());
  }
}
