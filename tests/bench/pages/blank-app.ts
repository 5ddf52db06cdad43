// An app's page that does nothing until it is asked: it may hold a bare frame, or a session of Lockstep.

import { connect, type Session } from 'lockstep';
import { insertFrame } from './frame.js';

let session: Session | undefined;

export const page = {
  bare(url: string): Promise<void> {
    return new Promise((resolve) => {
      insertFrame(url, () => resolve());
    });
  },
  async lockstep(hub: string): Promise<string> {
    session = connect({ hub });
    const { scope } = await session.ready;
    return scope;
  },
  session: () => session,
  async login(subject: string): Promise<void> {
    session?.beginLogin();
    await session?.login({ subject, expiresAt: Date.now() + 3_600_000, claims: { name: 'Ada Lovelace' } });
  },
  /** How long it takes. */
  async loginMs(subject: string): Promise<number> {
    const before = performance.now();
    await page.login(subject);
    return performance.now() - before;
  },
  /** Resolves when this tab has received the sign-in of the user. */
  received(subject: string): Promise<void> {
    return new Promise((resolve) => {
      const look = () => session?.getSnapshot().subject === subject && resolve();
      session?.subscribe(look);
      look();
    });
  },
};

export type BlankPage = typeof page;
declare global {
  var blankPage: BlankPage;
}
globalThis.blankPage = page;
