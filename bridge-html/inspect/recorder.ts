// Records what a hub is given and what it does then, at its edge, in the words of tests/transcripts: each input is a
// line, its effects are the lines after it. It decides nothing, and alters nothing that the hub sees but the clock,
// which is still during an input, and the answer of a lock, which never comes within its request.

import type { HubModule, PlatformCallbacks, StorageCapabilities } from '#hub-module';
import { readable } from './cookie-text.js';
import type { Inspected, Seen } from './inspection.js';

/** One call of the hub's module. */
export type Entry = {
  /** Epoch ms, to the fraction, by the document's own clock. */
  readonly at: number;
  /** How long the input and its effects took, in ms. */
  readonly took: number;
  /** What the hub took for the time, in ms. */
  readonly now: number;
  /** Without the name of the tab. Undefined where no line can say it: what is too long, or on an earlier port. */
  readonly input?: string | undefined;
  readonly effects: readonly string[];
  /** What the store showed first: null for nothing; absent where it was not read, or refused. */
  readonly read?: string | null | undefined;
  /** The browser has refused to read or to write. */
  readonly store?: 'blocked' | 'full' | undefined;
};

type Writable = { -readonly [Name in keyof Entry]: Entry[Name] } & { effects: string[] };

/** PROTOCOL.md §2. */
const unitsMax = 8_192;
/** By their number in module.d.ts. */
export const media: readonly string[] = ['local-storage', 'storage-access', 'cookie'];
const answers = ['granted', 'busy', 'missing'];

/** What the hub does that a line says by its arguments alone: all but what it asks, and what is recorded below. */
type Act = Exclude<
  keyof PlatformCallbacks,
  'parent' | 'recordKey' | 'now' | 'backend' | 'readRecord' | 'writeRecord' | 'openPort' | 'closePort'
>;

/** Returns the function that ends it and leaves the page as it was. */
export function record(page: Inspected, seen: Seen, recorded: (entry: Entry) => void): () => void {
  const { platform } = page;
  const before = { ...platform };
  /** The newest is the last. Empty: the app's was opened before the recording. */
  const open: number[] = [];
  let current: Writable | undefined;
  const effect = (text: string) => void current?.effects.push(text);

  const lines: { readonly [Name in Act]: (...given: never[]) => string } = {
    useBackend: (medium: number) => `uses ${media[medium]}`,
    markStore: () => "marks the first party's storage",
    abandonCookie: () => 'abandons the cookie',
    showButton: (label: string, style: string) => `shows a button ${label} [${style}]`,
    readTombstone: () => 'asks for the tombstone',
    storeTombstone: (_: number, text: string) => `stores the tombstone ${text}`,
    requestLock: () => 'asks for the lock',
    stealLock: () => 'takes the lock over',
    releaseLock: () => 'releases the lock',
    fetchCheck: (call: number, url: string) => `fetches ${url} as ${call}`,
    cancelCheck: (call: number) => `cancels the fetch ${call}`,
    openStream: (stream: number, url: string, session: string, about: string, since: number, steals: boolean) =>
      `${steals ? 'takes over' : 'wants'} the stream ${stream} of ${url} for [${session}] and ${about} since ${since}`,
    closeStream: () => 'gives up its stream',
    send: (_: number, text: string) => `tells its app ${text}`,
    setTimer: (ms: number | null) => (ms === null ? 'needs no timer' : `wants to be woken in ${ms} ms`),
  };
  const tapped = Object.entries(lines).map(([name, line]) => {
    const perform = before[name as keyof typeof lines] as (...given: unknown[]) => unknown;
    const isLock = name === 'requestLock' || name === 'stealLock';
    const tap = (...given: unknown[]) => {
      effect((line as (...given: unknown[]) => string)(...given));
      if (!isLock) return perform(...given);
      queueMicrotask(() => perform(...given));
    };
    return [name, tap];
  });
  Object.assign(platform, Object.fromEntries(tapped), {
    now: () => current?.now ?? before.now(),
    readRecord() {
      const text = before.readRecord();
      if (current && text === undefined) current.store = 'blocked';
      else if (current && !('read' in current)) current.read = text && readable(text);
      return text;
    },
    writeRecord(text: string) {
      const isWritten = before.writeRecord(text);
      effect(`${isWritten ? 'stores' : 'cannot store'} ${readable(text)}`);
      if (current && !isWritten) current.store ??= 'full';
      return isWritten;
    },
    closePort(closed: number) {
      effect(`closes port ${closed}`);
      if (open.includes(closed)) open.splice(open.indexOf(closed), 1);
      before.closePort(closed);
    },
    openPort(opened: number, messagePort: MessagePort) {
      open.push(opened);
      before.openPort(opened, messagePort);
    },
  } satisfies Partial<typeof platform>);

  seen.around = (name, given, enter) => {
    if (current) return enter();
    const at = performance.timeOrigin + performance.now();
    const line = lineOf(page, name, given, open.at(-1));
    current = { at, now: before.now(), took: 0, effects: [], input: line };
    const entry = current;
    try {
      return enter();
    } finally {
      current = undefined;
      entry.took = performance.timeOrigin + performance.now() - at;
      if (line !== '') recorded(entry);
    }
  };
  return () => {
    seen.around = undefined;
    Object.assign(platform, before);
  };
}

