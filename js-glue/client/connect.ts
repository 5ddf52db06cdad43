// The session of one caller. All callers in a document that name the same hub share one connection, and with it one
// frame; the frame is removed with the last of them, a microtask later, so that a component that is mounted twice in
// one task keeps its frame.

import { watchActivity } from './activity.js';
import { checkedLogin, checkedOptions } from './arguments.js';
import { type Connection, connecting, type Listener, openConnection } from './connection.js';
import { LockstepError } from './errors.js';
import type { ConnectOptions, Session, Snapshot } from './types.js';

/**
 * Where all copies of the client in a document find each other: an app of several bundles has several. Its number
 * counts versions of `Connection`.
 */
const registryKey = Symbol.for('lockstep@1');

/** What a session uses of its connection. */
type Requests = Pick<Connection, 'getSnapshot' | 'ask' | 'logout' | 'check' | 'requestScope' | 'touch'>;

/**
 * Joins the session that the hub keeps. On a server, where there is no document, it gives a session that stays
 * `connecting`. Throws a LockstepError `invalid-argument` when the options are wrong.
 */
export function connect(options: ConnectOptions): Session {
  const { hub, timeoutMs, activity, checkSession, endSession } = checkedOptions(options);
  const life = new AbortController();
  const listeners = createListeners();
  const shared = typeof document === 'undefined' ? undefined : join(hub, timeoutMs, listeners.dispatch);
  let connection: Requests = shared ?? closedConnection(connecting);

  if (shared && activity) watchActivity(shared.touch, life.signal);
  if (shared && (checkSession || endSession)) shared.offer({ checkSession, endSession }, life.signal);

  return {
    getSnapshot: () => connection.getSnapshot(),
    getServerSnapshot: () => connecting,
    subscribe: (listener) => listeners.add('change', listener),
    on: listeners.add,
    ready: firstConfirmed(shared, listeners.add, life.signal),
    login: async (login) => connection.ask('login', checkedLogin(login)),
    logout: () => connection.logout(),
    check: () => connection.check(),
    requestScope: (options) => connection.requestScope(options),
    allows: (origin) =>
      connection.ask('allows', { origin }).then(
        () => true,
        (error) => {
          if (error.code === 'forbidden') return false;
          throw error;
        },
      ),
    touch: () => connection.touch(),
    close() {
      if (life.signal.aborted) return;
      life.abort();
      listeners.close();
      if (shared) leave(hub, shared, listeners.dispatch);
      connection = closedConnection(connection.getSnapshot());
    },
  };
}

/** The listeners of one session. */
function createListeners() {
  const entries = new Set<{ readonly type: string; readonly listener: (event: never) => void }>();
  let isClosed = false;
  return {
    add<Event>(type: string, listener: (event: Event) => void): () => void {
      // An entry for each call, since the same function may listen twice.
      const entry = { type, listener };
      if (!isClosed) entries.add(entry);
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
    close(): void {
      isClosed = true;
      entries.clear();
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
      if (snapshot.status === 'unavailable') reject(snapshot.error);
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

function join({ href }: URL, timeoutMs: number, listener: Listener): Connection {
  const connection = connections().get(href) ?? openConnection(new URL(href), timeoutMs);
  connections().set(href, connection);
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

/** The connection of a closed session, or of one on a server. */
function closedConnection(snapshot: Snapshot): Requests {
  const refuse = () => Promise.reject(closed());
  return { getSnapshot: () => snapshot, ask: refuse, logout: refuse, check: refuse, requestScope: refuse, touch() {} };
}

function closed(): LockstepError {
  return new LockstepError('closed', 'The session is closed, or on a server.');
}
