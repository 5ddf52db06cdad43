// When the login flow of this app began: at the token of the last logout that the app had been sent by then
// (`lastEnd`, PROTOCOL.md §3). The hub refuses a login whose flow began before somebody logged out. Neither a clock nor
// a session id knows that order.
//
// What moves the flow (`began`), and where it is kept:
//
//   document starts / use the mark that this tab's storage holds; without one: wait
//   first token     [waiting]              / began = it
//   act of the user [nothing begun here]   / began = the last token: whoever types a password sees what is shown
//   begin           / began = the last token, or wait for the first; mark it in the storage, to outlive a redirect
//   login ends      [no later begin]       / remove the mark; `began` stays: a refused login does not become right by
//                                            being sent again. One that failed otherwise may be: it ends nothing
//   cancel                                 / began = the last token, or wait for the first; remove the mark: no login
//                                            will end this flow, and the next one must not have its order
//
// A mark from an earlier document follows the acts of the user, so that one which an abandoned flow left behind does
// not count for long. A flow that was begun in this document does not: its app has said when that was.

import { stored } from './stored.js';

export type LoginFlow = {
  /** The hub has sent this token; none where nobody has logged out yet. */
  readonly shown: (lastEnd: string | undefined) => void;
  /** The user has done something in this document. */
  readonly acted: () => void;
  readonly begin: () => void;
  readonly cancel: () => void;
  /** For the login that ends the flow. */
  readonly lastEnd: () => string | undefined;
  /** Returns the login, which starts now. */
  readonly endWith: (login: Promise<void>) => Promise<void>;
};

/** Empty where nobody has logged out yet. */
type Token = string;

export function createLoginFlow({ href }: URL): LoginFlow {
  const mark = stored('sessionStorage', `lockstep-login ${href}`);
  /** The last that was sent. */
  let shown: Token | undefined;
  let began = mark.read();
  let isMarked = began !== undefined;
  /** Begun in this document, and not ended. */
  let flow: object | undefined;

  function moveTo(token: Token): void {
    began = token;
    if (isMarked) mark.write(token);
  }

  function set(next?: object): void {
    flow = next;
    isMarked = next !== undefined;
    mark.write(next && began);
  }

  return {
    shown(lastEnd = '') {
      shown = lastEnd;
      if (began === undefined) moveTo(shown);
    },
    acted() {
      // Before a token is sent, nothing is shown that an act could refer to.
      if (shown !== undefined && !flow) moveTo(shown);
    },
    begin() {
      began = shown;
      set({});
    },
    cancel() {
      began = shown;
      set();
    },
    lastEnd: () => began || undefined,
    endWith(login) {
      const ours = flow;
      const end = () => {
        if (flow === ours) set();
      };
      login.then(end, ({ code }) => code === 'session-ended' && end());
      return login;
    },
  };
}
