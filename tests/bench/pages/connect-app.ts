// An app's page that asks one hub, in one of several ways, and measures the time from the frame's insertion to the
// answer.

import { connect } from 'lockstep';
import { connect as connectPenpal, WindowMessenger } from 'penpal';
import { insertFrame } from './frame.js';
import type { PenpalState } from './penpal-hub.js';

/** What the hub said of the session; a bare frame says nothing of it. */
export type Connected = { readonly ms: number; readonly status: string };

const page = {
  async bare(url: string): Promise<Connected> {
    const start = performance.now();
    const received = new Promise<void>((resolve) => {
      addEventListener('message', () => resolve(), { once: true });
    });
    insertFrame(url, () => {});
    await received;
    return { ms: performance.now() - start, status: 'none' };
  },
  async penpal(url: string): Promise<Connected> {
    const start = performance.now();
    const frame = insertFrame(url, () => {});
    if (!frame.contentWindow) throw new Error('The frame has no window.');
    const messenger = new WindowMessenger({
      remoteWindow: frame.contentWindow,
      allowedOrigins: [new URL(url).origin],
    });
    const hub = await connectPenpal<{ getState(): PenpalState }>({ messenger }).promise;
    const { status } = await hub.getState();
    return { ms: performance.now() - start, status };
  },
  async lockstep(hub: string): Promise<Connected> {
    const start = performance.now();
    const { status } = await connect({ hub }).ready;
    return { ms: performance.now() - start, status };
  },
  /** Leaves the browser signed in, or signed out. */
  async prepare({ hub, signedIn }: { hub: string; signedIn: boolean }): Promise<void> {
    const session = connect({ hub });
    await session.ready;
    if (signedIn) {
      session.beginLogin();
      await session.login({
        subject: 'u-42',
        expiresAt: Date.now() + 3_600_000,
        claims: { name: 'Ada Lovelace', email: 'ada@acme.com', roles: ['admin', 'billing'] },
      });
    } else {
      await session.logout();
    }
    session.close();
  },
};

export type ConnectPage = typeof page;
declare global {
  var connectPage: ConnectPage;
}
globalThis.connectPage = page;
