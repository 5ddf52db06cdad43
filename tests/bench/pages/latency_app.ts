// An app's page with two frames, the hub and the raw one. It makes numbered changes through either, and notes when it is told of
// those that other tabs made. Nothing else runs while a change is on its way.

import { connect, type Session } from 'lockstep';
import { insertFrame } from '../../../js-glue/client/frame.js';
import { now } from './clock.js';

export type Kind = 'raw' | 'lockstep';
/** Change `n` was made, or told, at this time. */
export type Moment = { readonly n: number; readonly at: number };
export type Act = Moment & { readonly resolvedAt: number };
export type Batch = { readonly kind: Kind; readonly first: number; readonly count: number; readonly everyMs: number };

/** About as long as a session record, so that both store the same amount. */
const rawText = '.'.repeat(250);
/** Nobody's change takes that long: it is lost. */
const lostAfterMs = 15_000;

let session: Session;
let rawPort: MessagePort;
let seen: Moment[] = [];
let heard = () => {};

function note(n: number): void {
  seen.push({ n, at: now() });
  heard();
}

/** Even changes are logins, odd ones logouts: each ends the session that the change before began. */
function change(kind: Kind, n: number): Promise<void> | void {
  if (kind === 'raw') rawPort.postMessage(`${n} ${rawText}`);
  else if (n % 2) return session.logout();
  else return session.login({ subject: `u-${n}`, expiresAt: Date.now() + 3_600_000, claims: { name: 'Ada Lovelace' } });
}

const page = {
  async open({ hub, raw }: { hub: string; raw: string }): Promise<string> {
    session = connect({ hub });
    const { scope } = await session.ready;
    let last = -1;
    session.subscribe(({ status, subject }) => {
      last = status === 'signed-in' ? Number(subject?.slice(2)) : last + 1;
      note(last);
    });

    const { port1, port2 } = new MessageChannel();
    rawPort = port1;
    await new Promise<void>((resolve) => {
      port1.onmessage = () => resolve();
      const frame = insertFrame(raw, () => frame.contentWindow?.postMessage('', new URL(raw).origin, [port2]));
    });
    port1.onmessage = ({ data }) => note(Number.parseInt(data, 10));
    return scope;
  },
  visible: () => document.visibilityState === 'visible',
  isolated: () => crossOriginIsolated,
  /** Makes the changes of a batch, evenly apart, and tells when each was made and when its promise resolved. */
  async act({ kind, first, count, everyMs }: Batch): Promise<readonly Act[]> {
    const acts: Act[] = [];
    for (let n = first; n < first + count; n++) {
      const pause = new Promise((resolve) => setTimeout(resolve, everyMs));
      const at = now();
      await change(kind, n);
      acts.push({ n, at, resolvedAt: now() });
      await pause;
    }
    seen = []; // The hub tells the tab that acts, too.
    return acts;
  },
  /** What this tab was told since it was last asked; waits for the batch's last change. */
  async told(last: number): Promise<readonly Moment[]> {
    const isLast = () => seen.some(({ n }) => n === last);
    await new Promise<void>((resolve, reject) => {
      const lost = setTimeout(() => reject(new Error(`Change ${last} was never told to ${origin}.`)), lostAfterMs);
      heard = () => {
        if (!isLast()) return;
        clearTimeout(lost);
        resolve();
      };
      heard();
    });
    const moments = seen;
    seen = [];
    heard = () => {};
    return moments;
  },
};

export type LatencyPage = typeof page;
declare global {
  var latencyPage: LatencyPage;
}
globalThis.latencyPage = page;
