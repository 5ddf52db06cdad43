// The session of one caller. All callers in a document that name the same hub share one connection, and with it one
// frame; the frame is removed with the last of them, a microtask later, so that a component that is mounted twice in
// one task keeps its frame.

import { checkedLogin, checkedOptions, type Options } from './arguments.js';
import { type Connection, connecting, type Listener, openConnection } from './connection.js';
import { type Dispatching, dispatch } from './dispatch.js';
import { LockstepError } from './errors.js';
import type { ConnectOptions, Session, Snapshot } from './types.js';
import { inCallersZone, inRootZone } from './zones.js';

/**
 * Where all copies of the client in a document find each other: an app of several bundles has several. Its number
 * counts versions of `Connection`.
 */
const registryKey = Symbol.for('lockstep@1');

/**
 * Joins the session that the hub keeps. On a server, where there is no document, it gives a session that stays
 * `connecting`. Throws a LockstepError `invalid-argument` when the options are wrong.
 */
export function connect(options: ConnectOptions): Session {
  const checked = checkedOptions(options);
  return inRootZone(() => open(checked));
}

function open({ hub, timeoutMs, activity, checkSession, endSession, attach }: Options): Session {
  const life = new AbortController();
  const listeners = createListeners(life.signal);
  /** None on a server, and none once the session is closed. */
  let connection = canEmbed(hub) ? join(hub, timeoutMs, listeners.dispatch) : undefined;
  let last = connecting;
  const getSnapshot = () => connection?.getSnapshot() ?? last;

  if (activity) connection?.watch(activity, life.signal);
  if (checkSession || endSession) connection?.offer({ checkSession, endSession }, life.signal);

  function opened(): Connection {
    if (!connection) throw closed();
    return connection;
  }

  const session: Session & Dispatching = {
    getSnapshot,
    getServerSnapshot: () => connecting,
    subscribe: (listener) => listeners.add('change', listener),
    on: listeners.add,
    ready: firstConfirmed(connection, listeners.add, life.signal),
    beginLogin: () => connection?.flow.begin(),
    cancelLogin: () => connection?.flow.cancel(),
    login: async (login) => opened().login(checkedLogin(login)),
    logout: async () => opened().logout(),
    check: async () => opened().check(),
    requestScope: async (options) => opened().requestScope(options, life.signal),
    allows: async (origin) =>
      opened()
        .ask('allows', () => ({ origin }))
        .then(
          () => true,
          (error) => {
            if (error.code !== 'forbidden') throw error;
            return false;
          },
        ),
    touch: () => connection?.touch(),
    [dispatch]: listeners.dispatch,
    close() {
      if (!connection) return;
      last = getSnapshot();
      leave(hub, connection, listeners.dispatch);
      connection = undefined;
      life.abort(closed());
    },
  };
  if (connection && attach) life.signal.addEventListener('abort', attach(session));
  return session;
}

/**
 * On a server there is no document. And a service worker may answer for the hub with the app's own page: the app must
 * not embed itself again in there.
 */
function canEmbed({ href }: URL): boolean {
  return typeof document !== 'undefined' && (window.parent === window || location.href.split(/[?#]/)[0] !== href);
}

/** The listeners of one session. */
function createListeners(signal: AbortSignal) {
  const entries = new Set<{ readonly type: string; readonly listener: (event: never) => void }>();
  signal.addEventListener('abort', () => entries.clear());
  return {
    add<Event>(type: string, listener: (event: Event) => void): () => void {
      // An entry for each call, since the same function may listen twice.
      const entry = { type, listener: inCallersZone(listener) };
      if (!signal.aborted) entries.add(entry);
      return () => void entries.delete(entry);
    },
    /** A listener may add and remove others, close the session, or throw, without harm to the rest. */
    dispatch(type: string, event: unknown): void {
      for (const entry of [...entries]) {
        try {
          if (entry.type === type && entries.has(entry)) entry.listener(event as never);
        } catch (error) {
          reportError(error);
        }
      }
    },
  };
}

function firstConfirmed(
  connection: Connection | undefined,
  on: (type: string, listener: (snapshot: Snapshot) => void) => unknown,
  signal: AbortSignal,
): Promise<Snapshot> {
  const ready = new Promise<Snapshot>((resolve, reject) => {
    const check = (snapshot: Snapshot) => {
      if (snapshot.error) reject(snapshot.error);
      else if (snapshot.status !== 'connecting') resolve(snapshot);
    };
    if (!connection) return reject(closed());
    signal.addEventListener('abort', () => reject(closed()));
    on('change', check);
    check(connection.getSnapshot());
  });
  // An app that does not wait for it must not see it reported as a rejection that nobody handles.
  ready.catch(() => {});
  return ready;
}

function connections(): Map<string, Connection> {
  const page = globalThis as { [registryKey]?: Map<string, Connection> };
  page[registryKey] ??= new Map();
  return page[registryKey];
}

function join(hub: URL, timeoutMs: number, listener: Listener): Connection {
  const connection = connections().get(hub.href) ?? openConnection(hub, timeoutMs);
  connections().set(hub.href, connection);
  connection.listeners.add(listener);
  return connection;
}

/** A microtask later, so that a session that is opened in the same task finds the frame as it was. */
function leave({ href }: URL, { listeners, close }: Connection, listener: Listener): void {
  queueMicrotask(() => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    connections().delete(href);
    close(closed());
  });
}

function closed(): LockstepError {
  return new LockstepError('closed', "The session is closed, on a server, or in the hub's own frame.");
}
