// The way to the provider's logout page: once, whether the app asks first, by the library's own logout, or the hub.

import type { EndSession, Session } from 'lockstep';
import { dutyMsMax } from './duty-ms.js';

export type Leaving<Args> = {
  readonly endSession: EndSession;
  /** What takes the place of the library's own logout. */
  readonly logout: (session: Session) => (args?: Args) => Promise<void>;
};

/** `go`: does not resolve while the page leaves. `given`: where the app gives none. */
export function createLeaving<Args>(go: (args?: Args) => Promise<unknown>, given?: Args): Leaving<Args> {
  let leaving: Promise<unknown> | undefined;

  function leave(): Promise<unknown> {
    // As long as a duty has: the user may stay, or the library not leave, and then another logout goes again.
    leaving ??= Promise.race([go(given), new Promise((resolve) => setTimeout(resolve, dutyMsMax))]).finally(() => {
      leaving = undefined;
    });
    return leaving;
  }

  return {
    endSession: async ({ reason }) => {
      if (reason !== 'revoked') await leave();
    },
    logout: (session) => async (own) => {
      given = own;
      // Without a hub, or the right, this app logs out alone.
      await session.logout().catch(() => {});
      await leave();
    },
  };
}

/** For a library that does not wait until the page has left. It may be brought back out of the cache. */
export const pageShown = () => new Promise((resolve) => addEventListener('pageshow', resolve, { once: true }));
