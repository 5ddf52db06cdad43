// The timeline across tabs: what any tab did, and when every tab was shown it. It knows no element.

import type { EpochMs } from 'lockstep';
import { membersOf } from './json.js';
import type { HubEntry, Tab } from './tabs.js';

export type Row = {
  readonly at: EpochMs;
  readonly tab: Tab;
  /** An act of an app, an event that an app was sent, a duty, a lock or a stream, the store, the page itself. */
  readonly kind: 'act' | 'event' | 'duty' | 'store' | 'page';
  readonly what: string;
  /** Of an event: from the act, or whatever began it in any tab, to when this tab's app was sent it. */
  readonly ms?: number | undefined;
  readonly details: string;
};

type Message = Readonly<Record<string, unknown>> & { readonly type?: unknown };

const toApp = 'tells its app ';

/** In order. */
export function rowsOf(tabs: readonly Tab[]): readonly Row[] {
  const begins = beginnings(tabs);
  const writes = writeTimes(tabs);
  const rows = tabs.flatMap((tab) =>
    tab.entries.flatMap((entry) => rowsOfEntry(tab, entry, begins, writes.get(entry) ?? [])),
  );
  return rows.sort((one, other) => one.at - other.at);
}

/** When each change began, by what all tabs are sent of it alike. */
function beginnings(tabs: readonly Tab[]): ReadonlyMap<string, EpochMs> {
  const begins = new Map<string, EpochMs>();
  for (const { at, effects } of tabs.flatMap(({ entries }) => entries)) {
    for (const effect of effects) {
      const message = sentBy(effect);
      for (const { type } of eventsOf(message)) {
        const key = keyOf(message, type);
        begins.set(key, Math.min(at, begins.get(key) ?? at));
      }
    }
  }
  return begins;
}

type Write = {
  readonly entry: HubEntry;
  /** Of its effects. */
  readonly index: number;
  at: EpochMs;
};

const event = 'storage-event ';
const stores = 'stores ';
/** The least that a number of this size still distinguishes. */
const justBefore = 0.001;

/**
 * Of each entry the writes to the store that others have had an event of. How long a write took nobody knows, and the
 * clocks of two processes differ: at the latest it was just before the first of its events.
 */
function writeTimes(tabs: readonly Tab[]): ReadonlyMap<HubEntry, readonly Write[]> {
  const entries = tabs.flatMap((tab) => tab.entries).sort((one, other) => one.at - other.at);
  const writes = entries.flatMap((entry) =>
    entry.effects.flatMap((effect, index) =>
      effect.startsWith(stores) ? [{ entry, index, at: entry.at + entry.took, text: effect.slice(stores.length) }] : [],
    ),
  );
  const byText = grouped(writes, ({ text }) => text);
  for (const { at, input } of entries.reverse()) {
    if (!input?.startsWith(event)) continue;
    const same = byText.get(input.slice(event.length)) ?? [];
    const cause = same.filter(({ entry }) => entry.at <= at).at(-1) ?? same[0];
    if (cause) cause.at = Math.min(cause.at, at - justBefore);
  }
  return grouped(writes, ({ entry }) => entry);
}

function grouped<Key, Value>(values: readonly Value[], keyOf: (value: Value) => Key): ReadonlyMap<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

function rowsOfEntry(
  tab: Tab,
  { at, took, input, effects }: HubEntry,
  begins: ReadonlyMap<string, EpochMs>,
  writes: readonly Write[],
): readonly Row[] {
  // What comes before a write is not after it.
  const before = (end: EpochMs, index: number) =>
    Math.min(end, ...writes.filter((write) => write.index >= index).map((write) => write.at));
  const first = inputRow(input, effects.length > 0);
  const rows = effects.flatMap((effect, index) =>
    effectRows(effect, at + took, begins).map((row) => ({ tab, at: before(at + took, index), ...row })),
  );
  return [...(first ? [{ tab, at: before(at, 0), ...first }] : []), ...rows];
}

type Part = Omit<Row, 'at' | 'tab'>;

function inputRow(input: string | undefined, hasEffects: boolean): Part | undefined {
  const [verb = '', ...rest] = (input ?? '').split(' ');
  const details = rest.join(' ');
  if (verb === 'says') {
    const { type, id: _, ...members } = membersOf(details);
    return { kind: 'act', what: String(type ?? 'unreadable'), details: listed(members) };
  }
  if (verb === 'lock' || verb === 'stream' || verb === 'fetched') return { kind: 'duty', what: verb, details };
  if (verb === 'storage-event') return { kind: 'store', what: 'storage event', details: recordText(details) };
  if (verb === 'cookie-gone') return { kind: 'store', what: 'cookie gone', details };
  if (/^(start|hides|shows|wakes|leaves|freezes|capabilities)$/.test(verb))
    return { kind: 'page', what: verb, details };
  return verb === 'timer' && hasEffects ? { kind: 'page', what: 'timer', details: '' } : undefined;
}

function effectRows(effect: string, at: EpochMs, begins: ReadonlyMap<string, EpochMs>): readonly Part[] {
  const message = sentBy(effect);
  const events = eventsOf(message).map(({ type, ...members }) => ({
    kind: 'event' as const,
    what: String(type),
    ms: Math.round((at - (begins.get(keyOf(message, type)) ?? at)) * 10) / 10,
    details: listed(members),
  }));
  if (events.length > 0) return events;
  const { type, ...members } = message;
  if (type === 'duty' || type === 'cancel') return [{ kind: 'duty', what: type, details: listed(members) }];
  if (type === 'reply' && members.error) {
    const { code, message: details } = Object(members.error);
    return [{ kind: 'event', what: String(code), details: String(details) }];
  }
  if (type === 'error-notice' || type === 'goodbye') return [{ kind: 'event', what: type, details: listed(members) }];
  if (/^(cannot store|stores) \{/.test(effect)) return [{ kind: 'store', what: 'stores', details: recordText(effect) }];
  if (/ the (lock|stream)|its stream$/.test(effect)) return [{ kind: 'duty', what: effect, details: '' }];
  return [];
}

const sentBy = (effect: string): Message => (effect.startsWith(toApp) ? membersOf(effect.slice(toApp.length)) : {});

const eventsOf = ({ events }: Message): readonly Message[] => (Array.isArray(events) ? events.map(Object) : []);

function keyOf({ session, lastEnd }: Message, type: unknown): string {
  return JSON.stringify([type, session, lastEnd]);
}

/** What a record says, in short. */
function recordText(text: string): string {
  const { created, updated, subject, ended, duty } = membersOf(text.slice(text.indexOf('{')));
  const { reason, by } = Object(ended);
  const session = reason === undefined ? `of ${subject}` : `ended: ${[reason, by].filter(Boolean).join(', ')}`;
  const state = Object(duty).state;
  return created === undefined ? text : `${session}, revision ${Object(updated)[0]}${state ? `, duty ${state}` : ''}`;
}

function listed(members: object): string {
  return Object.entries(members)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
