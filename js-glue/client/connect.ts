// The session of one caller. All callers in a document that name the same hub share one connection, and with it one frame; the
// frame goes with the last of them, a microtask later, so that a component mounted twice in one task keeps its own.

import { watchActivity } from './activity.js';
import { checkedLogin, checkedOptions } from './arguments.js';
import { type Connection, connecting, type Hear, openConnection } from './connection.js';
import { LockstepError } from './errors.js';
import type { ConnectOptions, Session, Snapshot } from './types.js';

const connections = new Map<string, Connection>();

/**
 * Joins the session that the hub keeps. On a server, where there is no document, it gives a session that stays `connecting`.
 * Throws a LockstepError `invalid-argument` when the options are wrong.
 */
export function connect(options: ConnectOptions): Session {
  const { hub, timeoutMs, activity, checkSession, endSession } = checkedOptions(options);
  const listeners = new Map<(event: never) => void, string>();
  const joined = globalThis.document && join(hub, timeoutMs, hear);
  let connection: Pick<Connection, keyof ReturnType<typeof away>> = joined ?? away(connecting);
  const life = new AbortController();
  const { signal } = life;

  function on<Event>(type: string, listener: (event: Event) => void): () => void {
    // One of its own, since the same function may listen twice.
    const heard = (event: Event) => listener(event);
    if (!signal.aborted) listeners.set(heard, type);
    return () => void listeners.delete(heard);
  }

  /** Who comes, leaves or throws meanwhile is no harm to the others. */
  function hear(type: string, event: unknown): void {
    for (const [heard, each] of [...listeners]) {
      try {
        if (each === type && listeners.has(heard)) heard(event as never);
      } catch (error) {
        reportError(error);
      }
    }
  }

  const ready = new Promise<Snapshot>((resolve, reject) => {
    const settle = (snapshot: Snapshot) => {
      if (snapshot.error) reject(snapshot.error);
      else if (snapshot !== connecting) resolve(snapshot);
    };
    signal.onabort = () => reject(closed());
    on('change', settle);
    settle(connection.getSnapshot());
  });
  // Whoever does not wait for it need not hear of it.
  ready.catch(() => {});
  if (joined && activity) watchActivity(joined.touch, signal);
  if (checkSession || endSession) joined?.offer({ checkSession, endSession }, signal);

  return {
    getSnapshot: () => connection.getSnapshot(),
    subscribe: (listener) => on('change', listener),
    on,
    ready,
    login: async (login) => connection.ask('login', checkedLogin(login)),
    logout: () => connection.logout(),
    check: () => connection.check(),
    requestScope: (options) => connection.requestScope(options),
    allows: (origin) =>
      connection.ask('allows', { origin }).then(
        () => true,
        (error) => error.code !== 'forbidden' && Promise.reject(error),
      ),
    touch: () => connection.touch(),
    close() {
      if (signal.aborted) return;
      life.abort();
      listeners.clear();
      if (joined) leave(hub, joined, hear);
      connection = away(connection.getSnapshot());
    },
  };
}

function join(hub: URL, timeoutMs: number, hear: Hear): Connection {
  const connection = connections.get(hub.href) ?? openConnection(hub, timeoutMs);
  connections.set(hub.href, connection);
  connection.sessions.add(hear);
  return connection;
}

/** A microtask later, so that whoever joins in the same task finds the frame as it was. */
function leave({ href }: URL, { sessions, end }: Connection, hear: Hear): void {
  queueMicrotask(() => {
    sessions.delete(hear);
    if (sessions.size) return;
    connections.delete(href);
    end(closed());
  });
}

/** What a closed session, or one on a server, has in the place of a connection. */
function away(snapshot: Snapshot) {
  const refuse = () => Promise.reject(closed());
  return {
    getSnapshot: () => snapshot,
    ask: refuse,
    logout: refuse,
    check: refuse,
    requestScope: refuse,
    touch() {},
  };
}

function closed(): LockstepError {
  return new LockstepError('closed', 'Closed, or on a server.');
}
