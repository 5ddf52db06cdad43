// The connection to one hub, which all sessions of the document share. It shows what the hub sent: it derives no event
// from two snapshots, and decides nothing about a session.

import { watchActivity, watchActs } from './activity.js';
import { checkedClaims, checkedExpiry, demand } from './arguments.js';
import type { Duties, Offer } from './duties.js';
import { LockstepError, timedOut } from './errors.js';
import { checkMsMax, clientVersion, protocolVersion, quietMsMax, subjectBytesMax, touchMsMin } from './limits.js';
import { openLink } from './link.js';
import { createLate, loadLater } from './load-later.js';
import { createLoginFlow, type LoginFlow } from './login-flow.js';
import { createRequests, type Requests } from './requests.js';
import { stored } from './stored.js';
import type { ActivityOptions, CheckOutcome, Scope, ScopeOptions, SessionEvents, Snapshot } from './types.js';
import { type AppMessage, encode, type Last, type Members, type PortMessage, type SessionUpdate } from './wire.js';
import { inRootZone } from './zones.js';

type EventType = 'change' | keyof SessionEvents;
/** Called with `change` and a snapshot, and with every session event. */
export type Listener = (type: EventType, event: unknown) => void;

/** What an app says of a login. */
type LoginMembers = Omit<Members<'login'>, 'lastEnd'>;

export type Connection = {
  /** One for each session. */
  readonly listeners: Set<Listener>;
  readonly getSnapshot: () => Snapshot;
  readonly ask: Requests['ask'];
  readonly flow: Pick<LoginFlow, 'begin' | 'cancel'>;
  readonly login: (login: LoginMembers) => Promise<void>;
  readonly logout: () => Promise<void>;
  readonly check: () => Promise<CheckOutcome>;
  /** Rejects with the reason of the signal when that is aborted. */
  readonly requestScope: (options: ScopeOptions, closing: AbortSignal) => Promise<Scope>;
  readonly touch: () => void;
  /** Feeds `touch` with what the user does, until the signal is aborted. */
  readonly watch: (activity: ActivityOptions, signal: AbortSignal) => void;
  /** What a session can do for all tabs, until the signal is aborted. */
  readonly offer: (offer: Offer, signal: AbortSignal) => void;
  /** Ends everything; pending requests are rejected with this error. */
  readonly close: (error: LockstepError) => void;
};

/** Nothing is known of other tabs. */
const alone = { scope: 'alone', medium: 'memory', upgrade: 'none' } as const;
export const connecting: Snapshot = Object.freeze({ status: 'connecting', ...alone });

