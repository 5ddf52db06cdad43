// The link to one hub: its frame, the handshake (PROTOCOL.md §1), and what happens when the hub does not answer. It
// knows the first and the last message of a port, and of no other what it means. After `close` nothing of it is left to
// run.
//
// The states, with what leads from one to another. Only one timer runs, and none in `connected` and `closed`.
//
//   starting    + page shown and loaded, or loadWaitMsMax / insert frame = connecting
//   connecting  + load / send hello                                      = connecting
//               + welcome                                                = connected
//               + timeoutMs                                              = diagnosing
//               + timeoutMs or offlineMsMax [offline]                    = waiting
//               + goodbye, policy violation                              = waiting
//   connected   + load (the hub was reloaded) / send hello               = connecting
//               + goodbye                                                = waiting
//               + silence (a request timed out) / new frame              = connecting
//   diagnosing  + load / send hello                                      = diagnosing
//               + welcome                                                = connected
//               + finding, goodbye, policy violation, diagnosisMsMax     = waiting
//   waiting     + load / send hello                                      = waiting
//               + welcome                                                = connected
//               + goodbye, policy violation                              = waiting
//               + retry time, online, page seen, message / new frame     = connecting
//   connecting, diagnosing
//               + page back from the cache / new frame                   = connecting
//   connecting, connected, diagnosing
//               + frame removed [first time] / new frame                 = connecting
//               + frame removed [again before a welcome]                 = waiting
//   any         + close / send goodbye, remove frame                     = closed

import { LockstepError, timedOut } from './errors.js';
import { insertFrame } from './frame.js';
import { diagnosisMsMax, loadWaitMsMax, offlineMsMax, reconnectMsMax, reconnectMsMin } from './limits.js';
import { isPrerendering, watchPage } from './page-events.js';
import { type AppMessage, decode, encode, type HubMessage, type PortMessage } from './wire.js';

type State = 'starting' | 'connecting' | 'connected' | 'diagnosing' | 'waiting' | 'closed';

export type LinkOwner = {
  readonly createHello: () => AppMessage;
  readonly receive: (message: PortMessage) => void;
  /** The port is closed; another may follow. What was sent over it stays without a reply. */
  readonly disconnected: () => void;
  /** The hub does not answer, for this reason. Called again after every attempt that fails. */
  readonly failed: (error: LockstepError) => void;
  /** The page is visible, online or awake again: the time to ask the hub, and to retry what failed. */
  readonly pageSeen: () => void;
};

export type Link = {
  /** Aborted when it is closed. */
  readonly signal: AbortSignal;
  /** False when it was not sent, because no hub is connected. */
  readonly send: (text: string) => boolean;
  readonly frame: () => HTMLIFrameElement | undefined;
  /** Starts over with a new frame. */
  readonly reconnect: () => void;
  /** Starts over where the frame has gone. */
  readonly checkFrame: () => void;
  readonly close: () => void;
};

