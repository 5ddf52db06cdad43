// The way to one hub: its frame, the handshake (PROTOCOL.md §1), and the healing. When the hub does not answer it says why and goes
// on trying; a welcome that comes late heals at any time. It keeps one timer, and none while the hub answers. It does not know
// what messages mean. After `end` nothing of it is left to run.

import { LockstepError, timedOut } from './errors.js';
import { insertFrame } from './frame.js';
import { diagnosisMsMax, retryMsMax, retryMsMin } from './limits.js';
import { watchPage } from './page-events.js';
import { type AppMessage, decode, encode, type HubMessage, type PortMessage } from './wire.js';

export type LinkOwner = {
  readonly hello: () => AppMessage;
  readonly receive: (message: PortMessage) => void;
  /** The hub that was spoken to is gone; another may come. What it was asked stays without a reply. */
  readonly lost: () => void;
  /** Nobody answers, for this reason; may be said again with every attempt. */
  readonly failed: (error: LockstepError) => void;
};
export type Link = {
  /** False when nobody would hear it. */
  readonly send: (text: string) => boolean;
  readonly frame: () => HTMLIFrameElement | undefined;
  /** Starts over with a new frame. */
  readonly attempt: () => void;
  readonly end: () => void;
};

export function openLink(hub: URL, timeoutMs: number, owner: LinkOwner): Link {
  const life = new AbortController();
  const options = { signal: life.signal };
  let frame: HTMLIFrameElement | undefined;
  let port: MessagePort | undefined;
  let welcomed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What the timer is for. Both stay as they are while what it called goes on. */
  let next: (() => void) | undefined;
  let retries = 0;

  function arm(then: () => void, ms: number): void {
    clearTimeout(timer);
    next = then;
    timer = setTimeout(then, ms);
  }

  function disarm(): void {
    clearTimeout(timer);
    timer = next = undefined;
  }

  function hangUp(): void {
    welcomed = false;
    port?.close();
    port = undefined;
    owner.lost();
  }

  function attempt(): void {
    hangUp();
    frame?.remove();
    // A new element each time: to set `src` again would add to the tab's history.
    frame = insertFrame(hub.href, greet, options);
    arm(diagnoseThis, timeoutMs);
  }

  /** At every `load`: the hub is new then, even in a frame that had one before. */
  function greet(): void {
    hangUp();
    const { port1, port2 } = new MessageChannel();
    port = port1;
    port1.onmessage = ({ data }) => port === port1 && hear(decode(data));
    // A hub that was reloaded gets as long as a new one.
    if (!timer) arm(diagnoseThis, timeoutMs);
    frame?.contentWindow?.postMessage(encode(owner.hello()), hub.origin, [port2]);
  }

  function hear(message: HubMessage | undefined): void {
    if (message?.type === 'goodbye') {
      fail(message.error);
      hangUp();
      // The first word must be the welcome, and there is no second one.
    } else if (message && welcomed !== (message.type === 'welcome')) {
      if (!welcomed) disarm();
      welcomed = true;
      retries = 0;
      owner.receive(message);
    }
  }

  async function diagnoseThis(): Promise<void> {
    // Whatever it waits for, be it the file that has the diagnosis, the app does not wait longer.
    arm(() => fail(timedOut()), diagnosisMsMax);
    const waited = timer;
    const error = await import('./diagnose.js')
      .then(({ diagnose }) => diagnose(hub.href, life.signal))
      .then((finding) => new LockstepError(...finding), timedOut);
    // Meanwhile the hub may have answered, or another attempt begun.
    if (timer === waited) fail(error);
  }

  function fail(error: LockstepError): void {
    // Jitter, so that a hub that comes back is not met by every tab at once.
    arm(attempt, Math.min(retryMsMax, retryMsMin * 2 ** retries++) * (0.5 + Math.random() / 2));
    owner.failed(error);
  }

  /** Nothing is to wait for: the network is back, the page is seen or used, or the app's code threw the frame out. */
  function nudge(): void {
    if (next === attempt || !frame?.isConnected) attempt();
  }

  function send(text: string): boolean {
    nudge();
    if (welcomed) port?.postMessage(text);
    return welcomed;
  }

  const wake = () => send(encode({ type: 'wake' }));
  watchPage(hub, options, nudge, wake, (error) => welcomed || fail(error));
  attempt();

  return {
    send,
    frame: () => frame,
    attempt,
    end() {
      life.abort();
      disarm();
      port?.postMessage(encode({ type: 'goodbye' }));
      hangUp();
      frame?.remove();
    },
  };
}
