// The npm package's front door: all that an app may import from `lockstep`.

export { connect } from './connect.js';
export { LockstepError, type LockstepErrorCode } from './errors.js';
export { type FollowLoginOptions, followLogin } from './follow-login.js';
export { type ReturnOptions, returnWhenSignedIn } from './return-when-signed-in.js';
export type {
  ActivityOptions,
  CheckOutcome,
  CheckReason,
  CheckResult,
  CheckSession,
  ConnectingSnapshot,
  ConnectOptions,
  EndReason,
  EndSession,
  EpochMs,
  Expiry,
  Json,
  Login,
  LoginAdapter,
  Medium,
  Origin,
  Scope,
  ScopeOptions,
  Session,
  SessionEvents,
  SignedInSnapshot,
  SignedOutSnapshot,
  Snapshot,
  Status,
  UnavailableSnapshot,
  Upgrade,
} from './types.js';
export { withSession } from './with-session.js';
