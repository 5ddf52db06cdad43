// An app's page that checks for all tabs when it is asked to, and notes how often, and when it received the end of the
// session.

import { connect, type Session, type Snapshot } from 'lockstep';

let session: Session;
let checks = 0;
let endedAfterMs: number | undefined;
/** Since 1970, with fractions. Undefined while somebody is signed in. */
let signedOutAt: number | undefined;

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
      if (snapshot.status === 'signed-in') signedOutAt = undefined;
      else if (snapshot.status === 'signed-out') signedOutAt ??= performance.timeOrigin + performance.now();
    });
    return (await session.ready).scope;
  },
  login: (lifetimeMs: number) => session.login({ subject: 'u-1', expiresAt: Date.now() + lifetimeMs }),
  async signIn(sessionId: string): Promise<void> {
    session.beginLogin();
    await session.login({ subject: 'u-1', sessionId });
  },
  /** Resolves when this session is shown. */
  shows: (sessionId: string) => until((snapshot) => snapshot.sessionId === sessionId),
  /** Resolves when no session is shown any more, with the time of that since 1970, in fractions of a millisecond. */
  async revokedAt(): Promise<number> {
    await until(({ status }) => status === 'signed-out');
    return signedOutAt as number;
  },
  checks: () => checks,
  expiresAt: () => session.getSnapshot().expiresAt,
  /** Resolves with the milliseconds from the deadline to the event of the end. */
  ended(): Promise<number> {
    return new Promise((resolve) => {
      const look = () => endedAfterMs !== undefined && resolve(endedAfterMs);
      session.subscribe(look);
      look();
    });
  },
};

function until(holds: (snapshot: Snapshot) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => holds(session.getSnapshot()) && resolve();
    session.subscribe(look);
    look();
  });
}

export type DutyPage = typeof page;
declare global {
  var dutyPage: DutyPage;
}
globalThis.dutyPage = page;
