// What all hubs were given and did, as a transcript that `npm run replay` runs through the native core, and the door
// for one of somebody else's. The grammar: tests/transcripts/README.md.

import type { EpochMs } from 'lockstep';
import { createRedact } from './redact-transcript.js';
import { entriesMax, type HubEntry, nameOf, shownOf, type Tab, tabsMax } from './tabs.js';

export type Transcript = {
  readonly text: string;
  /** Inputs that no line can say. */
  readonly lost: number;
};

/** A world of the replay: it begins there, with an empty store that works. */
const firstNow = 1_000_000;
export const transcriptCharsMax = 10_000_000;
const linesMax = 100_000;

/** Of tabs that are complete. `config`: as the hub has it. With `secrets` nothing is redacted. */
export function transcriptOf(tabs: readonly Tab[], config: string, secrets: boolean): Transcript {
  const redact = secrets ? (line: string) => line : createRedact();
  const all = tabs
    .flatMap((tab) => tab.entries.map((entry) => ({ name: tab.name, entry })))
    .sort((one, other) => one.entry.at - other.entry.at);
  const world = { now: firstNow, record: null as string | null, store: 'open' };
  const begins = all[0] ? ` ${new Date(all[0].entry.at).toISOString()}` : '';
  const lines = [`# Recorded by the inspector from${begins} on.`];
  for (const { name, origin } of tabs) lines.push(`# ${name}: ${origin}`);
  lines.push(`config ${config}`);
  let lost = 0;
  for (const { name, entry } of all) {
    lines.push(...worldLines(entry, world).map(redact));
    if (entry.input === undefined) lost++;
    lines.push(...inputLines(name, entry.input, redact));
    for (const effect of entry.effects) {
      if (effect.startsWith('stores {')) world.record = effect.slice('stores '.length);
      lines.push(`  ${name} ${redact(effect)}`);
    }
  }
  return { text: `${lines.join('\n')}\n`, lost };
}

type World = { now: EpochMs; record: string | null; store: string };

/** What the replay must be given, so that its hub finds what the hub of the browser has found. */
function worldLines(entry: HubEntry, world: World): readonly string[] {
  const { now, read } = entry;
  const store: string = entry.store ?? 'open';
  const lines: string[] = [];
  const passed = now - world.now;
  if (passed !== 0) lines.push(`clock ${passed > 0 ? '+' : ''}${passed}`);
  if (store !== world.store) lines.push(`store ${store}`);
  if (read !== undefined && read !== world.record) lines.push(`store ${read ?? 'absent'}`);
  world.now = now;
  world.store = store;
  if (read !== undefined) world.record = read;
  return lines;
}

function inputLines(name: string, input: string | undefined, redact: (line: string) => string): readonly string[] {
  if (input === undefined) return [`# Here ${name} got what no line can say.`];
  const start = /^(start \S+.*) \| (.+)$/.exec(input);
  if (!start) return [`${name} ${redact(input)}`];
  return [`capabilities ${start[2]}`, (start[1] ?? '').replace('start', `start ${name}`)];
}

/** Throws an Error in words for the user where the text is no transcript. */
export function parseTranscript(text: string): readonly Tab[] {
  if (text.length > transcriptCharsMax) throw new Error('The file is larger than a transcript can be.');
  const lines = text.split('\n', linesMax);
  const tabs = new Map<string, { origin: string; entries: HubEntry[] }>();
  let now = firstNow;
  let entry: (HubEntry & { effects: string[] }) | undefined;
  const tab = (name: string) => {
    const found = tabs.get(name) ?? { origin: '', entries: [] };
    tabs.set(name, found);
    return found;
  };
  for (const line of lines) {
    if (line === '' || line.startsWith('#')) continue;
    const [subject = '', verb = '', ...rest] = line.trimStart().split(' ');
    if (line.startsWith('  ')) entry?.effects.push([verb, ...rest].join(' '));
    else if (subject === 'clock') now += Number(verb) || 0;
    else if (/^(config|store|tombstone|capabilities)$/.test(subject)) continue;
    else if (/^([A-Z]\d*|open|start|hello)$/.test(subject) && tabs.size < tabsMax) {
      const isOfTab = /^[A-Z]\d*$/.test(subject);
      const found = tab(isOfTab ? subject : verb);
      if (subject === 'open') found.origin = rest.join(' ');
      if (verb === 'hello') found.origin = rest[0] ?? '';
      const input = isOfTab ? [verb, ...rest].join(' ') : [subject, ...rest].join(' ');
      entry = { at: now, took: 0, now, input, effects: [] };
      if (found.entries.length < entriesMax) found.entries.push(entry);
    } else throw new Error(`This is no transcript: ${line.slice(0, 80)}`);
  }
  if (tabs.size === 0) throw new Error('This is no transcript: no tab is in it.');
  return [...tabs].map(([name, { origin, entries }]) => tabOf(name, origin, entries));
}

function tabOf(name: string, origin: string, entries: readonly HubEntry[]): Tab {
  const shows = entries.flatMap(({ effects }) => effects).filter((effect) => effect.includes('"snapshot":'));
  const last = [...entries]
    .reverse()
    .find(({ input }) => /^(hides|shows|freezes|leaves|wakes)/.test(input ?? ''))?.input;
  return {
    ...{ name: name || nameOf(0), isOwn: false, origin },
    ...{ visible: last !== 'hides', frozen: last === 'freezes', left: last === 'leaves', lock: false, stream: false },
    shown: shownOf(shows.at(-1)?.replace('tells its app ', '')),
    entries,
    isComplete: true,
  };
}
