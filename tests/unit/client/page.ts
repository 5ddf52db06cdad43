// A page in plain Node, for the client's tests: as much of a document as the client touches, over Node's own event targets, ports
// and promises, which follow the standards. A hub is played by hand through `hub`. The timers are the fake ones of vitest.

import { EventEmitter } from 'node:events';
import { vi } from 'vitest';
import { type ConnectOptions, connect, type Session } from '../../../js-glue/client/index.js';
// What the client loads later is there at once, so that no test waits for a file.
import '../../../js-glue/client/diagnose.js';
import '../../../js-glue/client/duties.js';

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
  remove(): void;
  contentWindow: { postMessage(text: string, origin: string, ports: readonly MessagePort[]): void } | null;
};

type Go = (url: string) => void;

/** What a test can see of the page, and do to it. */
export type Page = ReturnType<typeof openPage>;

export function openPage() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const frames: Frame[] = [];
  const watched: { readonly type: string; readonly signal: AbortSignal | undefined }[] = [];
  const sessions: Session[] = [];
  const hub = createHub();

  const watch = <Target extends EventTarget>(target: Target): Target => {
    const add = target.addEventListener.bind(target);
    target.addEventListener = (type: string, listener: EventListener, options?: AddEventListenerOptions) => {
      watched.push({ type, signal: options?.signal });
      add(type, listener, options);
    };
    return target;
  };
  const append = (frame: Frame) => {
    frames.push(frame);
    frame.isConnected = true;
    frame.contentWindow = { postMessage: (text, origin, [port]) => hub.greeted(text, origin, port as MessagePort) };
  };
  const document = Object.assign(watch(new EventTarget()), {
    hidden: false,
    body: { append } as { append: typeof append } | null,
    documentElement: { append },
    createElement: () => watch(createFrame()),
  });
  const location = { href: `${appOrigin}/`, origin: appOrigin, assign: vi.fn<Go>(), replace: vi.fn<Go>() };
  const window = Object.assign(watch(new EventTarget()), { origin: appOrigin });
  vi.stubGlobal('document', document);
  vi.stubGlobal('window', window);
  vi.stubGlobal('addEventListener', window.addEventListener);
  vi.stubGlobal('location', location);

  return {
    document,
    window,
    location,
    hub,
    /** A session that ends with the page, so that a test that fails spoils no other. */
    connect(options: Partial<ConnectOptions> = {}): Session {
      const session = connect({ hub: hubUrl, ...options });
      sessions.push(session);
      return session;
    },
    /** Those in the document now. */
    frames: () => frames.filter((frame) => frame.isConnected),
    /** All there ever were. */
    framesMade: () => frames.length,
    load() {
      frames.findLast((frame) => frame.isConnected)?.dispatchEvent(new Event('load'));
    },
    /** Loads the hub and lets it say welcome. */
    async welcome(members: object = {}) {
      this.load();
      hub.say({ ...welcome, ...members });
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
      vi.useRealTimers();
    },
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
    remove() {
      frame.isConnected = false;
      frame.contentWindow = null;
    },
  });
  return frame;
}

function createHub() {
  const ports: MessagePort[] = [];
  return {
    /** Every hello there was, with the origin it was meant for. */
    hellos: [] as { readonly hello: unknown; readonly origin: string }[],
    /** What came over any port, parsed. */
    heard: [] as { readonly type: string; readonly id: number; readonly [member: string]: unknown }[],
    /** The text of it. */
    texts: [] as string[],
    greeted(text: string, origin: string, port: MessagePort) {
      this.hellos.push({ hello: JSON.parse(text), origin });
      ports.push(port);
      port.onmessage = ({ data }) => {
        this.texts.push(data);
        this.heard.push(JSON.parse(data));
      };
    },
    say(message: unknown) {
      ports.at(-1)?.postMessage(typeof message === 'string' ? message : JSON.stringify(message));
    },
    /** Over the port of an earlier handshake. */
    sayOverFirst(message: unknown) {
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

/** Writes down everything a session tells, in order. */
export function story(session: Session): readonly unknown[] {
  const told: unknown[] = [];
  session.subscribe(({ status }) => told.push(status));
  for (const type of ['login', 'logout', 'user-change', 'idle-warning', 'idle-resume', 'scope'] as const) {
    session.on(type, ({ snapshot, ...members }) => told.push({ type, ...members, status: snapshot.status }));
  }
  session.on('error', ({ error }) => told.push({ type: 'error', code: error.code }));
  return told;
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
