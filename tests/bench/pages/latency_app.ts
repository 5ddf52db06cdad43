// An app's page with two frames, the hub and the raw one. It makes numbered changes through either, and marks when it is told of
// those that other tabs made. Nothing else runs while a change is on its way. The marks are timed by the browser's trace.

import { connect, type Session } from 'lockstep';
import { insertFrame } from './frame.js';

export type Kind = 'raw' | 'lockstep';
export type Moment = 'act' | 'resolved' | 'told';
export type Batch = { readonly kind: Kind; readonly first: number; readonly count: number; readonly everyMs: number };

/** About as long as a session record, so that both store the same amount. */
const rawText = '.'.repeat(250);
/** Nobody's change takes that long: it is lost. */
const lostAfterMs = 15_000;

let tab: number;
let session: Session;
let rawPort: MessagePort;
let told = new Map<number, number>();
let heard = () => {};

function mark(moment: Moment, n: number): void {
  performance.mark(`lockstep-bench/${moment}/${tab}/${n}`);
}

function hear(n: number): void {
  mark('told', n);
  told.set(n, (told.get(n) ?? 0) + 1);
  heard();
}

/** Even changes are logins, odd ones logouts: each ends the session that the change before began. */
function change(kind: Kind, n: number): Promise<void> | void {
  if (kind === 'raw') rawPort.postMessage(`${n} ${rawText}`);
  else if (n % 2) return session.logout();
  else return session.login({ subject: `u-${n}`, expiresAt: Date.now() + 3_600_000, claims: { name: 'Ada Lovelace' } });
}

const page = {
  async open({ index, hub, raw }: { index: number; hub: string; raw: string }): Promise<string> {
    tab = index;
    session = connect({ hub });
    const { scope } = await session.ready;
    let last = -1;
    session.subscribe(({ status, subject }) => {
      last = status === 'signed-in' ? Number(subject?.slice(2)) : last + 1;
      hear(last);
    });

    const { port1, port2 } = new MessageChannel();
    rawPort = port1;
    await new Promise<void>((resolve) => {
      port1.onmessage = () => resolve();
      const frame = insertFrame(raw, () => frame.contentWindow?.postMessage('', new URL(raw).origin, [port2]));
    });
    port1.onmessage = ({ data }) => hear(Number.parseInt(data, 10));
    return scope;
  },
  visible: () => document.visibilityState === 'visible',
  /** Makes the changes of a batch, evenly apart. */
  async act({ kind, first, count, everyMs }: Batch): Promise<void> {
    for (let n = first; n < first + count; n++) {
      const pause = new Promise((resolve) => setTimeout(resolve, everyMs));
      mark('act', n);
      await change(kind, n);
      mark('resolved', n);
      await pause;
    }
    told = new Map(); // The hub tells the tab that acts, too.
  },
  /** How often this tab was told of each change since it was last asked; waits for the batch's last one. */
  async told(last: number): Promise<readonly (readonly [number, number])[]> {
    await new Promise<void>((resolve, reject) => {
      const lost = setTimeout(() => reject(new Error(`Change ${last} was never told to ${origin}.`)), lostAfterMs);
      heard = () => {
        if (!told.has(last)) return;
        clearTimeout(lost);
        resolve();
      };
      heard();
    });
    const counts = [...told];
    told = new Map();
    heard = () => {};
    return counts;
  },
};

export type LatencyPage = typeof page;
declare global {
  var latencyPage: LatencyPage;
}
globalThis.latencyPage = page;
