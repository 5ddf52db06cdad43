// An app's page with two frames, the hub and the raw one. It makes numbered changes through either, and marks when it
// receives those that other tabs made. Nothing else runs while a change is on its way. The browser's trace has the
// times of the marks.

import { connect, type Session, type Snapshot } from 'lockstep';
import { insertFrame } from './frame.js';

export type Kind = 'raw' | 'lockstep';
export type Moment = 'act' | 'resolved' | 'delivered';
export type Delivery = { readonly n: number; readonly kind: Kind; readonly atMs: number; readonly state?: string };
/** What a tab knows when a change seems lost. */
export type Evidence = {
  readonly tab: number;
  readonly origin: string;
  readonly visible: boolean;
  readonly snapshot: Snapshot;
  readonly deliveredInBatch: readonly number[];
  readonly history: readonly Delivery[];
};
export type Batch = { readonly kind: Kind; readonly first: number; readonly count: number; readonly everyMs: number };

/** About as long as a session record, so that both store the same amount. */
const rawText = '.'.repeat(250);
/** Nobody's change takes that long: it is lost. */
const lostAfterMs = 15_000;

let tab: number;
let session: Session;
let rawPort: MessagePort;
let delivered = new Map<number, number>();
let onDelivery = () => {};
/** The last changes that arrived, whoever made them. */
let history: Delivery[] = [];
const historyMax = 60;

function mark(moment: Moment, n: number): void {
  performance.mark(`lockstep-bench/${moment}/${tab}/${n}`);
}

function receive(n: number, kind: Kind, state?: string): void {
  mark('delivered', n);
  delivered.set(n, (delivered.get(n) ?? 0) + 1);
  history = [
    ...history.slice(1 - historyMax),
    { n, kind, atMs: performance.timeOrigin + performance.now(), ...(state && { state }) },
  ];
  onDelivery();
}

/** Even changes are logins, odd ones logouts: each ends the session that the change before began. */
function change(kind: Kind, n: number): Promise<void> | void {
  if (kind === 'raw') return rawPort.postMessage(`${n} ${rawText}`);
  if (n % 2) return session.logout();
  session.beginLogin();
  return session.login({ subject: `u-${n}`, expiresAt: Date.now() + 3_600_000, claims: { name: 'Ada Lovelace' } });
}

const page = {
  async open({ index, hub, raw }: { index: number; hub: string; raw: string }): Promise<string> {
    tab = index;
    session = connect({ hub });
    const { scope } = await session.ready;
    let last = -1;
    session.subscribe(({ status, subject }) => {
      // A logout has no number of its own: it is the odd one after the last that arrived.
      last = status === 'signed-in' ? Number(subject?.slice(2)) : last + (last % 2 ? 2 : 1);
      receive(last, 'lockstep', `${status} ${subject ?? ''}`);
    });

    const { port1, port2 } = new MessageChannel();
    rawPort = port1;
    await new Promise<void>((resolve) => {
      port1.onmessage = () => resolve();
      const frame = insertFrame(raw, () => frame.contentWindow?.postMessage('', new URL(raw).origin, [port2]));
    });
    port1.onmessage = ({ data }) => receive(Number.parseInt(data, 10), 'raw');
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
    delivered = new Map(); // The hub notifies the tab that acts, too.
  },
  /**
   * How often each change has reached this tab since the last call; waits for the last one of the batch. Undefined:
   * that one never came.
   */
  async delivered(last: number): Promise<readonly (readonly [number, number])[] | undefined> {
    const came = await new Promise<boolean>((resolve) => {
      const lost = setTimeout(resolve, lostAfterMs, false);
      onDelivery = () => {
        if (!delivered.has(last)) return;
        clearTimeout(lost);
        resolve(true);
      };
      onDelivery();
    });
    if (!came) return;
    const counts = [...delivered];
    page.forget();
    return counts;
  },
  /** The next batch begins. */
  forget(): void {
    delivered = new Map();
    onDelivery = () => {};
  },
  evidence: (): Evidence => ({
    tab,
    origin,
    visible: page.visible(),
    snapshot: session.getSnapshot(),
    deliveredInBatch: [...delivered.keys()],
    history,
  }),
};

export type LatencyPage = typeof page;
declare global {
  var latencyPage: LatencyPage;
}
globalThis.latencyPage = page;