/** Empty: it is nothing to the hub. */
function lineOf(
  page: Inspected,
  name: keyof HubModule,
  given: readonly unknown[],
  port: number | undefined,
): string | undefined {
  const [first, second] = given;
  const bounded = (text: unknown) =>
    typeof text === 'string' && text.length <= unitsMax && !text.includes('\n') ? text : '';
  switch (name) {
    case 'start':
      return startLine(given as Parameters<HubModule['start']>);
    case 'windowMessage': {
      const { source, ports, origin, data } = first as MessageEvent;
      return source === page.platform.parent && ports.length === 1 ? `hello ${origin} ${bounded(data)}`.trimEnd() : '';
    }
    case 'portMessage':
      if (port !== undefined && first !== port) return undefined;
      if (typeof second !== 'string') return 'says-no-text';
      return bounded(second) ? `says ${second}` : undefined;
    case 'storageEvent': {
      const { key, newValue, storageArea } = first as StorageEvent;
      const isOurs = (key === null || key === page.names.record) && storageArea === page.platform.backend();
      if (!isOurs) return '';
      return key === null || newValue === null ? 'storage-event clear' : `storage-event ${readable(newValue)}`;
    }
    case 'cookieGone':
      return `cookie-gone ${first ? 'companion-left' : 'companion-gone'}`;
    case 'storageCapabilitiesChanged':
      return `capabilities ${capabilitiesText(first as number)}${second ? ' asked' : ''}`;
    case 'visibilityChanged':
      return first ? 'shows' : 'hides';
    case 'lockAnswered':
      return `lock ${answers[first as number]}`;
    case 'checkFetched':
      return second === null ? `fetched ${first}` : bounded(second) ? `fetched ${first} ${second}` : undefined;
    case 'tombstoneRead':
      return `tombstone-read ${first ?? 'absent'}`;
    case 'tombstoneStored':
      return `tombstone-stored ${first}`;
    default:
      return plainLines[name].replace('#', String(first));
  }
}

const plainLines = {
  woke: 'wakes',
  timerFired: 'timer',
  leaving: 'leaves',
  freezing: 'freezes',
  lockLost: 'lock lost',
  streamOpened: 'stream # opened',
  streamFailed: 'stream # failed',
  endPushed: 'stream # ended',
  create: '',
  cookieKeySeen: '',
  destroy: '',
  count_emval_handles: '',
};

function startLine([writer, bits, visible, browserStart, hubsInTab]: Parameters<HubModule['start']>): string {
  const words = [writer, !visible && 'hidden', browserStart && 'browser-start', hubsInTab > 1 && `hubs=${hubsInTab}`];
  return `start ${words.filter(Boolean).join(' ')} | ${capabilitiesText(bits)}`;
}

/** As bridge-html/backends.ts writes the bits. */
function capabilitiesText(bits: number): string {
  const has = (bit: number) => (bits >> bit) & 1;
  const handle = (bits & 3) as StorageCapabilities['handle'];
  const asking = (bits >> 2) & 3;
  const marked = has(7);
  const shown = handle === 1 ? 'own-storage' : handle === 2 ? 'first-party' : has(4) ? 'cookie' : 'nothing';
  const words = [
    shown,
    handle !== 0 && !marked && 'unmarked',
    handle === 0 && marked && 'marked',
    ['possible', 'denied'][asking],
    has(5) && 'met-other-top',
    !has(6) && 'below-a-frame',
    has(8) && 'marked-elsewhere',
    has(9) && 'record-in-cookie',
  ];
  return words.filter(Boolean).join(' ');
}
