// The shape of the module that Emscripten makes from wasm/browser/exports.cpp. `npm run check:emscripten` compares it
// with what a present Emscripten writes by --emit-tsd.

/** One module is one hub: it lives as long as its document. */
export type HubModule = {
  /** Makes the hub. Returns null, or what is wrong with the configuration; nothing else may be called then. */
  create(configText: string, callbacks: PlatformCallbacks): string | null;
  /**
   * Decides which key the record's cookie has in its name; may be called before `create`. `values`: of the key's
   * cookies, `;` after each. `written`: of an event that something was written, the value. `bits`: the record is left
   * (1), the companion is left (2), a store is marked (4). `performer` gets the decision before this returns.
   */
  cookieKeySeen(event: KeyEvent, bits: number, values: string, written: string, performer: KeyPerformer): void;
  /** Frees all that the hub holds: for tests that count handles. */
  destroy(): void;
  /** `browserStart`: the first hub since the browser was started. `hubsInTab`: this one, and those that were there. */
  start(writer: string, storageCapabilities: number, visible: boolean, browserStart: boolean, hubsInTab: number): void;
  windowMessage(event: MessageEvent): void;
  /** What is no text closes the port. */
  portMessage(port: number, text: unknown): void;
  storageEvent(event: BackendEvent): void;
  /** The record's cookie. `companionLeft`: what the user's clearing takes along is still there. */
  cookieGone(companionLeft: boolean): void;
  woke(): void;
  /** `asked`: because the user was asked. */
  storageCapabilitiesChanged(storageCapabilities: number, asked: boolean): void;
  timerFired(): void;
  visibilityChanged(visible: boolean): void;
  /** The page goes: nothing may be held across it. */
  leaving(): void;
  /** The page runs no more until it wakes. */
  freezing(): void;
  lockAnswered(answer: LockAnswer): void;
  lockLost(): void;
  checkFetched(call: number, text: string | null): void;
  streamOpened(stream: number): void;
  /** It is closed. */
  streamFailed(stream: number): void;
  /** The server says that the session has ended. */
  endPushed(stream: number): void;
  tombstoneRead(text: string | null): void;
  tombstoneStored(writeId: number): void;
  /** Embind's own count of the JavaScript values that C++ holds. */
  count_emval_handles(): number;
};

/** LockAnswer of wasm/core/event.hpp. */
export type LockAnswer = 0 | 1 | 2;

/** Medium, Handle and Asking of wasm/core/scope.hpp. A hub never asks for memory. */
export type Medium = 0 | 1 | 2;
export type Handle = 0 | 1 | 2;
export type Asking = 0 | 1 | 2;

/** KeyEvent of wasm/core/cookie_key.hpp. */
export type KeyEvent = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

export type KeyPerformer = {
  /** `acts`: a bit for each KeyAct of wasm/core/cookie_key.hpp, to be performed in their order. May not throw. */
  perform(acts: number, key: string): void;
};

/** What the browser's storage can do for this hub: wasm/core/scope.hpp. */
export type StorageCapabilities = {
  readonly handle: Handle;
  readonly marked: boolean;
  readonly markedElsewhere: boolean;
  readonly recordInCookie: boolean;
  readonly cookie: boolean;
  readonly metOtherTop: boolean;
  readonly asking: Asking;
  readonly parentIsTop: boolean;
};

/** Where records are kept: a part of Storage. Both throw where the browser refuses. */
export type Backend = {
  getItem(key: string): string | null;
  setItem(key: string, text: string): void;
};

/** A StorageEvent, or of a cookie what would be one. */
export type BackendEvent = {
  readonly storageArea: Backend | null;
  readonly key: string | null;
  readonly newValue: string | null;
};

/**
 * What C++ asks of the page, because it needs a JavaScript callback or may throw: bridge-html/platform.ts. None of
 * these functions throws: an exception would pass through C++ frames without unwinding them.
 */
export type PlatformCallbacks = {
  /** The window whose messages count. */
  readonly parent: object;
  /** Of the record: what else is reported of a store is no event. A cookie backend has names of its own. */
  readonly recordKey: string;
  now(): number;
  /** The backend in use; null where the browser refuses it. */
  backend(): Backend | null;
  /** Undefined where the browser refuses. */
  readRecord(): string | null | undefined;
  /** False where the browser refuses. */
  writeRecord(text: string): boolean;
  useBackend(medium: Medium): void;
  markStore(): void;
  abandonCookie(): void;
  /** Answered by `storageCapabilitiesChanged`. */
  showButton(label: string, style: string): void;
  /** Answered by `tombstoneRead`. */
  readTombstone(): void;
  /** Answered by `tombstoneStored`. */
  storeTombstone(writeId: number, text: string): void;
  /** Answered by `lockAnswered`. */
  requestLock(): void;
  /** From whoever holds it; answered alike. */
  stealLock(): void;
  releaseLock(): void;
  /** Of the hub's own server, or of the provider. Answered by `checkFetched`, unless it is cancelled. */
  fetchCheck(call: number, url: string): void;
  cancelCheck(call: number): void;
  /**
   * In the place of any other. `session` and `subject` are the texts whose hashes are its channels (PROTOCOL.md,
   * "Push"); `session` is empty where it has no id. `steals`: the lock from whoever holds it. Answered by
   * `streamOpened`, `streamFailed`, `endPushed`.
   */
  openStream(stream: number, url: string, session: string, subject: string, signedInAt: number, steals: boolean): void;
  closeStream(): void;
  openPort(port: number, messagePort: MessagePort): void;
  send(port: number, text: string): void;
  closePort(port: number): void;
  /** Null: no timer. */
  setTimer(delayMs: number | null): void;
};

/** Emscripten's own way to hand over a module that is compiled already. The fallback has none. */
export type ModuleOptions = {
  instantiateWasm?(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void): object;
};

export type HubModuleMaker = (options: ModuleOptions) => Promise<HubModule>;

declare const createHubModule: HubModuleMaker;
export default createHubModule;
