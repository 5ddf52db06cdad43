// What the inspector says in plain sentences, and the cure of each error. A new code of the client does not compile
// without a cure.

import type { EpochMs, LockstepErrorCode, Snapshot } from 'lockstep';

const hosting = '`npx lockstep doctor` with the hub’s URL says what its server sends.';

const cures: Readonly<Record<LockstepErrorCode, string>> = {
  'hub-unreachable': 'Is the hub’s server running, and its URL right? The tab recovers by itself.',
  'hub-not-found': 'Nothing is at the hub’s URL. Compare it with where the folder of `lockstep build` is.',
  'not-a-hub': 'Another page is at the hub’s URL. Compare it with where the folder of `lockstep build` is.',
  'frame-blocked': 'Allow the hub in the Content-Security-Policy of this page: `frame-src` with the hub’s origin.',
  'frame-refused': `The hub’s headers refuse to be framed here. Send those of the build. ${hosting}`,
  'origin-refused': 'Add the origin of this page to "apps" in lockstep.config.json, build and deploy.',
  'wasm-refused': `Neither WebAssembly nor its fallback runs: deploy the whole folder. ${hosting}`,
  'hub-failed': 'The hub’s script has stopped: see the console. Browsers older than the README’s floor cannot run it.',
  timeout: `The hub did not answer. ${hosting}`,
  version: 'The client is older than the hub: update the package in this app.',
  'hub-outdated': 'A newer hub has written the session. Reload the page to get that hub.',
  malformed: 'The hub did not understand the request: client and hub may be of different versions.',
  oversized: 'Give less: the message names the bound.',
  forbidden: 'This origin lacks the capability: see "apps" in lockstep.config.json.',
  'rate-limited': 'Too many requests. Ask less often.',
  'secret-refused': 'Claims look like a token. Give only what every app may see.',
  'session-ended': 'Somebody has logged out, or was signed out, since this login began. Let the user begin another.',
  'storage-failed': 'The browser’s storage is full or blocked.',
  replaced: 'A later handshake has taken its place.',
  'invalid-argument': 'The message says which argument is wrong.',
  closed: 'The session was closed. Connect again.',
  'duty-failed': 'checkSession or endSession of this app has failed: see the cause in the console.',
  'login-loop': 'Nobody is signed in after two visits to the login page. Does it call `login`?',
};

/** For an error that the library does not know, nothing. */
export const cureOf = (code: string): string => (Object.hasOwn(cures, code) ? cures[code as LockstepErrorCode] : '');

const outcomes: Readonly<Record<string, string>> = {
  waiting: 'A check is asked first, and decides.',
  nothing: 'Nobody is signed in, or the session has no such deadline.',
  lost: 'There is no hub.',
  'in the page alone': 'What its hub asks of a server goes on.',
  'not-inspected': 'The hub lets only origins do that which "inspect" of its configuration names.',
};

/** What an act has come to, where one word does not say it. */
export const outcomeSentence = (outcome: string): string => outcomes[outcome] ?? cureOf(outcome);

const ends = {
  never: 'This browser has seen no session.',
  logout: 'The user logged out',
  expired: 'The session expired, and nobody could say that it goes on',
  idle: 'Nobody was active for the idle time',
  revoked: 'The provider said that the session has ended',
  cleared: 'The browser’s store was cleared',
} as const;

/** The status, and why. */
export function statusSentence({ status, reason, endedBy, error, idleWarning }: Snapshot): string {
  if (status === 'connecting') return 'The hub has not answered yet. Nobody knows yet whether a user is signed in.';
  if (status === 'unavailable') return `The hub cannot be used: ${error?.code}.`;
  if (status === 'signed-in')
    return idleWarning ? 'A user is signed in, and is warned of the idle end.' : 'A user is signed in.';
  if (reason === undefined) return 'Nobody is signed in.';
  if (reason === 'never') return ends.never;
  return `${ends[reason]}${endedBy ? `, by the app at ${endedBy}` : ''}.`;
}

const scopes = {
  shared: 'In lockstep with every allowed app of this browser that can be reached',
  partitioned: 'In lockstep only with tabs below the same top-level site, because the browser splits the storage',
  alone: 'In lockstep with nobody: this document is alone',
} as const;
const media = {
  'local-storage': 'by localStorage',
  'storage-access': 'by a storage-access handle',
  cookie: 'by a cookie',
  memory: 'in memory alone',
} as const;
const upgrades = {
  none: '',
  gesture: 'A gesture of the user would widen that: requestScope.',
  denied: 'The user, or the browser, has refused to widen that; requestScope may ask again.',
  unsupported: 'This browser has no way to widen that.',
} as const;

/** Scope, medium and upgrade. */
export function placeSentence({ status, scope, medium, upgrade }: Snapshot): string {
  if (status === 'connecting' || status === 'unavailable') return 'Not known while there is no answer of a hub.';
  return `${scopes[scope]}, ${media[medium]}. ${upgrades[upgrade]}`.trim();
}

const two = (part: number) => String(part).padStart(2, '0');

/** Of the local time. */
export function dayOf(at: EpochMs): string {
  const date = new Date(at);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(two).join('-');
}

/** Local time, to the millisecond. */
export function timeOf(at: EpochMs): string {
  const date = new Date(at);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** `1 h 2 min`, `2 min 5 s`, `5 s`; `now` where it has passed. */
export function leftUntil(at: EpochMs, now: EpochMs): string {
  const seconds = Math.ceil((at - now) / 1_000);
  if (seconds <= 0) return 'now';
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  if (hours > 0) return `in ${hours} h ${minutes} min`;
  return minutes > 0 ? `in ${minutes} min ${seconds % 60} s` : `in ${seconds} s`;
}
