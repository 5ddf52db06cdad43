// A report of one tab as JSON, for an issue or a colleague, and the door for a report of somebody else's: what comes in
// is read as hostile, bounded, and shown as text alone. Who is signed in is left out unless the user wants it in.

import type { EpochMs, SessionEvents } from 'lockstep';
import { eventMemberKinds, type Kind, memberKinds } from './members.js';
import type { Members, TimelineEntry } from './timeline.js';

/** As in package.json. */
export const version = '0.1.0';
export const reportBytesMax = 1_000_000;
const formatNow = 1;
const entriesMax = 1_000;

export type Report = {
  readonly lockstepInspector: typeof formatNow;
  /** Of this package, by the inspector's own part: the session names neither the client's nor the hub's version. */
  readonly version: string;
  readonly createdAt: EpochMs;
  /** Of the page; its path and query are no part of it. */
  readonly origin: string;
  readonly userAgent: string;
  readonly snapshot: Members;
  readonly timeline: readonly TimelineEntry[];
};

/** What the user has ticked. */
export type Wanted = { readonly subject: boolean; readonly claims: boolean };

export function createReport(snapshot: Members, timeline: readonly TimelineEntry[], wanted: Wanted): Report {
  return {
    lockstepInspector: formatNow,
    version,
    createdAt: Date.now(),
    origin: location.origin,
    userAgent: navigator.userAgent,
    snapshot: withoutUser(snapshot, memberKinds, wanted),
    timeline: timeline.map((entry) => ({ ...entry, members: membersFor(entry, wanted) })),
  };
}

/** What an act has come to names nobody. */
function membersFor({ kind, name, members }: TimelineEntry, wanted: Wanted): Members {
  if (kind === 'act') return members;
  return withoutUser(members, kind === 'event' ? eventMemberKinds[name as keyof SessionEvents] : memberKinds, wanted);
}

/** A member that is not in the list is one of a newer hub, and may be the user's name. */
function withoutUser(members: Members, kinds: Readonly<Record<string, Kind>>, { subject, claims }: Wanted): Members {
  const isWanted = { user: subject, sid: subject, claims, public: true };
  return Object.fromEntries(Object.entries(members).filter(([member]) => isWanted[kinds[member] ?? 'user']));
}

/** Throws an Error in words for the user where the text is no report. What it does not know it leaves out. */
export function parseReport(text: string): Report {
  if (text.length > reportBytesMax) throw new Error('The file is larger than a report can be.');
  const report = objectOf(parsed(text));
  if (report.lockstepInspector !== formatNow) throw new Error('This is no report of this inspector’s format.');
  const { timeline, snapshot } = report;
  if (!Array.isArray(timeline) || timeline.length > entriesMax) throw new Error('The report has no timeline.');
  return {
    lockstepInspector: formatNow,
    version: textOf(report.version),
    createdAt: timeOf(report.createdAt),
    origin: textOf(report.origin),
    userAgent: textOf(report.userAgent),
    snapshot: membersOf(snapshot),
    timeline: timeline.map((entry) => entryOf(objectOf(entry))),
  };
}

function entryOf({ at, kind, name, cause, ms, members }: Record<string, unknown>): TimelineEntry {
  if (kind !== 'snapshot' && kind !== 'event' && kind !== 'act') throw new Error('The report has an unknown entry.');
  return {
    at: timeOf(at),
    kind,
    name: textOf(name),
    ...(cause !== undefined && { cause: textOf(cause) }),
    ...(typeof ms === 'number' && { ms }),
    members: membersOf(members),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(
      'The file is neither a report, which is JSON, nor a transcript, which begins with "#" or "config".',
    );
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('This is no report.');
  return value as Record<string, unknown>;
}

/** Came out of JSON, so that it holds nothing else. */
const membersOf = (value: unknown): Members => objectOf(value) as Members;

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Error('The report lacks a text.');
  return value;
}

function timeOf(value: unknown): EpochMs {
  if (typeof value !== 'number' || Number.isNaN(new Date(value).getTime())) throw new Error('The report lacks a time.');
  return value;
}
