// What is known of the session of one hub, for all sessions of the document that share it. It says what the hub said, in the
// hub's words: it derives nothing from two snapshots, and decides nothing about a session.

import { checkedTerms, demand } from './arguments.js';
import type { Duties, Offer } from './duties.js';
import { LockstepError, timedOut } from './errors.js';
import { checkMsMax, clientVersion, protocolVersion, touchMsMin } from './limits.js';
import { openLink } from './link.js';
import { createRequests, type Requests } from './requests.js';
import type { CheckOutcome, Session, SessionEvents, Snapshot } from './types.js';
import { encode, type PortMessage, type Told } from './wire.js';

/** Hears of `change` and of every session event. */
export type Hear = (type: string, event: unknown) => void;

export type Connection = {
  /** Those that share it. */
  readonly sessions: Set<Hear>;
  readonly getSnapshot: () => Snapshot;
  readonly ask: Requests['ask'];
  readonly logout: () => Promise<void>;
  readonly check: () => Promise<CheckOutcome>;
  readonly requestScope: Session['requestScope'];
  readonly touch: () => void;
  /** What a session can do for all tabs, until its signal. */
  readonly offer: (offer: Offer, signal: AbortSignal) => Promise<void>;
  /** Ends everything; what is pending is rejected with this error. */
  readonly end: (error: LockstepError) => void;
};

export const connecting: Snapshot = Object.freeze({
  status: 'connecting',
  scope: 'alone',
  medium: 'memory',
  upgrade: 'none',
});

export function openConnection(hub: URL, timeoutMs: number): Connection {
  const sessions = new Set<Hear>();
  let snapshot = connecting;
  /** Kept over reloads of the hub, which so learns what to tell that was missed. */
  let told: Told | undefined;
  let capabilities: readonly string[] = [];
  let failure: LockstepError | undefined;
  let touchedAt = -touchMsMin;
  let checking: Promise<CheckOutcome> | undefined;
  let duties: Duties | undefined;

  const requests = createRequests(
    timeoutMs,
    (text) => link.send(text),
    () => link.attempt(),
  );
  const link = openLink(hub, timeoutMs, { hello, receive, lost, failed });

  function hello() {
    const last = told && { session: told.session, subject: told.snapshot.subject };
    return { lockstep: protocolVersion, type: 'hello', client: clientVersion, last } as const;
  }

  function receive(message: PortMessage): void {
    failure = undefined;
    duties?.hear(message);
    if (message.type === 'reply') return requests.replied(message);
    if (message.type === 'error-notice') return tell('error', { error: message.error });
    if (message.type !== 'changed' && message.type !== 'welcome') return;
    told = message;
    capabilities = told.capabilities ?? capabilities;
    // Before the app hears and asks for more: what it asks is sent in order.
    requests.flush();
    show(told.snapshot);
    for (const { type, ...members } of told.events) tell(type, { ...members, snapshot });
  }

  function lost(): void {
    requests.reject(timedOut(), 'sent');
    duties?.lost();
  }

  function failed(error: LockstepError): void {
    failure = error;
    requests.reject(error);
    show(Object.freeze({ ...connecting, status: 'unavailable', error }));
  }

  /** Plain data that reads the same is the same: the object stays. */
  function show(next: Snapshot): void {
    if (next.status === snapshot.status && JSON.stringify(next) === JSON.stringify(snapshot)) return;
    snapshot = next;
    tell('change', next);
    if (next.error) tell('error', { error: next.error });
  }

  function tell(type: 'change' | keyof SessionEvents, event: unknown): void {
    for (const hear of [...sessions]) hear(type, event);
  }

  function dutyFailed(cause: unknown): void {
    tell('error', {
      error: new LockstepError('duty-failed', 'A duty failed: see the cause.', { cause }),
    });
  }

  const ask: Requests['ask'] = (type, members, waitMs) =>
    failure ? Promise.reject(failure) : requests.ask(type, members, waitMs);

  const getSnapshot = () => snapshot;

  return {
    sessions,
    getSnapshot,
    ask,
    // The token names the session that the app shows now: a logout ends this one and none that is born later (R2).
    logout: () => ask('logout', { session: told?.session }),
    // A page that gets a hundred 401s at once asks once, so that it does not use up what it may send.
    check() {
      const clear = () => {
        checking = undefined;
      };
      return (checking ??= ask('check', {}, Math.max(timeoutMs, checkMsMax)).finally(clear));
    },
    requestScope: (options) =>
      import('./scope.js').then(({ requestScope }) => requestScope(options, link.frame, ask, getSnapshot, demand)),
    offer: (offer, signal) =>
      import('./duties.js').then(({ createDuties }) => {
        duties ??= createDuties(link.send, dutyFailed, checkedTerms, demand);
        duties.add(offer, signal);
      }, dutyFailed),
    touch() {
      const now = performance.now();
      if (!snapshot.idleAt || !capabilities.includes('activity') || now - touchedAt < touchMsMin) return;
      touchedAt = now;
      link.send(encode({ type: 'touch' }));
    },
    end(error) {
      requests.reject(error);
      link.end();
    },
  };
}
