// A page in plain Node, for the client's tests: as much of a document as the client touches, over Node's own event
// targets, ports and promises, which follow the standards. A hub is played by hand through `hub`. The timers are the
// fake ones of vitest.

import { EventEmitter } from 'node:events';
import { vi } from 'vitest';
import { type ConnectOptions, connect, type Session } from '../../../js-glue/client/index.js';
// What the client loads later is there at once, so that no test waits for a file.
import '../../../js-glue/client/diagnose.js';
import '../../../js-glue/client/framing.js';
import '../../../js-glue/client/later.js';
import { eventTypes } from '../../../js-glue/inspector/members.js';

// Node warns of more than ten listeners; a browser does not.
EventEmitter.defaultMaxListeners = 0;

export const hubUrl = 'https://hub.acme.com/';
export const appOrigin = 'https://portal.acme.com';

export type Frame = EventTarget & {
  ariaHidden: string | null;
  readonly style: { cssText: string };
  src: string;
  title: string;
  tabIndex: number;
  loading: string;
  allow: string;
  isConnected: boolean;
  /** Where the browser shows it. */
  box: { left: number; top: number; width: number; height: number };
  getBoundingClientRect(): Frame['box'];
  remove(): void;
  contentWindow: { postMessage(text: string, origin: string, ports: readonly MessagePort[]): void } | null;
};

/** What the focus may be in. */
export class FrameElement {}

type Go = (url: string) => void;

/** What a test can see of the page, and do to it. */
export type Page = ReturnType<typeof openPage>;

/** `stored`: this tab's sessionStorage, which a page before may have left something in; `kept`: that of all tabs. */
export function openPage(stored = new Map<string, string>(), kept = new Map<string, string>()) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const frames: Frame[] = [];
  const watched: {
    readonly type: string;
    readonly target: EventTarget;
    readonly listener: EventListener;
    readonly signal: AbortSignal | undefined;
  }[] = [];
  const sessions: Session[] = [];
  const hub = createHub();

  const watch = <Target extends EventTarget>(target: Target): Target => {
    const add = target.addEventListener.bind(target);
    target.addEventListener = (type: string, listener: EventListener, options?: AddEventListenerOptions) => {
      watched.push({ type, target, listener, signal: options?.signal });
      add(type, listener, options);
    };
    return target;
  };
  const append = (frame: Frame) => {
    frames.push(frame);
    frame.isConnected = true;
    frame.contentWindow = {
      postMessage: (text, origin, [port]) => hub.receiveHello(text, origin, port as MessagePort),
    };
  };
  const document = Object.assign(watch(new EventTarget()), {
    hidden: false,
    prerendering: false,
    readyState: 'complete',
    activeElement: null as unknown,
    hasFocus: () => true,
    documentElement: { append, style: { display: '' } },
    createElement: () => watch(createFrame()),
  });
  const location = {
    href: `${appOrigin}/`,
    origin: appOrigin,
    assign: vi.fn<Go>(),
    replace: vi.fn<Go>(),
    ancestorOrigins: [] as string[],
  };
  const navigator = { onLine: true, userActivation: { isActive: false } };
  const window = Object.assign(watch(new EventTarget()), { origin: appOrigin, crossOriginIsolated: false });
  const observed = new Set<() => void>();
  vi.stubGlobal('document', document);
  vi.stubGlobal('navigator', navigator);
  vi.stubGlobal('MutationObserver', createObserverClass(observed));
  vi.stubGlobal('window', window);
  vi.stubGlobal('addEventListener', window.addEventListener);
  vi.stubGlobal('HTMLIFrameElement', FrameElement);
  vi.stubGlobal('location', location);
  vi.stubGlobal('sessionStorage', createStorage(stored));
  vi.stubGlobal('localStorage', createStorage(kept));
  const opened = { name: location.href, type: 'navigate' };
  vi.stubGlobal('performance', Object.assign(performance, { getEntriesByType: () => [opened] }));

  return {
    document,
    window,
    navigator,
    location,
    hub,
    stored,
    kept,
    /** How the page was opened. */
    opened,
    /** The user presses something. Node lets nobody but itself dispatch an event that is trusted. */
    act(type = 'pointerdown', isTrusted = true) {
      const listening = watched.filter(
        (each) => each.type === type && each.target === document && !each.signal?.aborted,
      );
      for (const { listener } of listening) listener({ type, isTrusted } as Event);
    },
    /** A session that ends with the page, so that a test that fails spoils no other. */
    connect(options: Partial<ConnectOptions> = {}): Session {
      const session = connect({ hub: hubUrl, ...options });
      sessions.push(session);
      return session;
    },
    /** Those in the document now. */
    frames: () => frames.filter((frame) => frame.isConnected),
    /** The app, or what runs in its page, removes the frame; the browser's observers are called a microtask later. */
    async removeFrame() {
      frames.findLast((frame) => frame.isConnected)?.remove();
      await Promise.resolve();
      for (const callback of observed) callback();
    },
    /** How many observers watch the document. */
    observers: () => observed.size,
    /** All there ever were. */
    framesMade: () => frames.length,
    load() {
      frames.findLast((frame) => frame.isConnected)?.dispatchEvent(new Event('load'));
    },
    /** Loads the hub and lets it send its welcome. */
    async welcome(members: object = {}) {
      this.load();
      hub.send({ ...welcome, ...members });
      await settled();
    },
    violate(members: object) {
      document.dispatchEvent(
        Object.assign(new Event('securitypolicyviolation'), {
          disposition: 'enforce',
          effectiveDirective: 'frame-src',
          blockedURI: hubUrl,
          ...members,
        }),
      );
    },
    listeners: () => watched.filter(({ signal }) => !signal?.aborted).map(({ type }) => type),
    async close() {
      for (const session of sessions) session.close();
      await settled();
      hub.close();
      vi.unstubAllGlobals();
      vi.restoreAllMocks();
      vi.useRealTimers();
    },
  };
}

