// An app's page with two frames, the hub and the raw one. It makes numbered changes through either, and marks when it is told of
// those that other tabs made. Nothing else runs while a change is on its way. The marks are timed by the browser's trace.

import { connect, type Session, type Snapshot } from 'lockstep';
import { insertFrame } from './frame.js';

export type Kind = 'raw' | 'lockstep';
export type Moment = 'act' | 'resolved' | 'told';
export type Heard = { readonly n: number; readonly kind: Kind; readonly atMs: number; readonly state?: string };
/** What a tab knows when a change seems lost. */
export type Evidence = {
  readonly tab: number;
  readonly origin: string;
  readonly visible: boolean;
  readonly snapshot: Snapshot;
  readonly toldInBatch: readonly number[];
  readonly history: readonly Heard[];
};
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
/** The last ones that were heard of, whoever made them. */
let history: Heard[] = [];
const historyMax = 60;

function mark(moment: Moment, n: number): void {
  performance.mark(`lockstep-bench/${moment}/${tab}/${n}`);
}

function hear(n: number, kind: Kind, state?: string): void {
  mark('told', n);
  told.set(n, (told.get(n) ?? 0) + 1);
  history = [
    ...history.slice(1 - historyMax),
    { n, kind, atMs: performance.timeOrigin + performance.now(), ...(state && { state }) },
  ];
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
      // A logout has no number of its own: it is the odd one after what was heard of last.
      last = status === 'signed-in' ? Number(subject?.slice(2)) : last + (last % 2 ? 2 : 1);
      hear(last, 'lockstep', `${status} ${subject ?? ''}`);
    });

    const { port1, port2 } = new MessageChannel();
    rawPort = port1;
    await new Promise<void>((resolve) => {
      port1.onmessage = () => resolve();
      const frame = insertFrame(raw, () => frame.contentWindow?.postMessage('', new URL(raw).origin, [port2]));
    });
    port1.onmessage = ({ data }) => hear(Number.parseInt(data, 10), 'raw');
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
  /** How often this tab was told of each change since it was last asked; waits for the batch's last one. Undefined: it never came. */
  async told(last: number): Promise<readonly (readonly [number, number])[] | undefined> {
    const came = await new Promise<boolean>((resolve) => {
      const lost = setTimeout(resolve, lostAfterMs, false);
      heard = () => {
        if (!told.has(last)) return;
        clearTimeout(lost);
        resolve(true);
      };
      heard();
    });
    if (!came) return;
    const counts = [...told];
    page.forget();
    return counts;
  },
  /** The next batch begins. */
  forget(): void {
    told = new Map();
    heard = () => {};
  },
  evidence: (): Evidence => ({
    tab,
    origin,
    visible: page.visible(),
    snapshot: session.getSnapshot(),
    toldInBatch: [...told.keys()],
    history,
  }),
};

export type LatencyPage = typeof page;
declare global {
  var latencyPage: LatencyPage;
}
globalThis.latencyPage = page;
