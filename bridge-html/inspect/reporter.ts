// Reports a hub to whoever inspects, and passes to its own page's inspector what the other hubs of the store report
// (PROTOCOL.md, "Inspecting"). It runs while somebody inspects: nobody polls, and nobody sends a heartbeat. Whoever
// inspects holds a lock, and the browser itself gives it to those who wait for it when that page is gone.
//
// The hub, which reports:
//   silent    + called [an inspector]        / record, open the channel, wait for their lock, report    = reporting
//   reporting + called [another]             / wait for their lock, too, report                         = reporting
//   reporting + input                        / report                                                   = reporting
//   reporting + lock given [another is left] / forget whose it was                                      = reporting
//   reporting + lock given [it was the last] / close the channel, record no more                        = silent
//   reporting + the page leaves              / report, close the channel, wait for no lock, record on   = left
//   left      + called [an inspector]        / open the channel, wait for their lock, report all        = reporting
//   left      + called [nobody], or too much / record no more                                           = silent
// Its own page, which may inspect:
//   idle      + watch                        / take the lock of this id, call all hubs                  = watching
//   watching  + watch [another port]         / have all hubs report again                               = watching
//   watching  + called [nobody]              / call all hubs again: another who went took the call away = watching
//   watching  + last unwatch, or it leaves   / give the lock back, call nobody                          = idle

import { random } from '../random.js';
import { isAct, perform } from './acts.js';
import { type Inspected, inspectName, type Seen } from './inspection.js';
import { type Entry, record } from './recorder.js';

/** What a hub says of its tab. */
export type TabState = {
  readonly origin: string;
  /** Known where the page has an inspector of its own, open or not. */
  readonly title?: string | undefined;
  readonly visible: boolean;
  readonly frozen: boolean;
  /** The page is gone, or is kept for Back. */
  readonly left: boolean;
  readonly lock: boolean;
  readonly stream: boolean;
  /** The last text with a snapshot that its app was sent. */
  readonly shown?: string | undefined;
};
export type Report = { readonly hub: string; readonly state: TabState; readonly entries: readonly Entry[] };

export type Reporter = {
  /** Whoever has this id inspects all hubs of the store from now on; undefined: nobody does. */
  readonly called: (inspector: string | undefined) => void;
  /** The own page's inspector has sent this text. */
  readonly said: (port: MessagePort, text: unknown) => void;
};

declare const VERSION: string;

/** What is kept where nobody takes it: a page in the back-forward cache, or a restart whose inspector never came. */
const entriesMax = 5_000;
const restartMsMax = 10_000;
const restartMark = 'restart@';

type AskingDocument = Document & {
  requestStorageAccess?(types: object): Promise<{ BroadcastChannel(name: string): BroadcastChannel }>;
};

