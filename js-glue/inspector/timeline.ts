// What this tab is shown and does, in order: every change of the snapshot, every session event, every act of the
// inspector, with what caused it. Bounded, since a tab may stay open for days. It knows no element.

import type { EndReason, EpochMs, Json, LockstepError, Session, SessionEvents, Snapshot } from 'lockstep';
import { eventTypes } from './members.js';

/** What JSON can say of a snapshot: an error is its code and its message. */
export type Members = Readonly<Record<string, Json>>;

export type TimelineEntry = {
  readonly at: EpochMs;
  readonly kind: 'snapshot' | 'event' | 'act';
  /** The status, the type of the event, or the act. */
  readonly name: string;
  /** In words; absent where the session does not say. */
  readonly cause?: string;
  /** From an act of the inspector to the snapshot that shows it. */
  readonly ms?: number;
  /** Of a snapshot what has changed, of an event its members, of an act its outcome. */
  readonly members: Members;
};

export type Act = 'login' | 'logout' | 'check' | 'touch' | 'requestScope' | HubAct | 'lose the hub';
/** Of the hub that this page has. */
export type HubAct = 'expire' | 'idle' | 'offline' | 'online';
export type Failure = { readonly code: string; readonly message: string };

export type Timeline = {
  readonly entries: () => readonly TimelineEntry[];
  readonly dropped: () => number;
  /** Of an event, a snapshot or an act. */
  readonly lastFailure: () => Failure | undefined;
  /** What each act ended with last: `forbidden` says that the origin lacks the capability. */
  readonly outcomes: () => ReadonlyMap<Act, string>;
  /** Performs it and records its outcome. Never rejects. */
  readonly perform: (act: Act, run: () => unknown) => Promise<TimelineEntry>;
  /** Listens until the function that it returns is called. What has changed since the last time is one entry. */
  readonly follow: () => () => void;
};

const entriesMax = 200;
/** The events that an act of this page can cause. */
const effects: Readonly<Record<string, readonly Act[]>> = {
  login: ['login'],
  'user-change': ['login'],
  logout: ['logout', 'expire', 'idle'],
  scope: ['requestScope'],
};
const reasons: Readonly<Record<EndReason, string>> = {
  logout: 'a logout elsewhere',
  expired: 'the expiry',
  idle: 'the idle time',
  revoked: 'the provider',
  cleared: "the browser's store was cleared",
};

/** Calls the listener with each entry from now on; returns the function that ends it. */
export function followEntries(session: Session, listener: (entry: TimelineEntry) => void): () => void {
  let last: TimelineEntry | undefined;
  const timeline = createTimeline(session, () => {
    const entry = timeline.entries().at(-1);
    if (!entry || entry === last) return;
    last = entry;
    listener(entry);
  });
  return timeline.follow();
}

