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
//                                            being sent again
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
  /** For the login that ends the flow. */
  readonly lastEnd: () => string | undefined;
  /** The function to call when the login that starts now has ended. */
  readonly ending: () => () => void;
};

/** Empty where nobody has logged out yet. */
type Token = string;

export function createLoginFlow({ href }: URL): LoginFlow {
  const mark = stored('sessionStorage', `lockstep-login ${href}`);
  /** The last that was sent. */
  let shown: Token | undefined;
  let began = mark.read() ?? undefined;
  let isMarked = began !== undefined;
  /** Begun in this document, and no login has ended it. */
  let flow: object | undefined;

  function moveTo(token: Token): void {
    // A key press must not cost a write each.
    if (token === began) return;
    began = token;
    if (isMarked) mark.write(token);
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
      flow = {};
      isMarked = true;
      mark.write(began);
    },
    lastEnd: () => began || undefined,
    ending() {
      const ours = flow;
      return () => {
        if (flow !== ours) return;
        flow = undefined;
        isMarked = false;
        mark.write(undefined);
      };
    },
  };
}
