// Replays a transcript through the built WebAssembly: a world of several hubs over one store, each with a window, a
// localStorage and ports of its own that the C++ calls through embind. tests/transcripts/README.md is the grammar.

import type { HubModule, LockAnswer, Medium, PlatformCallbacks, StorageCapabilities } from '#hub-module';
import { bitsOf } from '../../../bridge-html/backends.js';
import { media } from '../../../bridge-html/inspect/recorder.js';
import { loadHub, noCallbacks, ownStorage } from './load.js';

const defaultConfig = JSON.stringify({
  hub: 'https://hub.acme.com/',
  site: 'https://acme.com',
  apps: [
    { origin: 'https://portal.acme.com', can: ['read', 'login', 'logout', 'activity'] },
    { origin: 'https://billing.acme.com', can: ['read', 'logout', 'activity'] },
    { origin: 'https://reports.acme.com', can: ['read'] },
  ],
  session: {},
});

type World = {
  story: string;
  now: number;
  record: string | null;
  partition: string | null;
  capabilities: StorageCapabilities;
  tombstone: string | null;
  blocked: boolean;
  full: boolean;
};

type Tab = {
  readonly module: HubModule;
  readonly hello: (origin: string, last: string) => void;
  readonly helloText: (origin: string, text: string) => void;
  readonly helloAgain: (last: string) => void;
  readonly capabilitiesChanged: (capabilities: StorageCapabilities, asked: boolean) => void;
  readonly says: (text: unknown) => void;
  readonly storageEvent: (newValue: string | null) => void;
};

/** The story with its indented lines made anew, and the handles that C++ still held when all hubs were gone. */
export type Replay = { readonly story: string; readonly handles: number };

export function replay(transcript: string, load: typeof loadHub): Promise<Replay> {
  return replayLines(transcript.replace(/\n$/, '').split('\n'), load);
}

/** For lines whose JSON holds line breaks. */
export async function replayLines(lines: readonly string[], load = loadHub): Promise<Replay> {
  const world: World = {
    story: '',
    now: 1_000_000,
    record: null,
    partition: null,
    capabilities: ownStorage,
    tombstone: null,
    blocked: false,
    full: false,
  };
  const tabs = new Map<string, Tab>();
  let config = defaultConfig;
  const tab = (name: string) => {
    const found = tabs.get(name);
    if (!found) throw new Error(`no tab ${name}`);
    return found;
  };
  for (const line of lines) {
    if (line.startsWith('  ')) continue;
    world.story += `${line}\n`;
    if (line === '' || line.startsWith('#')) continue;
    const [subject = '', verb = '', ...words] = line.split(' ');
    const rest = words.join(' ');
    const all = [verb, ...words].join(' ');
    if (subject === 'config') config = all;
    else if (subject === 'open') {
      const opened = await openTab(world, verb, config, await load(), 'written');
      tabs.set(verb, opened);
      opened.module.start(verb.toLowerCase(), bitsOf(world.capabilities), true, false, 1);
      opened.hello(rest, '');
    } else if (subject === 'start') {
      const started = await openTab(world, verb, config, await load(), 'recorded');
      tabs.set(verb, started);
      const isVisible = !words.includes('hidden');
      const isBrowserStart = words.includes('browser-start');
      const hubsInTab = Number(words.find((word) => word.startsWith('hubs='))?.slice('hubs='.length) ?? 1);
      started.module.start(words[0] ?? '', bitsOf(world.capabilities), isVisible, isBrowserStart, hubsInTab);
    } else if (subject === 'hello') tab(verb).helloAgain(rest);
    else if (subject === 'clock') world.now += Number(verb);
    else if (subject === 'store') setStore(world, all);
    else if (subject === 'capabilities') world.capabilities = capabilitiesOf(verb, words);
    else if (verb === 'capabilities')
      tab(subject).capabilitiesChanged(capabilitiesOf(words[0], words.slice(1)), words.at(-1) === 'asked');
    else if (subject === 'tombstone') world.tombstone = null;
    else if (verb === 'hello') tab(subject).helloText(words[0] ?? '', words.slice(1).join(' '));
    else if (verb === 'says') tab(subject).says(rest);
    else if (verb === 'says-no-text') tab(subject).says(0);
    else if (verb === 'cookie-gone') tab(subject).module.cookieGone(rest === 'companion-left');
    else if (verb === 'tombstone-read') tab(subject).module.tombstoneRead(rest === 'absent' ? null : rest);
    else if (verb === 'tombstone-stored') tab(subject).module.tombstoneStored(Number(rest));
    else if (verb === 'storage-event')
      tab(subject).storageEvent(rest === 'clear' ? null : rest || world.record || 'what is gone again');
    else if (verb === 'wakes') tab(subject).module.woke();
    else if (verb === 'timer') tab(subject).module.timerFired();
    else if (verb === 'hides' || verb === 'shows') tab(subject).module.visibilityChanged(verb === 'shows');
    else if (verb === 'leaves') tab(subject).module.leaving();
    else if (verb === 'freezes') tab(subject).module.freezing();
    else if (verb === 'stream') streamEvent(tab(subject).module, words);
    else if (verb === 'lock' && rest === 'lost') tab(subject).module.lockLost();
    else if (verb === 'lock') tab(subject).module.lockAnswered(lockAnswer(rest));
    else if (verb === 'fetched') tab(subject).module.checkFetched(Number(words[0]), words.slice(1).join(' ') || null);
    else throw new Error(`no such line in a transcript: ${line}`);
  }
  let handles = 0;
  for (const { module } of tabs.values()) {
    module.destroy();
    handles += module.count_emval_handles();
  }
  return { story: world.story, handles };
}