export function openLink(hub: URL, timeoutMs: number, owner: LinkOwner): Link {
  const life = new AbortController();
  const { signal } = life;
  const observer = new MutationObserver(checkFrame);
  let state: State = 'starting';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame: HTMLIFrameElement | undefined;
  /** Of the last hello. */
  let port: MessagePort | undefined;
  /** Since the last welcome. */
  let failures = 0;

  function enter(next: State, onTimer?: () => void, ms?: number): void {
    clearTimeout(timer);
    state = next;
    timer = onTimer && setTimeout(onTimer, ms);
  }

  function start(): void {
    if (state !== 'starting' || isPrerendering()) return;
    // A frame that is inserted while the page loads delays the page's `load` event until the hub has answered.
    if (document.readyState === 'complete') connect();
    else enter('starting', connect, loadWaitMsMax);
  }

  function connect(): void {
    disconnect();
    frame?.remove();
    // A new element each time: to set `src` again would add an entry to the tab's history.
    frame = insertFrame(hub.href, sendHello, signal);
    // Whatever removes it changes the children of one of these. The root element may be another one by now.
    observer.observe(document, { childList: true });
    observer.observe(document.documentElement, { childList: true });
    enter('connecting', diagnose, isOffline() ? Math.min(timeoutMs, offlineMsMax) : timeoutMs);
  }

  /** At every `load`: it means a new hub, even in the same frame. */
  function sendHello(): void {
    disconnect();
    const { port1, port2 } = new MessageChannel();
    port = port1;
    // A port that was closed may still deliver what it had received.
    port1.onmessage = ({ data }) => port === port1 && receive(decode(data));
    // A hub that was reloaded has as much time as a new one.
    if (state === 'connected') enter('connecting', diagnose, timeoutMs);
    frame?.contentWindow?.postMessage(encode(owner.createHello()), hub.origin, [port2]);
  }

  function disconnect(): void {
    port?.close();
    port = undefined;
    owner.disconnected();
  }

  /** The first message must be the welcome, and there is no second welcome. */
  function receive(message: HubMessage | undefined): void {
    if (message?.type === 'goodbye') {
      fail(message.error);
      disconnect();
    } else if (message && (message.type === 'welcome') !== (state === 'connected')) {
      failures = 0;
      enter('connected');
      owner.receive(message);
    }
  }

  async function diagnose(): Promise<void> {
    if (isOffline()) return fail(new LockstepError('hub-unreachable', 'This browser is offline.'));
    // The app does not wait longer, whatever the diagnosis waits for, its own file included.
    enter('diagnosing', () => fail(timedOut()), diagnosisMsMax);
    const ours = timer;
    const error = await import('./diagnose.js')
      .then(({ diagnose }) => diagnose(hub.href, frame, signal))
      .then((finding) => new LockstepError(...finding), timedOut);
    // Another timer means that the state has changed meanwhile: the hub has answered, or another attempt has begun.
    if (timer === ours) fail(error);
  }

  function fail(error: LockstepError): void {
    const ms = Math.min(reconnectMsMax, reconnectMsMin * 2 ** failures);
    failures += 1;
    // Jitter, so that not all tabs reach a hub that comes back at once.
    enter('waiting', connect, ms * (0.5 + Math.random() / 2));
    owner.failed(error);
  }

  function retryNow(): void {
    if (state === 'waiting') connect();
    else checkFrame();
  }

  function checkFrame(): void {
    if (!frame || frame.isConnected || state === 'waiting' || state === 'closed') return;
    // A page that replaces its nodes removes the frame once; one that removes every frame must not make this an endless
    // loop.
    if (failures > 0) fail(new LockstepError('timeout', "The page keeps removing the hub's frame."));
    else {
      failures = 1;
      connect();
    }
  }

  function pageSeen(isBack: boolean): void {
    // A frame that was loading when the page went into the back/forward cache may be dead in Chromium.
    if (isBack && state !== 'connected') connect();
    else retryNow();
    owner.pageSeen();
  }

  function frameBlocked(): void {
    if (state === 'starting' || state === 'connected') return;
    fail(new LockstepError('frame-blocked', "This page's frame-src forbids the hub."));
  }

  function send(text: string): boolean {
    retryNow();
    if (state !== 'connected') return false;
    port?.postMessage(text);
    return true;
  }

  watchPage(hub, pageSeen, frameBlocked, signal);
  document.addEventListener('prerenderingchange', start, { signal });
  addEventListener('load', start, { signal });
  start();

  return {
    signal,
    send,
    frame: () => frame,
    reconnect: connect,
    checkFrame,
    close() {
      enter('closed');
      life.abort();
      observer.disconnect();
      port?.postMessage(encode({ type: 'goodbye' }));
      disconnect();
      frame?.remove();
    },
  };
}

/** A browser that does not know whether it is offline says that it is online. */
function isOffline(): boolean {
  return navigator.onLine === false;
}
