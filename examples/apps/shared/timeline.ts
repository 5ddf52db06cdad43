// The events of this tab: which, when, and how long after the act. Kept in sessionStorage, so that the tab that went to
// the login page and back still shows its own story. It holds times and names for the display, never a token.

import type { EpochMs, Session, Snapshot } from 'lockstep';
import { nameOf, whyEnded } from './words.js';

export type Entry = {
  readonly kind: 'found' | 'act' | 'duty' | 'api' | 'login' | 'logout' | 'user-change' | 'idle' | 'scope' | 'error';
  readonly text: string;
  readonly at: EpochMs;
  /** Milliseconds between the act, in whatever tab, and the event in this tab. */
  readonly afterMs?: number;
};

const storageKey = 'demo-timeline';
const entriesMax = 30;

function readEntries(): readonly Entry[] {
  try {
    const entries: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(entries) ? entries : [];
  } catch {
    return []; // Storage blocked or spoilt: the story begins anew.
  }
}

function writeEntries(entries: readonly Entry[]): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(entries));
  } catch {
    // Storage blocked: the story lives as long as the page.
  }
}

// The acting app reports to the demo's server when its user signed out; see server/acts.ts.
async function actTime(signedInAt: EpochMs | undefined): Promise<EpochMs | undefined> {
  const response = await fetch(`/acts/${signedInAt ?? 0}`);
  if (response.status !== 200) return undefined;
  const { at }: { at: EpochMs } = await response.json();
  return at;
}

export const reportAct = (signedInAt: EpochMs | undefined, at: EpochMs): void =>
  void fetch('/acts', {
    method: 'POST',
    keepalive: true, // The page is about to go to the provider.
    body: JSON.stringify({ session: String(signedInAt ?? 0), at }),
  }).catch(() => undefined);

export type Timeline = {
  readonly getEntries: () => readonly Entry[];
  readonly add: (entry: Entry) => void;
};

export function createTimeline(session: Session, onChange: () => void): Timeline {
  let entries = readEntries();
  let signedInAt: EpochMs | undefined; // Of the session this tab saw last: it names the session a logout ended.

  function set(next: readonly Entry[]): void {
    entries = next.slice(-entriesMax);
    writeEntries(entries);
    onChange();
  }
  const add = (entry: Entry) => set([...entries, entry]);

  function addArrival(kind: Entry['kind'], snapshot: Snapshot, text: string): void {
    const at = Date.now();
    const { signedInAt: act } = snapshot;
    add({ kind, text, at, ...(act === undefined ? {} : { afterMs: Math.max(0, at - act) }) });
  }

  session.subscribe((snapshot) => {
    signedInAt = snapshot.signedInAt ?? signedInAt;
  });
  session.on('login', ({ snapshot }) => addArrival('login', snapshot, `${nameOf(snapshot)} signed in`));
  session.on('user-change', ({ snapshot }) => addArrival('user-change', snapshot, `${nameOf(snapshot)} took over`));
  session.on('logout', ({ snapshot, reason }) => {
    const arrival: Entry = { kind: 'logout', text: `Event: ${whyEnded(snapshot)}`, at: Date.now() };
    add(arrival);
    // A deadline is nobody's act, and there is no time to ask for.
    if (reason !== 'logout') return;
    void actTime(signedInAt)
      .then(
        (act) =>
          act !== undefined &&
          set(
            entries.map((entry) =>
              entry === arrival ? { ...arrival, afterMs: Math.max(0, arrival.at - act) } : entry,
            ),
          ),
      )
      .catch(() => undefined); // The server is gone: the entry stays without its milliseconds.
  });
  session.on('idle-warning', () =>
    add({ kind: 'idle', text: 'The session ends soon: nobody is active', at: Date.now() }),
  );
  session.on('idle-resume', () => add({ kind: 'idle', text: 'Somebody is active again', at: Date.now() }));
  session.on('scope', ({ from, scope }) =>
    add({ kind: 'scope', text: `Scope: ${from} became ${scope}`, at: Date.now() }),
  );
  session.on('error', ({ error }) => add({ kind: 'error', text: error.message, at: Date.now() }));
  session.ready.then(
    (snapshot) => {
      signedInAt = snapshot.signedInAt;
      if (snapshot.status === 'signed-in')
        add({ kind: 'found', text: `Opened: ${nameOf(snapshot)} is signed in`, at: Date.now() });
      else if (entries.length === 0) add({ kind: 'found', text: `Opened: ${whyEnded(snapshot)}`, at: Date.now() });
    },
    (error: unknown) =>
      add({ kind: 'error', text: error instanceof Error ? error.message : String(error), at: Date.now() }),
  );
  return { getEntries: () => entries, add };
}