/** As `Origin` of the native replay. */
type Origin = 'written' | 'recorded';

async function openTab(world: World, name: string, config: string, module: HubModule, origin: Origin): Promise<Tab> {
  const effect = (text: string) => {
    world.story += `  ${name} ${text}\n`;
  };
  const parent = {};
  let capabilities = world.capabilities;
  const isRecorded = origin === 'recorded';
  const isApart = () => !isRecorded && capabilities.handle === 0 && !capabilities.cookie;
  let medium: Medium = 0;
  const isInCookie = () => (isRecorded ? medium === 2 : capabilities.cookie);
  const localStorage = storageOf(world, effect, isApart);
  // What every record has in common may stand there in full, too.
  const inForm = (text: string | null) => (isInCookie() && text ? Buffer.from(text).toString('base64url') : text);
  /** Those that are open; the app speaks on its newest one. */
  const ports: number[] = [];
  const callbacks: PlatformCallbacks = {
    ...noCallbacks,
    parent,
    now: () => world.now,
    backend: () => (world.blocked ? null : localStorage),
    readRecord: () => (world.blocked ? undefined : inForm(localStorage.getItem())),
    writeRecord: (text) => localStorage.setItem(text),
    useBackend(used) {
      medium = used;
      effect(`uses ${media[used]}`);
    },
    markStore: () => effect("marks the first party's storage"),
    abandonCookie: () => effect('abandons the cookie'),
    showButton: (label, style) => effect(`shows a button ${label} [${style}]`),
    readTombstone: () => (isRecorded ? effect('asks for the tombstone') : module.tombstoneRead(world.tombstone)),
    storeTombstone(writeId, text) {
      effect(`stores the tombstone ${text}`);
      if (isRecorded) return;
      world.tombstone = text;
      module.tombstoneStored(writeId);
    },
    requestLock: () => effect('asks for the lock'),
    stealLock: () => effect('takes the lock over'),
    releaseLock: () => effect('releases the lock'),
    fetchCheck: (call, url) => effect(`fetches ${url} as ${call}`),
    cancelCheck: (call) => effect(`cancels the fetch ${call}`),
    openStream(stream, url, session, about, since, steals) {
      const how = steals ? 'takes over' : 'wants';
      effect(`${how} the stream ${stream} of ${url} for [${session}] and ${about} since ${since}`);
    },
    closeStream: () => effect('gives up its stream'),
    openPort: (opened) => {
      ports.push(opened);
    },
    send: (_, text) => effect(`tells its app ${text}`),
    closePort(closed) {
      effect(`closes port ${closed}`);
      if (ports.includes(closed)) ports.splice(ports.indexOf(closed), 1);
    },
    setTimer: (delayMs) => effect(delayMs === null ? 'needs no timer' : `wants to be woken in ${delayMs} ms`),
  };
  const fault = module.create(config, callbacks);
  if (fault) throw new Error(fault);

  let lastOrigin = '';
  const helloText = (origin: string, data: string) => {
    lastOrigin = origin;
    module.windowMessage({ source: parent, origin, data, ports: [{}] } as unknown as MessageEvent);
  };
  const hello = (origin: string, last: string) =>
    helloText(origin, `{"lockstep":1,"type":"hello","client":"0.1.0"${last && `,"last":${last}`}}`);
  return {
    module,
    hello,
    helloText,
    helloAgain: (last) => hello(lastOrigin, last),
    capabilitiesChanged: (next, asked) => {
      capabilities = next;
      module.storageCapabilitiesChanged(bitsOf(next), asked);
    },
    says: (text) => module.portMessage(ports.at(-1) ?? 0, text),
    storageEvent: (shown) => {
      const newValue = isRecorded ? inForm(shown) : shown;
      const key = newValue === null ? null : 'lockstep';
      module.storageEvent({ key, newValue, storageArea: localStorage } as unknown as StorageEvent);
    },
  };
}

