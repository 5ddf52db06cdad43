// The session in the Redux DevTools: each session event is an action, and the snapshot is the state after it.
// https://github.com/reduxjs/redux-devtools/blob/main/extension/docs/API/Methods.md

import type { Session } from 'lockstep';
import { followEntries, plain } from './timeline.js';

type Connection = {
  readonly init: (state: unknown) => void;
  readonly send: (action: { readonly type: string }, state: unknown) => void;
};
type Extension = { readonly connect: (options: { readonly name: string }) => Connection };
declare global {
  interface Window {
    readonly __REDUX_DEVTOOLS_EXTENSION__?: Extension;
  }
}

/**
 * Shows the session in the extension's list as "Lockstep", with its snapshots and session events from now on. Returns
 * the function that ends it. Where the browser has no such extension, or there is no browser, it does nothing. The
 * extension sees what this page may see, subject and claims included.
 */
export function connectReduxDevtools(session: Session, { name = 'Lockstep' } = {}): () => void {
  const extension = typeof window === 'undefined' ? undefined : window.__REDUX_DEVTOOLS_EXTENSION__;
  if (!extension) return () => {};
  const connection = extension.connect({ name });
  connection.init(plain(session.getSnapshot()));
  return followEntries(session, ({ kind, name: type, cause, members }) =>
    connection.send({ type: `${kind} ${type}`, ...members, ...(cause && { cause }) }, plain(session.getSnapshot())),
  );
}
