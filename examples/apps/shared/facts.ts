// The figures of this tab: what Lockstep says, how long the session has left, and who asked the provider last.

import type { EpochMs, Snapshot } from 'lockstep';
import { h } from './dom.js';
import type { Tokens } from './sign-in.js';
import { getChecks, tabName } from './this-tab.js';
import { left } from './words.js';

const tokenTexts: Readonly<Record<Tokens, string>> = {
  none: 'none',
  asking: 'asking …',
  held: 'in memory',
  refused: 'sign in again',
};

function fact(label: string, testId: string, value: string): HTMLElement {
  return h('div', {}, h('dt', {}, label), h('dd', { 'data-testid': testId, 'data-value': value }, value));
}

// The tab that checks puts its name into the session's claims, so every tab can show which one it was.
function lastCheck({ claims }: Snapshot): string {
  if (typeof claims?.checkedBy !== 'string') return 'none yet';
  return claims.checkedBy === tabName ? 'this tab' : claims.checkedBy;
}

const countdown = (until: EpochMs | undefined, now: EpochMs): string => (until === undefined ? '–' : left(until, now));

export function facts(snapshot: Snapshot, tokens: Tokens, now: EpochMs): readonly HTMLElement[] {
  const { status, scope, medium, expiresAt, idleAt } = snapshot;
  return [
    fact('Status', 'status', status),
    fact('Scope', 'scope', scope),
    fact('Medium', 'medium', medium),
    fact('Own tokens', 'tokens', tokenTexts[tokens]),
    fact('Expires in', 'expires-in', countdown(expiresAt, now)),
    fact('Idle in', 'idle-in', countdown(idleAt, now)),
    fact('Last check by', 'checked-by', lastCheck(snapshot)),
    fact('Checks here', 'checks', String(getChecks())),
  ];
}
