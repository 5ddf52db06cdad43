// What the adapters for better-auth and next-auth share. There the session is a cookie of a server: the page holds
// nothing that it could drop, so the server's session is ended instead, by one tab of an origin. A login may lead over
// other pages and leaves no trace in the address, so the tab notes that the user has begun one.

import type { EndSession, Login, LoginAdapter, Session } from 'lockstep';
import { inOneTab } from './one-tab.js';
import { createProof } from './proof.js';
import { createTokens, nameOf } from './tokens.js';

export type OwnServer<User> = {
  /** Of the library. */
  readonly name: string;
  readonly loginOf: (user: User) => Login;
  /** Whose the cookie is. Rejects where the server does not say that. */
  readonly read: () => Promise<User | null>;
  /** Ends the server's session. */
  readonly end: () => Promise<unknown>;
  /** What the library's own hooks show from now on. */
  readonly show: (user: User | null) => void;
};

export type OwnServerLogin = Pick<LoginAdapter, 'checkSession' | 'endSession' | 'attach'> & {
  /** The user begins a login. */
  readonly begin: () => void;
  /** It leads to other pages, and the next one of this tab ends it; or it does not. */
  readonly leave: (isLeaving: boolean) => void;
  /** It has ended, and the cookie says for whom. Rejects where Lockstep refuses the login. */
  readonly signedIn: () => Promise<void>;
  /** The user has signed out at the server. */
  readonly signedOut: () => Promise<void>;
};

const nobody = new Error('The server has another user, or none.');

export function createOwnServerLogin<User>(server: OwnServer<User>): OwnServerLogin {
  const { name, loginOf, read, end, show } = server;
  const proof = createProof(name);
  /** The user has left this tab's page for a login. */
  const left = createProof(name, 'sessionStorage');
  let session: Session | undefined;
  /** What the server has said last. */
  let answer: Promise<User | null> | undefined;
  /** Whom the library has got from the server, as far as is known. */
  let shown: string | undefined;

  function ask(): Promise<User | null> {
    const asked = read().then((user) => {
      if (shown !== undefined && shown !== idOf(user)) show(user);
      shown = idOf(user);
      return user;
    });
    answer = asked;
    asked.catch(() => {
      if (answer === asked) answer = undefined;
    });
    return asked;
  }

  /** One session of one user. */
  function idOf(user: User | null): string {
    if (!user) return '';
    const { subject, sessionId } = loginOf(user);
    return `${subject} ${sessionId}`;
  }

  async function held(): Promise<User | null> {
    const user = await (answer ?? ask());
    if (session && isShared(user)) proof.give(nameOf(session));
    return user;
  }

  /** Is it the user of the session that everybody sees? */
  const isShared = (user: User | null) => user !== null && loginOf(user).subject === session?.getSnapshot().subject;

  async function renew(): Promise<User> {
    const user = await ask();
    if (!user || !isShared(user)) throw nobody;
    return user;
  }

  /** Ends what this page knows of, and not the session of somebody who has signed in since. */
  async function endHeld(): Promise<void> {
    const before = await held();
    if (before && idOf(await ask()) === idOf(before)) await end();
    answer = Promise.resolve(null);
    shown = '';
    show(null);
  }

  async function drop(): Promise<void> {
    // Another tab has ended it by now, or has failed.
    if (!(await inOneTab(name, endHeld))) answer = undefined;
  }

  const endSession: EndSession = async ({ reason, signal }) => {
    if (reason !== 'revoked') await inOneTab(name, endHeld, signal);
  };

  const tokens = createTokens<User>({
    loginOf,
    held,
    // The server itself prolongs its session.
    isFresh: () => true,
    // An app that has not signed in at its own server says nothing of the session of all.
    isNo: (error) => error === nobody && session !== undefined && proof.isGiven(nameOf(session)),
    renew,
    drop,
  });

  const leave = (isLeaving: boolean) => left.give(isLeaving ? '1' : '');

  async function signedIn(): Promise<void> {
    if (!session) return;
    await tokens.act(async () => {
      const user = await ask();
      leave(false);
      return user;
    });
  }

  return {
    checkSession: tokens.checkSession,
    endSession,
    attach(joined) {
      session = joined;
      const detach = tokens.attach(joined);
      // No function of the app waits for this one.
      if (left.isGiven()) signedIn().catch(reportError);
      return () => {
        detach();
        session = undefined;
      };
    },
    begin: () => session?.beginLogin(),
    leave,
    signedIn,
    async signedOut() {
      answer = Promise.resolve(null);
      // Without a hub, or the right, this app signs out alone.
      await session?.logout().catch(() => {});
    },
  };
}
