// What one tab does at the provider in the place of all: ask whether the session lives, and end it there. Lockstep
// decides which tab and when. Both name the session by its `sid`: a late request must neither speak of, nor end, the
// session that came after it.

import type { CheckResult, CheckSession, EndSession, Snapshot } from 'lockstep';
import { originHere } from './places-here.js';
import { tabName } from './this-tab.js';

export type Duties = {
  readonly checkSession: CheckSession;
  readonly endSession: EndSession;
  /** Ends that session at the provider, from this tab; without an id the one of this browser. */
  readonly end: (sid: string | undefined, signal?: AbortSignal) => Promise<void>;
  /** As an administrator would: the provider deletes the session, and informs no app. */
  readonly revoke: () => Promise<void>;
};

export type DutiesOptions = {
  readonly getSnapshot: () => Snapshot;
  /** The session that was shown last, also when it is over. */
  readonly getLastSid: () => string | undefined;
  readonly onCheck: (result: CheckResult) => void;
  readonly onEnd: () => void;
};

const url = (path: string): string => `${originHere('login')}${path}`;

function readAnswer(answer: unknown): CheckResult {
  if (typeof answer !== 'object' || answer === null || !('active' in answer))
    throw new Error('The provider says nothing.');
  if (answer.active === false) return { active: false };
  if (answer.active !== true || !('expiresIn' in answer) || !Number.isSafeInteger(answer.expiresIn))
    throw new Error('The provider says something else.');
  return { active: true, expiresIn: answer.expiresIn as number };
}

async function post(path: string, body: URLSearchParams, signal?: AbortSignal): Promise<void> {
  // Kept alive, because a page that has just signed its user out is often about to go.
  const init: RequestInit = { method: 'POST', credentials: 'include', keepalive: true, body };
  const response = await fetch(url(path), signal === undefined ? init : { ...init, signal });
  if (!response.ok) throw new Error(`The provider answers ${response.status}.`);
}

export function createDuties({ getSnapshot, getLastSid, onCheck, onEnd }: DutiesOptions): Duties {
  const end: Duties['end'] = (sid, signal) =>
    post('/session/end', new URLSearchParams(sid === undefined ? {} : { sid }), signal);
  return {
    async checkSession({ signal }) {
      const { sessionId = '', claims } = getSnapshot();
      const path = `/session?${new URLSearchParams({ sid: sessionId })}`;
      const response = await fetch(url(path), { credentials: 'include', cache: 'no-store', signal });
      // Only the provider's own word ends a session: what throws here means "not known", and is tried again.
      if (!response.ok) throw new Error(`The provider answers ${response.status}.`);
      const result = readAnswer(await response.json());
      onCheck(result);
      return result.active ? { ...result, claims: { ...claims, checkedBy: tabName } } : result;
    },
    async endSession({ reason, signal }) {
      if (reason === 'revoked') return; // The provider said so itself: there is nothing left to end.
      await end(getLastSid(), signal);
      onEnd();
    },
    end,
    revoke: () => post('/session/revoke', new URLSearchParams()),
  };
}
