// The npm package's front door: all that an app may import from `lockstep`.

export { connect } from './connect.js';
export { LockstepError, type LockstepErrorCode } from './errors.js';
export type {
  ConnectOptions,
  EndReason,
  EpochMs,
  Json,
  Login,
  Medium,
  Origin,
  Scope,
  Session,
  SessionEvents,
  Snapshot,
  Status,
  Upgrade,
} from './types.js';
