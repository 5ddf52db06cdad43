// All tabs whose hubs report, each with what its hub was given and did. It is what the hub's page sends, and what a
// transcript of somebody else's becomes: both are read as hostile, and bounded. It knows no element.

import type { EpochMs } from 'lockstep';
import type { FromHub } from './hub-link.js';

/** One input of a hub, and its effects, in the words of tests/transcripts but without the tab's name. */
export type HubEntry = {
  readonly at: EpochMs;
  /** From the input to its last effect. */
  readonly took: number;
  /** What the hub took for the time. */
  readonly now: EpochMs;
  /** Absent where no line can say it. */
  readonly input?: string | undefined;
  readonly effects: readonly string[];
  /** What the store showed first: null for nothing; absent where it was not read. */
  readonly read?: string | null | undefined;
  readonly store?: 'blocked' | 'full' | undefined;
};

export type Tab = {
  /** A, B, … */
  readonly name: string;
  readonly isOwn: boolean;
  readonly origin: string;
  readonly title?: string | undefined;
  readonly visible: boolean;
  readonly frozen: boolean;
  readonly left: boolean;
  readonly lock: boolean;
  readonly stream: boolean;
  readonly shown?: Shown | undefined;
  readonly entries: readonly HubEntry[];
  /** Every input since its hub has started is there. While nobody inspects, none is recorded. */
  readonly isComplete: boolean;
};

/** What its app shows. */
export type Shown = {
  readonly status: string;
  readonly subject?: string | undefined;
  /** The session's token: the same in all tabs that are in step. */
  readonly session?: string | undefined;
  readonly revision: number;
};

export type Tabs = {
  /** False where it was no report. */
  readonly receive: (message: FromHub) => boolean;
  readonly all: () => readonly Tab[];
  /** The hub's configuration, once the hub has let this page inspect. */
  readonly config: () => string | undefined;
  readonly clear: () => void;
};

export const tabsMax = 200;
export const entriesMax = 5_000;

export function createTabs(): Tabs {
  const tabs = new Map<string, Tab>();
  /** Hubs of before the hubs started anew, which may have reports on the way. */
  const retired = new Set<string>();
  /** Hubs of before the last call to report, with what was recorded until then: one that is still there answers. */
  let known: ReadonlyMap<string, Tab> = new Map();
  /** Hubs of before the own one was loaded again, maybe with all others: if these leave, nobody has closed a tab. */
  const replaced = new Set<string>();
  let named = 0;
  let own: string | undefined;
  let config: string | undefined;

  function add(hub: string, { state, entries }: FromHub): boolean {
    if (!Array.isArray(entries) || (!tabs.has(hub) && tabs.size >= tabsMax)) return false;
    if (retired.has(hub)) return false;
    const said = Object(state);
    if (replaced.has(hub) && said.left === true) return tabs.delete(hub);
    const before = tabs.get(hub) ?? known.get(hub);
    const all = [...(before?.entries ?? []), ...entries.map(entryOf)].slice(-entriesMax);
    tabs.set(hub, {
      name: before?.name ?? nameOf(named++),
      isOwn: hub === own,
      origin: textOf(said.origin) ?? '',
      title: textOf(said.title),
      ...{ visible: said.visible === true, frozen: said.frozen === true, left: said.left === true },
      ...{ lock: said.lock === true, stream: said.stream === true },
      shown: shownOf(textOf(said.shown)),
      entries: all,
      isComplete: all[0]?.input?.startsWith('start ') === true && !known.has(hub),
    });
    return true;
  }

  /** Its answer to "watch". All hubs that are there are called by it, and report after it. */
  function begin({ id, config: text }: FromHub): boolean {
    if (own !== undefined && own !== id) for (const hub of tabs.keys()) replaced.add(hub);
    own = textOf(id);
    config = textOf(text);
    known = new Map(tabs);
    tabs.clear();
    return true;
  }

  return {
    receive(message) {
      const { type, hub } = message;
      if (type === 'inspecting') return begin(message);
      return type === 'report' && typeof hub === 'string' && add(hub, message);
    },
    all: () => [...tabs.values()],
    config: () => config,
    clear() {
      for (const hub of [...known.keys(), ...tabs.keys()]) retired.add(hub);
      tabs.clear();
      known = new Map();
      named = 0;
    },
  };
}

/** `behind`: another tab shows a later session, or a later end. */
export function standingOf({ shown }: Tab, tabs: readonly Tab[]): 'in step' | 'behind' | 'shows nothing yet' {
  if (!shown) return 'shows nothing yet';
  const newest = tabs.reduce(
    (best, { shown: other }) => (other && other.revision > best.revision ? other : best),
    shown,
  );
  return newest.status === shown.status && newest.session === shown.session ? 'in step' : 'behind';
}

/** Of the text of a welcome or a change (PROTOCOL.md §3). */
export function shownOf(text: string | undefined): Shown | undefined {
  try {
    const { session, lastEnd, snapshot } = JSON.parse(text ?? '');
    const revisions = [session, lastEnd].map((token) => Number.parseInt(String(token), 10) || 0);
    return {
      status: String(snapshot.status),
      subject: textOf(snapshot.subject),
      session: textOf(session),
      revision: Math.max(...revisions),
    };
  } catch {
    return undefined;
  }
}

export function nameOf(index: number): string {
  const round = Math.floor(index / 26);
  return `${String.fromCharCode(65 + (index % 26))}${round || ''}`;
}

function entryOf(value: unknown): HubEntry {
  const { at, took, now, input, effects, store, ...rest } = Object(value);
  return {
    at: numberOf(at),
    took: numberOf(took),
    now: numberOf(now),
    input: textOf(input),
    effects: Array.isArray(effects) ? effects.map(String) : [],
    ...('read' in rest && { read: rest.read === null ? null : String(rest.read) }),
    ...((store === 'blocked' || store === 'full') && { store }),
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const numberOf = (value: unknown): number => (Number.isFinite(value) ? Number(value) : 0);