export function createTimeline(session: Session, changed: () => void): Timeline {
  const entries: TimelineEntry[] = [];
  const outcomes = new Map<Act, string>();
  const running = new Map<Act, number>();
  let dropped = 0;
  let lastFailure: Failure | undefined;
  let shown: Snapshot | undefined;
  let shownAt = 0;
  let shownEntry: TimelineEntry | undefined;

  function add(entry: Omit<TimelineEntry, 'at'>): TimelineEntry {
    const added = { at: Date.now(), ...entry };
    entries.push(added);
    if (entries.length > entriesMax) {
      entries.shift();
      dropped += 1;
    }
    return added;
  }

  /** Entries are values: one that becomes known later takes the place of the other. */
  function replace(entry: TimelineEntry, members: Partial<TimelineEntry>): TimelineEntry {
    const next = { ...entry, ...members };
    const at = entries.lastIndexOf(entry);
    if (at >= 0) entries[at] = next;
    return next;
  }

  function show(snapshot: Snapshot): void {
    if (snapshot === shown) return;
    shownAt = performance.now();
    if (snapshot.error) lastFailure = failureOf(snapshot.error);
    const members = differences(shown, snapshot);
    const cause = causeOfChange(shown, snapshot);
    shown = snapshot;
    shownEntry = add({ kind: 'snapshot', name: snapshot.status, members, ...cause });
    changed();
  }

  function receive<Type extends keyof SessionEvents>(type: Type, event: SessionEvents[Type]): void {
    const { snapshot, ...rest } = event as Record<string, unknown> & { snapshot?: Snapshot };
    if (rest.error instanceof Error) lastFailure = failureOf(rest.error as LockstepError);
    const cause = causeOfEvent(type, rest);
    const isOwn = (act: Act) => (act === 'login' || act === 'logout' ? rest.own : true);
    const act = (effects[type] ?? []).find((name) => running.has(name) && isOwn(name));
    const ms = act && { ms: rounded(shownAt - (running.get(act) ?? shownAt)) };
    // The event says why the snapshot that came just before it has changed.
    if (snapshot === shown && shownEntry && cause.cause) shownEntry = replace(shownEntry, { ...cause, ...ms });
    add({ kind: 'event', name: type, members: plain(rest), ...cause, ...ms });
    changed();
  }

  return {
    entries: () => entries,
    dropped: () => dropped,
    lastFailure: () => lastFailure,
    outcomes: () => outcomes,
    async perform(act, run) {
      const entry = add({ kind: 'act', name: act, cause: 'the inspector', members: {} });
      running.set(act, performance.now());
      changed();
      let members: Members;
      try {
        members = { outcome: String((await run()) ?? 'done') };
      } catch (error) {
        const failure = failureOf(error);
        // The user has closed the panel meanwhile.
        const isCancelled = failure.code === 'AbortError';
        if (!isCancelled) lastFailure = failure;
        members = isCancelled ? { outcome: 'cancelled' } : { error: failure };
      }
      running.delete(act);
      outcomes.set(act, String(lastOutcome(members)));
      const ended = replace(entry, { members });
      changed();
      return ended;
    },
    follow() {
      show(session.getSnapshot());
      const stops = eventTypes.map((type) => session.on(type, (event) => receive(type, event)));
      stops.push(session.subscribe(show));
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

/** The code where it has failed. */
export function lastOutcome({ error, outcome }: Members): Json | undefined {
  return error === undefined ? outcome : (error as Failure).code;
}

/** As JSON has it. */
export function plain(members: object): Members {
  const entries = Object.entries(members).map(([name, value]) => [
    name,
    value instanceof Error ? failureOf(value) : value,
  ]);
  return JSON.parse(JSON.stringify(Object.fromEntries(entries)));
}

function failureOf(error: unknown): Failure {
  const { code, name, message } = Object(error);
  // A DOMException has a number for a code.
  return { code: typeof code === 'string' ? code : String(name ?? 'unknown'), message: String(message ?? error) };
}

/** The members that are new or have another value; null says that one is gone. */
function differences(before: Snapshot | undefined, after: Snapshot): Members {
  const [old, next] = [plain(before ?? {}), plain(after)];
  const names = [...new Set([...Object.keys(next), ...Object.keys(old)])];
  const different = names.filter((name) => JSON.stringify(old[name]) !== JSON.stringify(next[name]));
  return Object.fromEntries(different.map((name) => [name, next[name] ?? null]));
}

/** Where no event says more. */
function causeOfChange(before: Snapshot | undefined, { status, idleAt }: Snapshot): { readonly cause?: string } {
  if (!before) return { cause: 'the timeline begins' };
  if (status === 'connecting') return { cause: 'the hub is asked again' };
  if (status === 'unavailable') return { cause: 'the hub cannot be used' };
  if (before.status !== 'signed-in' && before.status !== 'signed-out') return { cause: 'the hub has answered' };
  return idleAt !== before.idleAt ? { cause: 'activity, in whatever tab' } : {};
}

function causeOfEvent(type: string, { own, reason, endedBy }: Record<string, unknown>): { readonly cause?: string } {
  if (own) return { cause: 'this page' };
  if (type === 'logout') {
    const why = reasons[reason as EndReason];
    return { cause: endedBy === undefined ? why : `${why}, by ${endedBy}` };
  }
  if (type === 'login' || type === 'user-change') return { cause: 'a login elsewhere' };
  if (type === 'idle-warning') return { cause: 'nobody was active, in any tab' };
  if (type === 'idle-resume') return { cause: 'activity, in whatever tab' };
  return type === 'scope' ? { cause: "the browser's storage" } : {};
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;
