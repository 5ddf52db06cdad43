// The npm package's front door: all that an app may import from `lockstep`.

export { connect } from './connect.js';
export { LockstepError, type LockstepErrorCode } from './errors.js';
export { type FollowLoginOptions, followLogin } from './follow_login.js';
export { type ReturnOptions, returnWhenSignedIn } from './return_when_signed_in.js';
export type {
  CheckOutcome,
  CheckReason,
  CheckResult,
  CheckSession,
  ConnectOptions,
  EndReason,
  EndSession,
  EpochMs,
  Json,
  Login,
  Medium,
  Origin,
  Scope,
  ScopeOptions,
  Session,
  SessionEvents,
  Snapshot,
  Status,
  Upgrade,
} from './types.js';
export { withSession } from './with_session.js';
