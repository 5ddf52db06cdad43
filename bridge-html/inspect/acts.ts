// What a page that inspects may let happen now (PROTOCOL.md, "Inspecting"). Nothing about a session is decided here:
// the hub's module is given an input that it knows, and decides. Only who may end a session lets a deadline come.

import { base64url } from '../base64url.js';
import { readable } from './cookie-text.js';
import type { Inspected, Seen } from './inspection.js';

export type Act = 'expire' | 'idle' | 'offline' | 'online';
/** `waiting`: a check is asked first. `nothing`: nobody is signed in, or the session has no such deadline. */
export type Outcome = 'done' | 'waiting' | 'nothing' | 'forbidden';

const acts: readonly unknown[] = ['expire', 'idle', 'offline', 'online'] satisfies readonly Act[];
export const isAct = (name: unknown): name is Act => acts.includes(name);

export function perform(act: Act, page: Inspected, seen: Seen): Outcome {
  if (act === 'offline' || act === 'online') {
    page.network.set(act === 'online');
    return 'done';
  }
  if (!JSON.parse(seen.welcome ?? '{}').capabilities?.includes('logout')) return 'forbidden';
  const isDue = act === 'expire' ? expire(page, seen) : passIdleEnd(page, seen);
  if (!isDue) return 'nothing';
  return snapshotOf(seen).status === 'signed-in' ? 'waiting' : 'done';
}

function expire({ config, names, platform, hub }: Inspected, seen: Seen): boolean {
  const stored = platform.readRecord();
  if (!stored || snapshotOf(seen).status !== 'signed-in') return false;
  const isChecked = JSON.parse(config).session?.checkBeforeExpiryMs !== undefined;
  const text = expiring(readable(stored), platform.now(), isChecked);
  if (text === undefined) return false;
  const newValue = stored.startsWith('{') ? text : base64url(new TextEncoder().encode(text));
  hub.storageEvent({ key: names.record, newValue, storageArea: platform.backend() });
  return true;
}

/**
 * An active record (PROTOCOL.md §4) whose expiry is now. All else stays to the letter, which a parser of JSON does not
 * leave of the numbers in claims. What the pattern finds is no part of a text: there a quotation mark has a backslash.
 */
function expiring(record: string, now: number, isChecked: boolean): string | undefined {
  const pattern = /^(\{"format":1,"created":[^\]]*\],"updated":\[)(\d+)(.*?)(,"activeAt":.*)$/s;
  const [, before = '', revision, between = '', after = ''] = pattern.exec(record) ?? [];
  if (revision === undefined) return undefined;
  const others = between.replace(/,"(?:expiresAt|checkAt)":\d+/g, '');
  return `${before}${Number(revision) + 1}${others},"expiresAt":${now}${isChecked ? `,"checkAt":${now}` : ''}${after}`;
}

/** The clock shows that time for the one input. */
function passIdleEnd({ hub }: Inspected, seen: Seen): boolean {
  const { idleAt } = snapshotOf(seen);
  if (idleAt === undefined) return false;
  seen.clock = idleAt;
  try {
    hub.timerFired();
  } finally {
    seen.clock = undefined;
  }
  return true;
}

/** Of the session that the app was shown last. */
function snapshotOf({ shown = '{}' }: Seen): { readonly status?: string; readonly idleAt?: number } {
  return Object(JSON.parse(shown).snapshot);
}
