// What each member of a snapshot, of a login and of a session event says: of the user, or of the session. The one list
// for all that leaves a page or is shown. It is complete by its type: a member or an event that the client gains does
// not compile before it is here.

import type { Login, SessionEvents, Snapshot } from 'lockstep';

/**
 * `user`, `sid` and `claims` say who is signed in, and become aliases of that name in a transcript. `claims` is the
 * object of that name, the others are texts (PROTOCOL.md §3).
 */
export type Kind = 'user' | 'sid' | 'claims' | 'public';

/** Of each status, whether the others name it or not. */
type MemberOf<AnySnapshot> = AnySnapshot extends unknown ? keyof AnySnapshot : never;

export const memberKinds: Readonly<Record<MemberOf<Snapshot> | keyof Login, Kind>> = {
  status: 'public',
  reason: 'public',
  endedBy: 'public',
  subject: 'user',
  sessionId: 'sid',
  claims: 'claims',
  signedInAt: 'public',
  expiresAt: 'public',
  expiresIn: 'public',
  idleAt: 'public',
  idleWarning: 'public',
  scope: 'public',
  medium: 'public',
  upgrade: 'public',
  error: 'public',
};

/** Of a login: no snapshot has it. */
export const loginOnly = ['expiresIn'] as const satisfies readonly (keyof Login)[];

type Members<Type extends keyof SessionEvents> = Exclude<keyof SessionEvents[Type], 'snapshot'>;

export const eventMemberKinds: { readonly [Type in keyof SessionEvents]: Readonly<Record<Members<Type>, Kind>> } = {
  login: { own: 'public' },
  logout: { own: 'public', reason: 'public', endedBy: 'public' },
  'user-change': { own: 'public', from: 'user' },
  'idle-warning': { idleAt: 'public' },
  'idle-resume': {},
  scope: { scope: 'public', from: 'public' },
  error: { error: 'public' },
};
export const eventTypes = Object.keys(eventMemberKinds) as readonly (keyof SessionEvents)[];
