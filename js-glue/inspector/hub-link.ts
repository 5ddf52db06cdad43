// The way to the hub that this page has in a frame: a port of the inspector's own beside the client's (PROTOCOL.md,
// "Inspecting"). A hub whose configuration does not name this origin answers nothing, and this page learns nothing.

import { membersOf } from './json.js';
import { isOffline } from './offline.js';

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
  /** Lets happen now what the hub knows by this name. Resolves with what came of it; `lost`: the hub has gone. */
  readonly act: (name: string) => Promise<string>;
  /** Takes the hub's frame out of the page: false where there is none. */
  readonly remove: () => boolean;
};

const request = '{"lockstep":1,"type":"inspect"}';
const frames = 'iframe[title="Lockstep hub"]';
/** What a frame shows whose hub there is no network for: the browser's page of an error is nobody's to load. */
const nowhere = 'about:blank';

/**
 * `hub`: its URL, where the page has hubs of several. `isConnected`: a frame that is there has loaded its hub.
 * `received` gets every message of the hub but the one that asks for the title, and what came of acts.
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
  let current: HTMLIFrameElement | undefined;
  /** Acts that the hub has not answered. */
  let acting: readonly { readonly act: string; readonly resolve: (outcome: string) => void }[] = [];

  const say = (message: object) => port?.postMessage(JSON.stringify(message));

  function receive({ data }: MessageEvent): void {
    const message: FromHub = membersOf(data);
    if (message.type === 'title') say({ type: 'title', title: document.title });
    else if (message.type === 'acted') acted(String(message.outcome), message.act);
    else received(message);
  }

  /** Without an act: all. */
  function acted(outcome: string, act?: unknown): void {
    const answered = acting.filter((each) => act === undefined || each.act === act);
    acting = acting.filter((each) => !answered.includes(each));
    for (const { resolve } of answered) resolve(outcome);
  }

  function drop(): void {
    port?.close();
    port = waiting = undefined;
    acted('lost');
  }

  function attach(frame: HTMLIFrameElement): void {
    drop();
    const { port1, port2 } = new MessageChannel();
    port = port1;
    port.onmessage = receive;
    frame.contentWindow?.postMessage(request, new URL(frame.src).origin, [port2]);
    if (isWatching) say({ type: 'watch' });
    if (isOffline()) say({ type: 'act', act: 'offline' });
  }

  /** A hub that is loaded again, or a new frame, is another hub. */
  function follow(signal: AbortSignal): void {
    for (const frame of document.documentElement.querySelectorAll<HTMLIFrameElement>(frames)) {
      if (followed.has(frame) || frame.src === nowhere || (hub !== undefined && frame.src !== hub)) continue;
      followed.add(frame);
      current = frame;
      if (isOffline()) {
        frame.src = nowhere;
        // On a busy machine the hub may be there first, and then the browser drops this for it.
        frame.onload = () => {
          if (!frame.contentDocument) frame.src = nowhere;
        };
        return;
      }
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
        drop();
        current = undefined;
      };
    },
    look,
    watch(wanted) {
      if (wanted === isWatching) return;
      isWatching = wanted;
      say({ type: wanted ? 'watch' : 'unwatch' });
    },
    restart: () => say({ type: 'restart' }),
    act(act) {
      return new Promise((resolve) => {
        acting = [...acting, { act, resolve }];
        if (port) say({ type: 'act', act });
        else acted('lost');
      });
    },
    remove() {
      const isThere = current?.isConnected === true;
      current?.remove();
      drop();
      return isThere;
    },
  };
}
