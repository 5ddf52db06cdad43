// The shape of the module that Emscripten makes from wasm/browser/exports.cpp.

/** One module is one hub: it lives as long as its document. */
export type HubModule = {
  /** Makes the hub. Returns '' or what is wrong with the configuration; nothing else may be called then. */
  create(configText: string, host: Host): string;
  /** Frees all that the hub holds: for tests that count handles. */
  destroy(): void;
  start(writer: string, placement: Placement): void;
  windowMessage(event: MessageEvent): void;
  portMessage(port: number, text: unknown): void;
  storageEvent(event: StorageEvent): void;
  woke(): void;
  timerFired(): void;
  othersHeard(): void;
  keptEndRead(text: string | null): void;
  endKept(ticket: number): void;
  /** Embind's own count of the JavaScript values C++ holds. */
  count_emval_handles(): number;
};

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
};

export type ModuleOptions = {
  readonly wasm: WebAssembly.Module;
};

export default function createHubModule(options: ModuleOptions): Promise<HubModule>;
