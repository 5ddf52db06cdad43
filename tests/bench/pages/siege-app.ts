// An app on the allow-list that lays siege to the hub, in the ways that SECURITY.md names. It knows the protocol, and
// uses no client.

import { insertFrame } from './frame.js';

const hello = '{"lockstep":1,"type":"hello","client":"0.1.0"}';
const longText = 'eyJ.'.repeat(2_048);

type Line = { readonly port: MessagePort; readonly shakeHands: () => void };

function open(hub: string): Promise<Line> {
  return new Promise((resolve) => {
    const frame = insertFrame(hub, () => resolve(lineTo(frame.contentWindow as Window, new URL(hub).origin)));
  });
}

/** `port` is that of the last handshake. */
function lineTo(target: Window, origin: string): Line {
  let port: MessagePort;
  const shakeHands = () => {
    const { port1, port2 } = new MessageChannel();
    port = port1;
    target.postMessage(hello, origin, [port2]);
  };
  shakeHands();
  return {
    get port() {
      return port;
    },
    shakeHands,
  };
}

let id = 0;
const login = () => JSON.stringify({ type: 'login', id: ++id, subject: `siege-${id}` });
const times = (count: number, act: () => void) => {
  for (let left = count; left > 0; left--) act();
};

/** How many frames each has, how often it acts, and what it does in each frame then. */
const sieges: Readonly<Record<string, readonly [number, number, (line: Line) => void]>> = {
  'forty hubs, twenty logins a second each': [40, 50, ({ port }) => port.postMessage(login())],
  'twenty thousand logins a second': [1, 10, ({ port }) => times(200, () => port.postMessage(login()))],
  'three thousand handshakes a second': [1, 10, ({ shakeHands }) => times(30, shakeHands)],
  'twenty of the longest texts a second, full of what looks like tokens': [
    1,
    50,
    ({ port }) => port.postMessage(longText),
  ],
  'five arrays of a hundred thousand texts a second': [
    1,
    200,
    ({ port, shakeHands }) => {
      port.postMessage(Array.from({ length: 100_000 }, () => 'text'));
      shakeHands();
    },
  ],
};

const page = {
  kinds: () => Object.keys(sieges),
  async besiege({ kind, hub }: { readonly kind: string; readonly hub: string }): Promise<void> {
    const [frames, everyMs, act] = sieges[kind] ?? [0, 1_000, () => undefined];
    const lines = await Promise.all(Array.from({ length: frames }, () => open(hub)));
    setInterval(() => lines.forEach(act), everyMs);
  },
};

export type SiegePage = typeof page;
declare global {
  var siegePage: SiegePage;
}
globalThis.siegePage = page;
