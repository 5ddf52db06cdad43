// The session of one caller. All callers in a document that name the same hub share one connection, and with it one frame; the
// frame goes with the last of them, a microtask later, so that a component mounted twice in one task keeps its own.

import { watchActivity } from './activity.js';
import { checkedLogin, checkedOptions, demand } from './arguments.js';
import { type Connection, connecting, openConnection, type Sink } from './connection.js';
import { createEmitter } from './emitter.js';
import { LockstepError } from './errors.js';
import type { ConnectOptions, Session, Snapshot } from './types.js';
import { hubEventTypes } from './wire.js';

const connections = new Map<string, Connection>();

/**
 * Joins the session that the hub keeps. On a server, where there is no document, it gives a session that stays `connecting`.
 * Throws a LockstepError `invalid-argument` when the options are wrong.
 */
export function connect(options: ConnectOptions): Session {
  const { hub, timeoutMs, activity } = checkedOptions(options);
  const { on, emit, clear } = createEmitter();
  const life = new AbortController();
  let lastSnapshot = connecting;

  let confirm: (snapshot: Snapshot) => void;
  let refuse: (error: LockstepError | undefined) => void;
  const ready = new Promise<Snapshot>((resolve, reject) => {
    confirm = resolve;
    refuse = reject;
  });
  // Whoever does not wait for it need not hear of it.
  ready.catch(() => {});

  function settle(snapshot: Snapshot): void {
    if (snapshot.status === 'unavailable') refuse(snapshot.error);
    else if (snapshot !== connecting) confirm(snapshot);
  }

  const sink: Sink = {
    changed(snapshot) {
      settle(snapshot);
      emit('change', snapshot);
    },
    happened: emit,
  };
  let connection = typeof document === 'undefined' ? undefined : join(hub, timeoutMs, sink);
  if (connection) {
    settle(connection.getSnapshot());
    if (activity) watchActivity(connection.touch, life.signal);
  }

  return {
    getSnapshot: () => connection?.getSnapshot() ?? lastSnapshot,
    subscribe: (listener) => on('change', listener),
    on(type, listener) {
      demand(type === 'error' || hubEventTypes.includes(type), 'type', 'one of the event types');
      return on(type, listener);
    },
    ready,
    login: async (login) => connected(connection).login(sink, checkedLogin(login)),
    logout: async () => connected(connection).logout(sink),
    touch: () => connection?.touch(),
    close() {
      clear();
      life.abort();
      if (!connection) return;
      const error = closed();
      lastSnapshot = connection.getSnapshot();
      connection.reject(error, sink);
      leave(hub, connection, sink);
      connection = undefined;
      refuse(error);
    },
  };
}

function join(hub: URL, timeoutMs: number, sink: Sink): Connection {
  let connection = connections.get(hub.href);
  if (!connection) {
    connection = openConnection(hub, timeoutMs);
    connections.set(hub.href, connection);
  }
  connection.sinks.add(sink);
  return connection;
}

function leave({ href }: URL, connection: Connection, sink: Sink): void {
  connection.sinks.delete(sink);
  queueMicrotask(() => {
    if (connection.sinks.size || connections.get(href) !== connection) return;
    connections.delete(href);
    connection.end();
  });
}

function connected(connection: Connection | undefined): Connection {
  if (!connection) throw closed();
  return connection;
}

function closed(): LockstepError {
  return new LockstepError('closed', 'The session is closed, or on a server.');
}
