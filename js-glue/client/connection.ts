// The connection to one hub, which all sessions of the document share. It shows what the hub sent: it derives no event
// from two snapshots, and decides nothing about a session.

import { checkedClaims, checkedExpiry, demand } from './arguments.js';
import type { Duties, Offer } from './duties.js';
import { LockstepError, timedOut } from './errors.js';
import { checkMsMax, clientVersion, protocolVersion, touchMsMin } from './limits.js';
import { openLink } from './link.js';
import { createLoginFlow, type LoginFlow } from './login-flow.js';
import { createRequests, type Requests } from './requests.js';
import type { CheckOutcome, Scope, ScopeOptions, Session, SessionEvents, Snapshot } from './types.js';
import { type AppMessage, encode, isKnown, type Members, type PortMessage, type SessionUpdate } from './wire.js';

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
  readonly beginLogin: LoginFlow['begin'];
  readonly login: (login: LoginMembers) => Promise<void>;
  readonly logout: () => Promise<void>;
  readonly check: () => Promise<CheckOutcome>;
  readonly requestScope: Session['requestScope'];
  readonly touch: () => void;
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
  /** Kept over reloads of the hub: from it a new hub knows which events the app has missed. */
  let lastUpdate: SessionUpdate | undefined;
  let capabilities: readonly string[] = [];
  let failure: LockstepError | undefined;
  let touchedAt = -touchMsMin;
  let runningCheck: Promise<CheckOutcome> | undefined;

  const requests = createRequests(
    timeoutMs,
    (text) => link.send(text),
    () => link.reconnect(),
  );
  const duties = createLateDuties((text) => link.send(text), dutyFailed);
  const link = openLink(hub, timeoutMs, { createHello, receive, disconnected, failed, pageSeen: duties.load });
  const flow = createLoginFlow(hub, link.signal);

  function createHello(): AppMessage {
    const last = lastUpdate && { session: lastUpdate.session, subject: lastUpdate.snapshot.subject };
    return { lockstep: protocolVersion, type: 'hello', client: clientVersion, last };
  }

  function receive(message: PortMessage): void {
    failure = undefined;
    duties.receive(message);
    if (message.type === 'reply') requests.replied(message);
    else if (message.type === 'error-notice') emit('error', { error: message.error });
    else if (message.type === 'changed' || message.type === 'welcome') update(message);
  }

  function update(message: SessionUpdate): void {
    lastUpdate = message;
    flow.shown(message.lastEnd);
    capabilities = message.capabilities ?? capabilities;
    // Before the listeners, which may make requests: all are sent in the order they were made.
    requests.sendPending();
    setSnapshot(message.snapshot);
    for (const { type, ...members } of message.events.filter(isKnown)) emit(type, { ...members, snapshot });
  }

  function disconnected(): void {
    requests.reject(timedOut(), 'sent');
    duties.disconnected();
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
    if (next.error) emit('error', { error: next.error });
  }

  function emit(type: EventType, event: unknown): void {
    for (const listener of [...listeners]) listener(type, event);
  }

  function dutyFailed(cause: unknown): void {
    emit('error', { error: new LockstepError('duty-failed', 'A duty failed: see the cause.', { cause }) });
  }

  const ask: Requests['ask'] = (type, members, waitMs) =>
    failure ? Promise.reject(failure) : requests.ask(type, members, waitMs);

  /** A page that receives a hundred 401s at once asks once: the hub limits how often an app may ask. */
  function check(): Promise<CheckOutcome> {
    runningCheck ??= ask('check', () => ({}), Math.max(timeoutMs, checkMsMax)).finally(() => {
      runningCheck = undefined;
    });
    return runningCheck;
  }

  async function requestScope(options: ScopeOptions): Promise<Scope> {
    const { askForScope } = await import('./scope.js').catch((cause) => {
      throw new LockstepError('timeout', 'A file did not load: see the cause.', { cause });
    });
    return askForScope(options, link.frame(), () => snapshot, ask, demand);
  }

  return {
    listeners,
    getSnapshot: () => snapshot,
    ask,
    beginLogin: flow.begin,
    login: (login) => ask('login', () => ({ ...login, lastEnd: flow.lastEnd() })).finally(flow.ending()),
    logout() {
      // The session that the app shows now: a logout ends this one and none that began later (R2).
      const session = lastUpdate?.session;
      return ask('logout', () => ({ session }));
    },
    check,
    requestScope,
    touch() {
      const now = performance.now();
      if (!snapshot.idleAt || !capabilities.includes('activity') || now - touchedAt < touchMsMin) return;
      touchedAt = now;
      link.send(encode({ type: 'touch' }));
    },
    offer: duties.offer,
    close(error) {
      requests.reject(error, 'all');
      link.close();
    },
  };
}

/**
 * The duties, whose file is loaded with the first offer. Where that fails it is tried again when a hub answers or the
 * page is seen.
 */
function createLateDuties(send: (text: string) => boolean, failed: (cause: unknown) => void) {
  const waiting = new Map<Offer, AbortSignal>();
  let duties: Duties | undefined;

  async function load(): Promise<void> {
    for (const [offer, signal] of waiting) if (signal.aborted) waiting.delete(offer);
    if (waiting.size === 0) return;
    try {
      const { createDuties } = await import('./duties.js');
      duties ??= createDuties(send, failed, demand, checkedExpiry, checkedClaims);
    } catch (cause) {
      return failed(cause);
    }
    for (const [offer, signal] of waiting) duties.add(offer, signal);
    waiting.clear();
  }

  return {
    load,
    offer(offer: Offer, signal: AbortSignal): void {
      waiting.set(offer, signal);
      load();
    },
    receive(message: PortMessage): void {
      if (message.type === 'welcome') load();
      duties?.receive(message);
    },
    disconnected: () => duties?.disconnected(),
  };
}
