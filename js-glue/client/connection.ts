// What is known of the session of one hub, for all sessions of the document that share it. It says what the hub said, in the
// hub's words: it derives nothing from two snapshots, and decides nothing about a session.

import type { LockstepError } from './errors.js';
import { openLink } from './link.js';
import { createRequests, type Question } from './requests.js';
import type { SessionEvents, Snapshot } from './types.js';
import { clientVersion, encode, type HubMessage, protocolVersion, type Told } from './wire.js';

/** Who is told: a session. */
export type Sink = {
  readonly changed: (snapshot: Snapshot) => void;
  readonly happened: (type: keyof SessionEvents, event: unknown) => void;
};
export type Connection = {
  readonly sinks: Set<Sink>;
  readonly getSnapshot: () => Snapshot;
  readonly login: (owner: Sink, login: Omit<Extract<Question, { readonly type: 'login' }>, 'type'>) => Promise<void>;
  readonly logout: (owner: Sink) => Promise<void>;
  readonly touch: () => void;
  readonly reject: (error: LockstepError, owner: Sink) => void;
  readonly end: () => void;
};

const touchMsMin = 1000;
const nowhere = { scope: 'alone', medium: 'memory', upgrade: 'none' } as const;
export const connecting: Snapshot = Object.freeze({ status: 'connecting', ...nowhere });

export function openConnection(hub: URL, timeoutMs: number): Connection {
  const sinks = new Set<Sink>();
  let snapshot = connecting;
  /** Kept over reloads of the hub, which so learns what to tell that was missed. */
  let told: Told | undefined;
  let capabilities: readonly string[] = [];
  let failure: LockstepError | undefined;
  let touchedAt = -touchMsMin;

  const requests = createRequests(
    timeoutMs,
    (text) => link.send(text),
    () => link.attempt(),
  );
  const link = openLink(hub, timeoutMs, { hello, receive, lost: requests.lost, failed });

  function hello() {
    const last = told && { session: told.session, subject: told.snapshot.subject };
    return { lockstep: protocolVersion, type: 'hello', client: clientVersion, last } as const;
  }

  function receive(message: HubMessage): void {
    if (message.type === 'reply') return requests.replied(message.id, message.error);
    if (message.type === 'notice') return tell('error', { error: message.error });
    if (message.type === 'goodbye') return;
    const isNew = message.type === 'welcome';
    if (isNew) {
      failure = undefined;
      capabilities = message.capabilities;
    }
    told = message;
    show(message.snapshot);
    for (const { type, ...members } of message.events) tell(type, { ...members, snapshot });
    if (isNew) requests.flush();
  }

  function failed(error: LockstepError): void {
    failure = error;
    requests.reject(error);
    show(Object.freeze({ status: 'unavailable', ...nowhere, error }));
  }

  /** Plain data that reads the same is the same: the object stays. */
  function show(next: Snapshot): void {
    if (JSON.stringify(next) === JSON.stringify(snapshot)) return;
    snapshot = next;
    for (const sink of [...sinks]) sink.changed(next);
    if (next.error) tell('error', { error: next.error });
  }

  function tell(type: keyof SessionEvents, event: unknown): void {
    for (const sink of [...sinks]) sink.happened(type, event);
  }

  function ask(owner: Sink, question: Question): Promise<void> {
    return failure ? Promise.reject(failure) : requests.ask(owner, question);
  }

  return {
    sinks,
    getSnapshot: () => snapshot,
    login: (owner, login) => ask(owner, { type: 'login', ...login }),
    // The token names the session that the app shows now: a logout ends this one and none that is born later (R2).
    logout: (owner) => ask(owner, { type: 'logout', session: told?.session }),
    touch() {
      const now = performance.now();
      if (!snapshot.idleAt || !capabilities.includes('activity') || now - touchedAt < touchMsMin) return;
      touchedAt = now;
      link.send(encode({ type: 'touch' }));
    },
    reject: requests.reject,
    end: link.end,
  };
}
