// An app's page that checks for all tabs when it is asked to, and notes how often; and when it heard that the session
// had ended.

import { connect, type Session } from 'lockstep';

let session: Session;
let checks = 0;
let endedAfterMs: number | undefined;

const page = {
  async open({ hub, lifetimeMs }: { hub: string; lifetimeMs: number }): Promise<string> {
    session = connect({
      hub,
      activity: false,
      checkSession: () => {
        checks++;
        return { active: true, expiresAt: Date.now() + lifetimeMs };
      },
    });
    let idleAt: number | undefined;
    session.subscribe((snapshot) => {
      idleAt = snapshot.idleAt ?? idleAt;
      if (snapshot.reason === 'idle' && idleAt !== undefined) endedAfterMs = Date.now() - idleAt;
    });
    return (await session.ready).scope;
  },
  login: (lifetimeMs: number) => session.login({ subject: 'u-1', expiresAt: Date.now() + lifetimeMs }),
  checks: () => checks,
  expiresAt: () => session.getSnapshot().expiresAt,
  /** Resolves with the milliseconds from the deadline to the end's telling. */
  ended(): Promise<number> {
    return new Promise((resolve) => {
      const look = () => endedAfterMs !== undefined && resolve(endedAfterMs);
      session.subscribe(look);
      look();
    });
  },
};

export type DutyPage = typeof page;
declare global {
  var dutyPage: DutyPage;
}
globalThis.dutyPage = page;
