// What every adapter does, whatever its login library: it keeps this page's tokens in step with the session. Only an
// act of the user is a login; what is got silently never is. It asks the provider only where somebody looks at the
// page, once for each session, and believes nothing that arrives after the session has changed.

import type { CheckResult, LockstepError, Login, Session } from 'lockstep';
import { dutyMsMax } from './duty-ms.js';

/** What an adapter knows of its login library. `User` is whatever that returns of somebody who has signed in. */
export type Library<User> = {
  readonly loginOf: (user: User) => Login;
  /** Whose tokens this page holds, also where they have expired. */
  readonly held: () => Promise<User | null | undefined>;
  /** Where that is of this page's memory, and the tabs of an origin share a store: whose tokens are there. */
  readonly stored?: () => Promise<User | null | undefined>;
  readonly isFresh: (user: User) => boolean;
  /** Gets new ones without the user, and rejects with what the provider says. */
  readonly renew: () => Promise<User>;
  /** Does the provider say with this that nobody is signed in? Any other error says nothing of the session. */
  readonly isNo: (error: Error) => boolean;
  /** Forgets them, without leaving the page. */
  readonly drop: () => Promise<unknown>;
};

export type Tokens<User> = {
  readonly checkSession: () => Promise<CheckResult>;
  /** Returns the function that stops it. */
  readonly attach: (session: Session) => () => void;
  /**
   * An act of the user: whom it gives has signed in. Null or a rejection ends the login that was begun; undefined does
   * not, where the act was none. It rejects where Lockstep refuses the login, too.
   */
  readonly act: <Result extends User | null | undefined>(signIn: () => Promise<Result>) => Promise<Result>;
  /** The page may need others by now. */
  readonly follow: () => void;
};

/** Which of a browser's sessions it is, without a word of whom: a user may sign in again. */
export const nameOf = (session: Session): string => `${session.getSnapshot().signedInAt}`;

