// Takes the network from a hub for a page that inspects (PROTOCOL.md, "Inspecting"): what it asks of a server fails as
// it does while the browser is offline, and the hub's module is given just that.

import type { HubModule } from '#hub-module';
import type { Platform } from '../platform.js';

export type Network = {
  /** False: nothing answers, and what is under way has failed. True: the page gets the browser's event, too. */
  readonly set: (isOnline: boolean) => void;
};

/** Replaces functions of the platform. */
export function createNetwork(platform: Platform, hub: HubModule): Network {
  const { fetchCheck, cancelCheck, openStream, closeStream } = platform;
  let isOnline = true;
  /** What was asked last, and is still wanted. */
  let check: number | undefined;
  let stream: number | undefined;

  // No network answers within the request.
  const failCheck = (call: number) => queueMicrotask(() => call === check && hub.checkFetched(call, null));
  const failStream = (id: number) => queueMicrotask(() => id === stream && hub.streamFailed(id));

  Object.assign(platform, {
    fetchCheck(call, url) {
      check = call;
      if (isOnline) fetchCheck(call, url);
      else failCheck(call);
    },
    cancelCheck(call) {
      check = undefined;
      cancelCheck(call);
    },
    openStream(...given) {
      [stream] = given;
      if (isOnline) openStream(...given);
      else failStream(stream);
    },
    closeStream() {
      stream = undefined;
      closeStream();
    },
  } satisfies Partial<Platform>);

  return {
    set(wanted) {
      if (wanted === isOnline) return;
      isOnline = wanted;
      if (isOnline) {
        dispatchEvent(new Event('online'));
        return;
      }
      if (check !== undefined) {
        cancelCheck(check);
        failCheck(check);
      }
      if (stream !== undefined) {
        closeStream();
        failStream(stream);
      }
    },
  };
}