function createStorage(stored: Map<string, string>) {
  return {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  };
}

function createFrame(): Frame {
  const frame: Frame = Object.assign(new EventTarget(), {
    ariaHidden: null,
    style: { cssText: '' },
    src: '',
    title: '',
    tabIndex: 0,
    loading: '',
    allow: '',
    isConnected: false,
    contentWindow: null,
    box: { left: 0, top: 0, width: 0, height: 0 },
    getBoundingClientRect: () => frame.box,
    remove() {
      frame.isConnected = false;
      frame.contentWindow = null;
    },
  });
  return frame;
}

/** Of the nodes that are observed only those in the document matter, and there are no others here. */
function createObserverClass(observed: Set<() => void>) {
  return class {
    constructor(readonly callback: () => void) {}
    observe() {
      observed.add(this.callback);
    }
    disconnect() {
      observed.delete(this.callback);
    }
  };
}

function createHub() {
  const ports: MessagePort[] = [];
  return {
    /** Every hello, with its target origin. */
    hellos: [] as { readonly hello: unknown; readonly origin: string }[],
    /** What came over any port, parsed. */
    received: [] as { readonly type: string; readonly id: number; readonly [member: string]: unknown }[],
    /** The texts of them. */
    texts: [] as string[],
    receiveHello(text: string, origin: string, port: MessagePort) {
      this.hellos.push({ hello: JSON.parse(text), origin });
      ports.push(port);
      port.onmessage = ({ data }) => {
        this.texts.push(data);
        this.received.push(JSON.parse(data));
      };
    },
    send(message: unknown) {
      ports.at(-1)?.postMessage(typeof message === 'string' ? message : JSON.stringify(message));
    },
    /** Over the port of an earlier handshake. */
    sendOverFirst(message: unknown) {
      ports[0]?.postMessage(JSON.stringify(message));
    },
    close() {
      for (const port of ports) port.close();
    },
  };
}

/** Long enough for a message to cross a port, in turns of the event loop and not in time. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export const place = { scope: 'shared', medium: 'local-storage', upgrade: 'none' } as const;
export const signedOut = { status: 'signed-out', reason: 'never', ...place } as const;
export const signedIn = { status: 'signed-in', subject: 'u-42', claims: { name: 'Ada' }, ...place } as const;
export const welcome = {
  type: 'welcome',
  lockstep: 1,
  hub: '0.1.0',
  capabilities: ['read', 'login', 'logout', 'activity'],
  snapshot: signedOut,
  events: [],
} as const;

export function changed(snapshot: object, members: object = {}) {
  return { type: 'changed', snapshot, events: [], ...members };
}

/** Records every change and every event of a session, in order. */
export function record(session: Session): readonly unknown[] {
  const events: unknown[] = [];
  session.subscribe(({ status }) => events.push(status));
  for (const type of eventTypes.filter((each) => each !== 'error')) {
    session.on(type, ({ snapshot, ...members }) => events.push({ type, ...members, status: snapshot.status }));
  }
  session.on('error', ({ error }) => events.push({ type: 'error', code: error.code }));
  return events;
}

/** The code a promise was rejected with, or what it gave. */
export function outcome(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => value ?? 'done',
    (error) => error.code ?? error,
  );
}

/** A function of the app that is called, and answers when the test says so. */
export function playedByHand<Result>() {
  const calls: {
    reason: string;
    signal: AbortSignal;
    answer: (result: Result) => void;
    fail: (error: unknown) => void;
  }[] = [];
  const play = (call: { readonly reason: string; readonly signal: AbortSignal }) =>
    new Promise<Result>((answer, fail) => calls.push({ ...call, answer, fail }));
  return { calls, play };
}