function streamEvent(module: HubModule, [stream, word]: readonly string[]): void {
  if (word === 'opened') module.streamOpened(Number(stream));
  else if (word === 'failed') module.streamFailed(Number(stream));
  else if (word === 'ended') module.endPushed(Number(stream));
  else throw new Error(`nothing of a stream in a transcript: ${word}`);
}

function lockAnswer(word: string): LockAnswer {
  const answers = ['granted', 'busy', 'missing'];
  if (!answers.includes(word)) throw new Error(`no such answer of a lock in a transcript: ${word}`);
  return answers.indexOf(word) as LockAnswer;
}

/** What the browser shows, and whether the user may be asked for more. */
function capabilitiesOf(shown = '', words: readonly string[]): StorageCapabilities {
  const handle = shown === 'own-storage' || shown === 'unmarked-storage' ? 1 : shown === 'first-party' ? 2 : 0;
  const isMarked = handle !== 0 && shown !== 'unmarked-storage';
  return {
    ...ownStorage,
    handle,
    marked: words.includes('marked') || (isMarked && !words.includes('unmarked')),
    markedElsewhere: words.includes('marked-elsewhere'),
    recordInCookie: words.includes('record-in-cookie'),
    cookie: shown === 'cookie',
    metOtherTop: words.includes('met-other-top'),
    asking: words.includes('possible') ? 0 : words.includes('denied') ? 1 : 2,
    parentIsTop: !words.includes('below-a-frame'),
  };
}

function storageOf(world: World, effect: (text: string) => void, isApart: () => boolean) {
  return {
    getItem: () => (isApart() ? world.partition : world.record),
    setItem: (text: string) => {
      const refused = world.blocked || world.full;
      effect(`${refused ? 'cannot store' : 'stores'} ${text}`);
      if (refused) return false;
      if (isApart()) world.partition = text;
      else world.record = text;
      return true;
    },
  };
}

function setStore(world: World, what: string): void {
  if (what === 'blocked' || what === 'full' || what === 'open') {
    world.blocked = what === 'blocked';
    world.full = what === 'full';
  } else {
    world.record = what === 'absent' ? null : what;
  }
}
