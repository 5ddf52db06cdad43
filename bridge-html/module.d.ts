// The shape of the module that Emscripten makes from wasm/browser/exports.cpp.

/** One module is one hub: it lives as long as its document. */
export type HubModule = {
  /** Makes the hub. Returns null, or what is wrong with the configuration; nothing else may be called then. */
  create(configText: string, host: Host): string | null;
  /** Frees all that the hub holds: for tests that count handles. */
  destroy(): void;
  start(writer: string, placement: Placement, visible: boolean): void;
  windowMessage(event: MessageEvent): void;
  portMessage(port: number, text: unknown): void;
  storageEvent(event: StorageEvent): void;
  woke(): void;
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

/** What the browser says about where the hub stands: wasm/core/scope.hpp. */
export type Placement = {
  readonly hubOrigin: string;
  readonly parentIsTop: boolean;
  readonly ancestorOrigins: readonly string[] | null;
  readonly storageAccess: boolean | null;
};

/** What C++ asks of the page, because it needs a JavaScript callback: bridge-html/host.ts. */
export type Host = {
  readonly window: object;
  now(): number;
  listen(port: number, messagePort: MessagePort): void;
  setTimer(delayMs: number | null): void;
  /** True: `othersHeard` will be called in a moment. False: there is no time to lose. */
  letOthersHear(): boolean;
  readKeptEnd(): void;
  keepEnd(ticket: number, text: string): void;
  /** Answered by `lockAnswered`. */
  askLock(steal: boolean): void;
  releaseLock(): void;
  /** Answered by `checkFetched`, unless it is cancelled. */
  fetchCheck(call: number, url: string): void;
  cancelCheck(call: number): void;
};

export type ModuleOptions = {
  readonly wasm: WebAssembly.Module;
};

export default function createHubModule(options: ModuleOptions): Promise<HubModule>;