export function createReporter(page: Inspected, seen: Seen, ports: readonly MessagePort[]): Reporter {
  const id = random();
  const name = inspectName(page.names);
  /** Whom this hub reports to, each with what ends the wait for their lock. */
  const inspectors = new Map<string, AbortController>();
  /** Of the own page. */
  const watching = new Set<MessagePort>();
  let entries: Entry[] = [];
  let title: string | undefined;
  let phase: 'runs' | 'frozen' | 'left' = 'runs';
  let channel: BroadcastChannel | undefined;
  let opening: Promise<void> | undefined;
  let stopRecording: (() => void) | undefined;
  let releaseOwn: (() => void) | undefined;
  let isRestarting = false;

  const lockOf = (inspector: string) => `${name}~${inspector}`;
  const { storage } = page;

  function state(): TabState {
    const { origin, shown, holdsLock: lock, holdsStream: stream } = seen;
    const [visible, frozen, left] = [!document.hidden, phase === 'frozen', phase === 'left'];
    return { origin, title, visible, frozen, left, lock, stream, shown };
  }

  /** Kept while nobody takes it: after a restart this hub may be there before the inspector is. */
  function publish(): void {
    const isAwaited = [...inspectors.keys()].some((inspector) => !inspector.startsWith(restartMark));
    if (!channel || !isAwaited) return;
    const report: Report = { hub: id, state: state(), entries };
    entries = [];
    channel.postMessage(report);
    pass(report);
  }

  function pass(report: Report): void {
    for (const port of watching) port.postMessage(JSON.stringify({ type: 'report', ...report }));
  }

  function recorded(entry: Entry): void {
    if (entry.input === 'freezes') phase = 'frozen';
    else if (entry.input === 'leaves') phase = 'left';
    else phase = 'runs';
    entries.push(entry);
    if (entries.length > entriesMax) end();
    publish();
    if (phase === 'left') suspend();
  }

  function opened(): Promise<void> {
    opening ??= openChannel();
    return opening;
  }

  async function openChannel(): Promise<void> {
    const asking = document as AskingDocument;
    const isOwn = storage() === localStorage;
    const handle = isOwn ? undefined : await asking.requestStorageAccess?.({ BroadcastChannel: true });
    const own = handle?.BroadcastChannel(name) ?? new BroadcastChannel(name);
    own.onmessage = ({ data }) => {
      if (data === 'restart') location.reload();
      else if (data === 'again') publish();
      else pass(data);
    };
    channel = own;
  }

  /** A page in the back-forward cache with an open channel would be dropped at the next message. */
  function suspend(): void {
    if (!isRestarting) endInspecting();
    for (const wait of inspectors.values()) wait.abort();
    inspectors.clear();
    channel?.close();
    channel = opening = undefined;
  }

  function end(): void {
    suspend();
    stopRecording?.();
    stopRecording = undefined;
    entries = [];
  }

  async function join(inspector: string): Promise<void> {
    const wait = new AbortController();
    inspectors.set(inspector, wait);
    stopRecording ??= record(page, seen, recorded);
    await opened();
    if (wait.signal.aborted) return;
    for (const port of ports) port.postMessage('{"type":"title"}');
    publish();
    if (inspector.startsWith(restartMark)) setTimeout(() => leave(inspector), restartMsMax);
    else
      page
        .locks()
        ?.request(lockOf(inspector), { signal: wait.signal }, async () => leave(inspector))
        .catch(() => undefined);
  }

  /** It is gone. */
  function leave(inspector: string): void {
    if (!inspectors.delete(inspector)) return;
    if (storage().getItem(name) === inspector) storage().setItem(name, '');
    if (inspectors.size === 0) end();
  }

  async function inspect(): Promise<void> {
    await opened();
    const set = () => {
      storage().setItem(name, id);
      // A storage event reaches all but the document that writes.
      called(id);
    };
    if (releaseOwn) return again();
    const locks = page.locks();
    const held = new Promise<void>((resolve) => {
      releaseOwn = resolve;
    });
    if (!locks) return set();
    void locks.request(lockOf(id), () => {
      set();
      return held;
    });
  }

  /** To an inspector that comes to a page with another: all others have been called already. */
  function again(): void {
    channel?.postMessage('again');
    publish();
  }

  function endInspecting(): void {
    watching.clear();
    if (!releaseOwn) return;
    releaseOwn();
    releaseOwn = undefined;
    if (storage().getItem(name) === id) storage().setItem(name, '');
    if (!page.locks()) leave(id);
  }

  function called(inspector: string | undefined): void {
    if (inspector === undefined) {
      // Another that has gone may have taken the place of this one's call.
      if (releaseOwn) storage().setItem(name, id);
      else if (!channel || !page.locks()) end();
    } else if (!isOld(inspector) && !inspectors.has(inspector)) {
      for (const other of inspectors.keys()) if (other.startsWith(restartMark)) inspectors.delete(other);
      void join(inspector);
    } else publish();
  }

  function restart(): void {
    isRestarting = true;
    storage().setItem(name, `${restartMark}${Date.now()}`);
    channel?.postMessage('restart');
    location.reload();
  }

  return {
    called,
    said(port, text) {
      const { type, title: said, act } = messageOf(text);
      if (type === 'watch') {
        watching.add(port);
        port.postMessage(JSON.stringify({ type: 'inspecting', lockstep: 1, hub: VERSION, id, config: page.config }));
        void inspect();
      } else if (type === 'unwatch') {
        watching.delete(port);
        if (watching.size === 0) endInspecting();
      } else if (type === 'restart') restart();
      else if (type === 'title' && typeof said === 'string') {
        title = said.slice(0, 200);
        publish();
      } else if (type === 'act' && isAct(act)) {
        port.postMessage(JSON.stringify({ type: 'acted', act, outcome: perform(act, page, seen) }));
      }
    },
  };
}

function isOld(inspector: string): boolean {
  return inspector.startsWith(restartMark) && Date.now() - Number(inspector.slice(restartMark.length)) > restartMsMax;
}

function messageOf(text: unknown): { readonly [Name in 'type' | 'title' | 'act']?: unknown } {
  try {
    return Object(JSON.parse(String(text)));
  } catch {
    return {};
  }
}
