// A session driven by hand that counts who listens: nothing may be left after the last component.

import { createTestSession, type TestSession } from '../../../js-glue/testing/index.js';

export type Counted = TestSession & {
  /** Subscriptions and listeners that have not been ended. */
  readonly listening: () => number;
};

export function createCounted(driven = createTestSession()): Counted {
  let listening = 0;
  function counted(stop: () => void): () => void {
    listening += 1;
    return () => {
      listening -= 1;
      stop();
    };
  }
  return {
    ...driven,
    subscribe: (listener) => counted(driven.subscribe(listener)),
    on: (type, listener) => counted(driven.on(type, listener)),
    listening: () => listening,
  };
}