export function openConnection(hub: URL, timeoutMs: number): Connection {
  const listeners = new Set<Listener>();
  let snapshot = connecting;
  /** What the app shows is kept until it is opened again: token and subject. */
  const kept = stored('localStorage', `lockstep-shown ${hub.href}`);
  /** Kept over reloads of the hub, too: from it a new hub knows which events the app has missed. */
  let last = shownBefore(kept.read());
  let capabilities: readonly string[] = [];
  let failure: LockstepError | undefined;
  let touchedAt = -touchMsMin;
  let receivedAt = 0;

  const requests = createRequests(timeoutMs, (text) => link.send(text), silent);
  const late = createLate(emitError);
  let duties: Duties | undefined;
  const link = openLink(hub, timeoutMs, { createHello, receive, disconnected, failed, pageSeen });
  const flow = createLoginFlow(hub);
  watchActs(acted, link.signal);

  function createHello(): AppMessage {
    return { lockstep: protocolVersion, type: 'hello', client: clientVersion, last };
  }

  function receive(message: PortMessage): void {
    failure = undefined;
    receivedAt = performance.now();
    duties?.receive(message);
    if (message.type === 'reply') requests.replied(message);
    else if (message.type === 'error-notice') emitError(message.error);
    else if (message.type === 'changed' || message.type === 'welcome') update(message);
  }

  function update(message: SessionUpdate): void {
    const { session, snapshot: next } = message;
    last = { session, subject: next.subject };
    flow.shown(message.lastEnd);
    capabilities = message.capabilities ?? capabilities;
    // Before the listeners, which may make requests: all are sent in the order they were made.
    requests.sendPending();
    setSnapshot(next);
    if (message.type === 'welcome') late.retry();
    else late.load();
    for (const { type, ...members } of message.events) emit(type, { ...members, snapshot });
    // After the events: what a tab that dies meanwhile has not been sent, the next one is. What this tab alone knows
    // is of no use to another.
    if (!next.error && next.scope !== 'alone') kept.write(session && `${session} ${next.subject}`);
  }

  function pageSeen(): void {
    late.retry();
    wake();
  }

  function acted(): void {
    flow.acted();
    if (performance.now() - receivedAt > quietMsMax) wake();
  }

  /** Whether the session has ended meanwhile cannot be known before another hub has answered. */
  function silent(): void {
    setSnapshot(connecting);
    link.reconnect();
  }

  function disconnected(): void {
    requests.reject(timedOut(), 'sent');
    duties?.disconnected();
  }

  function failed(error: LockstepError): void {
    failure = error;
    requests.reject(error, 'all');
    setSnapshot(Object.freeze({ status: 'unavailable', ...alone, error }));
  }

  /** Where nothing has changed the object stays the same. */
  function setSnapshot(next: Snapshot): void {
    if (JSON.stringify(next) === JSON.stringify(snapshot)) return;
    snapshot = next;
    emit('change', next);
    if (next.error) emitError(next.error);
  }

  function emit(type: EventType, event: unknown): void {
    for (const listener of [...listeners]) listener(type, event);
  }

  function emitError(error: unknown): void {
    emit('error', { error });
  }

  const ask: Requests['ask'] = (type, members, waitMs) =>
    failure ? Promise.reject(failure) : inRootZone(() => requests.ask(type, members, waitMs));

  /** A page that receives a hundred 401s at once asks once: the hub limits how often an app may ask. */
  const check = oneAtATime(() => ask('check', () => ({}), Math.max(timeoutMs, checkMsMax)));

  /** What the app shows may be old, or its hub gone: no browser says so, but then there is no reply. */
  const wake = oneAtATime(() => ask('wake', () => ({})).catch(() => {}));

  async function requestScope(options: ScopeOptions, closing: AbortSignal): Promise<Scope> {
    const { askForScope } = await loadLater();
    // The frame may have gone together with the dialog that it was put into.
    const show = () => askForScope(options, closing, link.frame(), () => snapshot, ask, demand);
    return inRootZone(show).finally(link.checkFrame);
  }

  function offer(offer: Offer, signal: AbortSignal): void {
    late.use(({ createDuties }) => {
      duties ??= createDuties(link.send, emitError, LockstepError, demand, checkedExpiry, checkedClaims);
      duties.add(offer, signal);
    }, signal);
  }

  /** `activity`: what else counts as an action of the user. Only a session with an idle end needs it. */
  function watch(activity: ActivityOptions, signal: AbortSignal): void {
    const isTimed = () => snapshot.idleAt !== undefined;
    watchActivity(touch, signal);
    late.use(({ watchElsewhere }) => watchElsewhere(touch, activity, isTimed, signal), signal, isTimed);
  }

  function touch(): void {
    const now = performance.now();
    if (!snapshot.idleAt || !capabilities.includes('activity') || now - touchedAt < touchMsMin) return;
    touchedAt = now;
    link.send(encode({ type: 'touch' }));
  }

  return {
    listeners,
    getSnapshot: () => snapshot,
    ask,
    flow,
    login: (login) => flow.endWith(ask('login', () => ({ ...login, lastEnd: flow.lastEnd() }))),
    logout() {
      // The session that the app shows now: a logout ends this one and none that began later (R2).
      const session = snapshot.subject && last?.session;
      return ask('logout', () => ({ session }));
    },
    check,
    requestScope,
    touch,
    watch,
    offer,
    close(error) {
      requests.reject(error, 'all');
      link.close();
    },
  };
}

/** Whoever calls while an answer is awaited gets that one. */
function oneAtATime<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= ask().finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** Undefined for a text that the hub would refuse: anything in the app's page may have written it. */
function shownBefore(text = ''): Last | undefined {
  const [, session, subject = ''] = /^(\d{1,15}\.[0-9a-z]{1,32}) (.+)/s.exec(text) ?? [];
  return session && new TextEncoder().encode(subject).length <= subjectBytesMax ? { session, subject } : undefined;
}
