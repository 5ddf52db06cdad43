// What a router's guard waits for.

import type { Session, Snapshot } from 'lockstep';

/** The first snapshot that is not `connecting`. On a server, where no hub answers, it is the present one. */
export function known({ getSnapshot, subscribe }: Session): Promise<Snapshot> {
  return new Promise((resolve) => {
    let stop = (): void => undefined;
    const show = (snapshot: Snapshot) => {
      if (snapshot.status === 'connecting' && typeof document !== 'undefined') return;
      stop();
      resolve(snapshot);
    };
    stop = subscribe(show);
    show(getSnapshot());
  });
}
