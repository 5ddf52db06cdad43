// Probes the storage capabilities again when they may have changed: one probe at a time, and however often they change
// during it, one further probe follows.

export type Probes = {
  /** The capabilities may have changed. Before `begin` the request waits. */
  readonly request: () => void;
  /** From now on `changed` may be called; what was requested before is probed now. */
  readonly begin: () => void;
};

export function createProbes(probe: () => Promise<number>, changed: (capabilities: number) => void): Probes {
  let hasBegun = false;
  let isProbing = false;
  let isRequested = false;

  async function run(): Promise<void> {
    isProbing = true;
    while (isRequested) {
      isRequested = false;
      // A probe that fails says nothing, and blocks none after it.
      const capabilities = await probe().catch(() => undefined);
      if (capabilities !== undefined) changed(capabilities);
    }
    isProbing = false;
  }

  function runIfRequested(): void {
    if (hasBegun && isRequested && !isProbing) run();
  }

  return {
    request() {
      isRequested = true;
      runIfRequested();
    },
    begin() {
      hasBegun = true;
      runIfRequested();
    },
  };
}
