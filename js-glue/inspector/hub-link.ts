// The way to the hub that this page has in a frame: a port of the inspector's own beside the client's (PROTOCOL.md,
// "Inspecting"). A hub whose configuration does not name this origin answers nothing, and this page learns nothing.

import { membersOf } from './json.js';

/** What comes on the port, as it came. */
export type FromHub = { readonly type?: unknown } & Readonly<Record<string, unknown>>;

export type HubLink = {
  /** Follows the frame of the hub, and asks it for nothing. Returns the function that ends it. */
  readonly start: () => () => void;
  /** To be called when the session shows something else: a frame whose load nobody here has seen may have its hub. */
  readonly look: () => void;
  /** From now on all hubs report; `false`: to this page no more. */
  readonly watch: (isWatching: boolean) => void;
  /** Loads every hub of the store again, so that each is recorded from its first event on. */
  readonly restart: () => void;
};

const request = '{"lockstep":1,"type":"inspect"}';
const frames = 'iframe[title="Lockstep hub"]';

/**
 * `hub`: its URL, where the page has hubs of several. `isConnected`: a frame that is there has loaded its hub.
 * `received` gets every message of the hub but the one that asks for the title.
 */
export function linkHub(
  hub: string | undefined,
  isConnected: () => boolean,
  received: (message: FromHub) => void,
): HubLink {
  let port: MessagePort | undefined;
  let isWatching = false;
  const followed = new WeakSet<Element>();
  /** Whether it has loaded before it was followed, only the session's connection will say. */
  let waiting: HTMLIFrameElement | undefined;

  const say = (message: object) => port?.postMessage(JSON.stringify(message));

  function receive({ data }: MessageEvent): void {
    const message: FromHub = membersOf(data);
    if (message.type === 'title') say({ type: 'title', title: document.title });
    else received(message);
  }

  function attach(frame: HTMLIFrameElement): void {
    waiting = undefined;
    port?.close();
    const { port1, port2 } = new MessageChannel();
    port = port1;
    port.onmessage = receive;
    frame.contentWindow?.postMessage(request, new URL(frame.src).origin, [port2]);
    if (isWatching) say({ type: 'watch' });
  }

  /** A hub that is loaded again, or a new frame, is another hub. */
  function follow(signal: AbortSignal): void {
    for (const frame of document.documentElement.querySelectorAll<HTMLIFrameElement>(frames)) {
      if (followed.has(frame) || (hub !== undefined && frame.src !== hub)) continue;
      followed.add(frame);
      signal.addEventListener('abort', () => followed.delete(frame));
      frame.addEventListener('load', () => attach(frame), { signal });
      waiting = frame;
      look();
      return;
    }
  }

  function look(): void {
    if (waiting && isConnected()) attach(waiting);
  }

  return {
    start() {
      const abort = new AbortController();
      const { signal } = abort;
      // The client puts the frame beside the body.
      const observer = new MutationObserver(() => follow(signal));
      observer.observe(document.documentElement, { childList: true });
      follow(signal);
      // In the back-forward cache nobody inspects.
      const again = ({ persisted }: PageTransitionEvent) => persisted && isWatching && say({ type: 'watch' });
      addEventListener('pageshow', again, { signal });
      return () => {
        observer.disconnect();
        abort.abort();
        if (isWatching) say({ type: 'unwatch' });
        port = waiting = undefined;
      };
    },
    look,
    watch(wanted) {
      if (wanted === isWatching) return;
      isWatching = wanted;
      say({ type: wanted ? 'watch' : 'unwatch' });
    },
    restart: () => say({ type: 'restart' }),
  };
}
