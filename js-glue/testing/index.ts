// A session that a test drives by hand: no hub, no frame, no network, no timers. It behaves as a hub would let it
// behave, in this one document. For components and stories, and for whatever else takes a session.

import {
  type CheckOutcome,
  type EndReason,
  LockstepError,
  type LockstepErrorCode,
  type Login,
  type Origin,
  type Scope,
  type Session,
  type SessionEvents,
  type SignedInSnapshot,
  type Snapshot,
} from 'lockstep';

/** What the code under test has asked of the session, in order. */
export type Call =
  | { readonly type: 'beginLogin' | 'cancelLogin' | 'logout' | 'check' | 'touch' | 'requestScope' | 'close' }
  | { readonly type: 'login'; readonly login: Login }
  | { readonly type: 'allows'; readonly origin: Origin };

export type TestSession = Session & {
  /** What the code under test has called, in order. */
  readonly calls: readonly Call[];
  /** Somebody has signed in, in this tab or in another. The same subject joins; another one is a `user-change`. */
  readonly signIn: (login?: string | Partial<SignedInSnapshot>) => void;
  /** The session has ended. Default: `logout`. */
  readonly signOut: (reason?: EndReason, endedBy?: Origin) => void;
  /** The user is warned of the idle end. Default: in a minute. */
  readonly warnIdle: (idleAt?: number) => void;
  /** An action, in whatever tab, has taken the warning back. */
  readonly resumeIdle: () => void;
  /** Whom the tab is in lockstep with has changed. */
  readonly setScope: (scope: Scope) => void;
  /** The hub does not answer yet. */
  readonly reconnect: () => void;
  /** The hub cannot be reached. Default: `timeout`. */
  readonly fail: (code?: LockstepErrorCode) => void;
  /** The next call of this function rejects with the code. */
  readonly refuse: (call: 'login' | 'logout' | 'check' | 'requestScope' | 'allows', code: LockstepErrorCode) => void;
  /** What `check` resolves with. By default the truth: `active` where somebody is signed in, else `inactive`. */
  readonly answerChecks: (outcome: CheckOutcome | undefined) => void;
};

type Listener = { readonly type: string; readonly listener: (event: never) => void };

const place = { scope: 'shared', medium: 'local-storage', upgrade: 'none' } as const;
const connecting: Snapshot = Object.freeze({ status: 'connecting', scope: 'alone', medium: 'memory', upgrade: 'none' });
const signedOut: Snapshot = Object.freeze({ status: 'signed-out', reason: 'never', ...place });

