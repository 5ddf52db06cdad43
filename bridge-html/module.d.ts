// The shape of the module that Emscripten makes from wasm/browser/exports.cpp.

/** One module is one hub: it lives as long as its document. */
export type HubModule = {
  /** Makes the hub. Returns null, or what is wrong with the configuration; nothing else may be called then. */
  create(configText: string, host: Host): string | null;
  /** Frees all that the hub holds: for tests that count handles. */
  destroy(): void;
  start(writer: string, placement: number, visible: boolean): void;
  windowMessage(event: MessageEvent): void;
  portMessage(port: number, text: unknown): void;
  storageEvent(event: StorageNews): void;
  woke(): void;
  /** `asked`: because the user was asked. */
  placed(placement: number, asked: boolean): void;
  timerFired(): void;
  othersHeard(): void;
  visibilityChanged(visible: boolean): void;
  /** The page goes: nothing may be held across it. */
  leaving(): void;
  lockAnswered(answer: LockAnswer): void;
  lockLost(): void;
  checkFetched(call: number, text: string | null): void;
  keptEndRead(text: string | null): void;
  endKept(ticket: number): void;
  /** Embind's own count of the JavaScript values C++ holds. */
  count_emval_handles(): number;
};

/** LockAnswer of wasm/core/event.hpp. */
export type LockAnswer = 0 | 1 | 2;

/** Medium, Handle and Asking of wasm/core/scope.hpp. A hub never asks for memory. */
export type Medium = 0 | 1 | 2;
export type Handle = 0 | 1 | 2;
export type Asking = 0 | 1 | 2;

/** What the browser shows of where the hub stands: wasm/core/scope.hpp. */
export type Placement = {
  readonly handle: Handle;
  readonly cookie: boolean;
  readonly metOtherTop: boolean;
  readonly asking: Asking;
  readonly parentIsTop: boolean;
};

/** Where records are kept: a part of Storage. Both throw where the browser refuses. */
export type Area = {
  getItem(key: string): string | null;
  setItem(key: string, text: string): void;
};

/** A StorageEvent, or of a cookie what would be one. */
export type StorageNews = {
  readonly storageArea: Area | null;
  readonly key: string | null;
  readonly newValue: string | null;
};

/** What C++ asks of the page, because it needs a JavaScript callback: bridge-html/host.ts. */
export type Host = {
  readonly window: object;
  /** The area in use; throws where the browser refuses it. */
  area(): Area;
  useStore(medium: Medium): void;
  /** Answered by `placed`. */
  showButton(label: string, style: string): void;
  now(): number;
  listen(port: number, messagePort: MessagePort): void;
  /** -1: none. */
  setTimer(delayMs: number): void;
  /** True: `othersHeard` will be called in a moment. False: there is no time to lose. */
  letOthersHear(): boolean;
  readKeptEnd(): void;
  keepEnd(ticket: number, text: string): void;
  /** Answered by `lockAnswered`. */
  askLock(): void;
  /** From whoever holds it; answered alike. */
  stealLock(): void;
  releaseLock(): void;
  /** Answered by `checkFetched`, unless it is cancelled. */
  fetchCheck(call: number, url: string): void;
  cancelCheck(call: number): void;
};

export type ModuleOptions = {
  readonly wasm: WebAssembly.Module;
};

export default function createHubModule(options: ModuleOptions): Promise<HubModule>;