export function createTokens<User>(library: Library<User>): Tokens<User> {
  const { loginOf, held, stored = held, isFresh, renew, isNo, drop } = library;
  let session: Session;
  /** Whose tokens this page may drop: whom it has had some of, also from a page before, and who had the session. */
  const own = new Set<string | undefined>();
  /** Acts of the user in this page that have not ended. */
  let acts = 0;
  /** An answer of the provider may be in the address, still to be used. */
  let isWaiting = true;
  /** Has signed in, and Lockstep is yet to learn it. */
  let unsent: User | null | undefined;
  let renewing: Promise<User> | undefined;
  /** The session for which the last try brought nothing. */
  let triedFor: string | undefined;
  let following: Promise<unknown> = Promise.resolve();
  /** By the last warning. */
  let warned = '';

  async function act<Result extends User | null | undefined>(signIn: () => Promise<Result>): Promise<Result> {
    let user: Result | null = null;
    acts++;
    try {
      user = await signIn();
      // That nobody has signed in must not take the place of a login that Lockstep is yet to learn.
      unsent = user ?? unsent;
      own.add(subjectOf(unsent));
      await send();
      return user;
    } finally {
      acts--;
      // Else the next login would count as begun when this one was. Another may be open, such as a pop-up.
      if (user === null && !acts) session.cancelLogin();
      answered();
    }
  }

  function answered(): void {
    isWaiting = false;
    follow();
  }

  async function send(): Promise<void> {
    if (!unsent) return;
    try {
      await session.login(loginOf(unsent));
      unsent = undefined;
    } catch (error) {
      if ((error as Partial<LockstepError>).code === 'session-ended') {
        unsent = undefined;
        await dropOwn();
        throw error;
      }
      // Nothing else speaks against the user, who is signed in here alone for now. Where somebody is signed in
      // everywhere, and a second try has failed, that session counts. Without a hub the session itself says so.
      if (acts) {
        if (isKnown()) reportError(error);
      } else if (session.getSnapshot().subject) unsent = undefined;
    }
  }

  /** Nobody is asked before the library has used what the provider has just answered to this page. */
  function isBusy(): boolean {
    const isAnswer = /[?&#]state=/.test(location.href) && /[?&#](code|error)=/.test(location.href);
    return acts > 0 || (isWaiting && isAnswer);
  }

  const subjectOf = (user: User | null | undefined) => (user ? loginOf(user).subject : undefined);

  /**
   * Drops the tokens, unless another tab, with which the library shares its store, has stored those of the session, or
   * somebody's whom this page does not know: that user is about to be logged in. Where nobody is, they are dropped the
   * next time. False where they stay.
   */
  async function dropOwn(): Promise<boolean> {
    const found = subjectOf(await stored());
    if (found && (found === session.getSnapshot().subject || !own.has(found))) {
      own.add(found);
      return false;
    }
    await drop();
    own.delete(found);
    return true;
  }

  /** Is the user of the session still signed in at the provider? */
  async function askProvider(): Promise<boolean> {
    const { subject } = session.getSnapshot();
    // A check and a page that needs tokens are served by one answer.
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    try {
      const found = loginOf(await renewing).subject;
      own.add(found);
      // The session may have ended, or have become another user's, meanwhile. Where that is not known, the next step
      // compares the two.
      if (isKnown() && found !== session.getSnapshot().subject) await dropOwn();
      // OpenID Connect Session Management 1.0 §3.1: an ID token of another user is a logout of this one.
      return found === subject;
    } catch (error) {
      if (isNo(error as Error)) return false;
      throw error;
    }
  }

  /** Anything but the answer of the hub says nothing of the tokens. */
  const isKnown = () => /^signed/.test(session.getSnapshot().status);

  // Whenever something may have changed. The first that is so ends it:
  //   1. it is not known who is signed in
  //   2. a login is yet to be sent, an act is open, or somebody is signed in and an answer may be in the address
  //   3. this page holds fresh tokens of the session's user
  //   4. it holds another user's, and they must stay: else they are dropped
  //   5. nobody is signed in, nobody looks at the page, or this session's last try has brought nothing
  //   6. the provider gives tokens of the session's user
  //   7. one check answers all tabs that wonder
  async function step(): Promise<void> {
    if (isKnown() && !isBusy()) await send();
    const user = await held();
    if (!isKnown()) return;
    const { subject } = session.getSnapshot();
    own.add(subject);
    // Meanwhile the user may have acted. A logout does not wait for an answer that may be another library's.
    if (unsent || (subject ? isBusy() : acts)) return;
    if (user && (subjectOf(user) === subject ? isFresh(user) : !(await dropOwn()))) return;
    const wanted = nameOf(session);
    if (!subject || document.hidden || triedFor === wanted) return;
    triedFor = wanted;
    if (await askProvider()) triedFor = undefined;
    else await session.check();
  }

  /**
   * Nobody waits for a step, so the console says why it failed: by the text alone, since a library's error may hold
   * what was sent to the provider. Once, where nothing else fails in between.
   */
  function warn(error: unknown): void {
    const text = `${error}`;
    if (text !== warned) console.warn(text);
    warned = text;
  }

  /** What failed is tried again when the page is looked at, or has a network, again. */
  function follow(): void {
    following = following.then(step).catch(warn);
  }

  function retry(): void {
    triedFor = undefined;
    follow();
  }

  return {
    act,
    follow,
    async checkSession() {
      if (isBusy()) throw new Error('A login is open.');
      return { active: await askProvider() };
    },
    attach(joined) {
      session = joined;
      document.addEventListener('visibilitychange', retry);
      addEventListener('online', retry);
      const unsubscribe = session.subscribe(follow);
      // As long as a duty has. By then nobody will use the answer.
      const timer = setTimeout(answered, dutyMsMax);
      // A page before may have left some.
      following = held().then((user) => own.add(subjectOf(user)));
      follow();
      return () => {
        clearTimeout(timer);
        unsubscribe();
        document.removeEventListener('visibilitychange', retry);
        removeEventListener('online', retry);
      };
    },
  };
}