/** Begins with this snapshot: signed out, unless the test says otherwise. */
export function createTestSession(initial: Snapshot = signedOut): TestSession {
  const calls: Call[] = [];
  const refusals = new Map<string, LockstepErrorCode>();
  const listeners = new Set<Listener>();
  let snapshot: Snapshot = initial === connecting ? connecting : Object.freeze({ ...initial });
  let outcome: CheckOutcome | undefined;
  let isClosed = false;
  let settleReady: (snapshot: Snapshot) => void;
  let failReady: (error: LockstepError) => void;
  const ready = new Promise<Snapshot>((resolve, reject) => {
    settleReady = resolve;
    failReady = reject;
  });
  ready.catch(() => undefined);

  function emit(type: string, event: unknown): void {
    for (const entry of [...listeners]) {
      try {
        if (entry.type === type && listeners.has(entry)) entry.listener(event as never);
      } catch (error) {
        reportError(error);
      }
    }
  }

  function confirm(): void {
    if (snapshot.status === 'unavailable') failReady(snapshot.error);
    else if (snapshot.status !== 'connecting') settleReady(snapshot);
  }

  function show(next: Snapshot): void {
    if (isClosed) return;
    snapshot = Object.freeze(next);
    confirm();
    emit('change', snapshot);
  }

  function event<Type extends keyof SessionEvents>(type: Type, members: Omit<SessionEvents[Type], 'snapshot'>): void {
    if (!isClosed) emit(type, { ...members, snapshot });
  }

  /** Scope and medium stay as they are where a hub has answered. */
  const here = () => {
    const { scope, medium, upgrade } = snapshot;
    return scope === 'alone' ? place : { scope, medium, upgrade };
  };

  function signIn(login: string | Partial<SignedInSnapshot> = 'ada', own: { own?: true } = {}): void {
    const from = snapshot.subject;
    const members = typeof login === 'string' ? { subject: login } : login;
    const subject = members.subject ?? 'ada';
    const before = from === subject ? snapshot : { signedInAt: Date.now() };
    show({ ...here(), ...before, ...members, status: 'signed-in', subject } as SignedInSnapshot);
    if (from === undefined) event('login', own);
    else if (from !== subject) event('user-change', { from, ...own });
  }

  function signOut(reason: EndReason = 'logout', endedBy?: Origin, own: { own?: true } = {}): void {
    const wasSignedIn = snapshot.status === 'signed-in';
    const by = endedBy === undefined ? {} : { endedBy };
    show({ ...here(), status: 'signed-out', reason, ...by });
    if (wasSignedIn) event('logout', { reason, ...by, ...own });
  }

  function whenSignedIn(members: Partial<SignedInSnapshot>): void {
    if (snapshot.status !== 'signed-in') throw new Error('Nobody is signed in: call signIn first.');
    const { idleWarning: _, ...rest } = snapshot;
    show({ ...rest, ...members } as SignedInSnapshot);
  }

  /** As the hub replies: in a later microtask, with a refusal where the test wants one. */
  async function asked<Result>(call: Call, answer: () => Result): Promise<Result> {
    if (isClosed) throw new LockstepError('closed', 'The session is closed.');
    calls.push(call);
    const code = refusals.get(call.type);
    refusals.delete(call.type);
    await undefined;
    if (code) throw new LockstepError(code, `The test refuses ${call.type}.`);
    if (snapshot.status === 'unavailable') throw snapshot.error;
    return answer();
  }

  confirm();
  return {
    getSnapshot: () => snapshot,
    getServerSnapshot: () => connecting,
    subscribe: (listener) => add('change', listener),
    on: (type, listener) => add(type, listener),
    ready,
    beginLogin: () => void calls.push({ type: 'beginLogin' }),
    cancelLogin: () => void calls.push({ type: 'cancelLogin' }),
    login: async (login) => {
      const members = membersOf(login);
      return asked({ type: 'login', login }, () => signIn(members, { own: true }));
    },
    logout: () => asked({ type: 'logout' }, () => signOut('logout', undefined, { own: true })),
    check: () =>
      asked({ type: 'check' }, () => {
        const found = outcome ?? (snapshot.status === 'signed-in' ? 'active' : 'inactive');
        if (found === 'inactive' && snapshot.status === 'signed-in') signOut('revoked');
        return found;
      }),
    requestScope: () => asked({ type: 'requestScope' }, () => snapshot.scope),
    allows: (origin) =>
      asked({ type: 'allows', origin }, () => true).catch((error) => {
        if (error.code === 'forbidden') return false;
        throw error;
      }),
    touch() {
      if (isClosed) return;
      calls.push({ type: 'touch' });
      if (snapshot.idleWarning) resumeIdle();
    },
    close() {
      if (isClosed) return;
      calls.push({ type: 'close' });
      isClosed = true;
      listeners.clear();
      failReady(new LockstepError('closed', 'The session is closed.'));
    },
    calls,
    signIn: (login) => signIn(login),
    signOut: (reason, endedBy) => signOut(reason, endedBy),
    warnIdle(idleAt = Date.now() + 60_000) {
      whenSignedIn({ idleAt, idleWarning: true });
      event('idle-warning', { idleAt });
    },
    resumeIdle,
    setScope(scope) {
      const from = snapshot.scope;
      show({ ...snapshot, scope } as Snapshot);
      if (scope !== from) event('scope', { scope, from });
    },
    reconnect: () => show(connecting),
    fail(code = 'timeout') {
      const error = new LockstepError(code, `The test says ${code}.`);
      show({ scope: 'alone', medium: 'memory', upgrade: 'none', status: 'unavailable', error });
      event('error', { error });
    },
    refuse: (call, code) => void refusals.set(call, code),
    answerChecks(answer) {
      outcome = answer;
    },
  };

  function resumeIdle(): void {
    whenSignedIn({});
    event('idle-resume', {});
  }

  function add<Event>(type: string, listener: (event: Event) => void): () => void {
    const entry = { type, listener };
    if (!isClosed) listeners.add(entry);
    return () => void listeners.delete(entry);
  }
}

/** What a snapshot shows of it. */
function membersOf({ subject, sessionId, claims, expiresIn, expiresAt }: Login): Partial<SignedInSnapshot> {
  if (typeof subject !== 'string' || subject === '')
    throw new LockstepError('invalid-argument', 'subject must be a non-empty string.');
  const until = expiresIn == null ? expiresAt : Date.now() + expiresIn * 1_000;
  // Complete by its type: a member that a login gains does not compile before it is here.
  const members: Readonly<Record<Exclude<keyof Login, 'expiresIn'>, unknown>> = {
    subject,
    sessionId,
    claims,
    expiresAt: until ?? undefined,
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
