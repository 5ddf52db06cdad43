// What the demo says of a session, in words.

import type { EpochMs, Snapshot } from 'lockstep';
import { nameOfOrigin } from './places-here.js';

const reasons = {
  logout: 'signed out',
  expired: 'the session expired',
  idle: 'nobody was active',
  revoked: 'the provider revoked the session',
  cleared: 'the site data was cleared',
} as const;

export const nameOf = ({ claims, subject }: Snapshot): string =>
  typeof claims?.name === 'string' ? claims.name : (subject ?? 'nobody');

export function whyEnded({ reason, endedBy }: Snapshot): string {
  if (reason === undefined || reason === 'never') return 'nobody has signed in yet';
  if (endedBy === undefined) return reasons[reason];
  // A revocation is the provider's act; the app named is the one that asked.
  const where = endedBy === location.origin ? 'here' : nameOfOrigin(endedBy);
  if (reason === 'revoked') return `${reasons.revoked} (asked by ${where === 'here' ? 'this app' : where})`;
  return `${reasons[reason]} ${where === 'here' ? 'here' : `in ${where}`}`;
}

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const time = (at: EpochMs): string => new Date(at).toLocaleTimeString('en-GB');

/** "1:05" until then, never less than nothing. */
export function left(until: EpochMs, now: EpochMs): string {
  const seconds = Math.max(0, Math.ceil((until - now) / 1_000));
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${minutes}:${String(seconds % 60).padStart(2, '0')}`;
}

export function after(ms: number): string {
  if (ms < 1) return '< 1 ms';
  if (ms < 10_000) return `${ms} ms`;
  return `${Math.round(ms / 1_000)} s`;
}
