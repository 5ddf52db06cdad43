// Who listens to what. A listener that throws never keeps the others from hearing, and listeners may come and go while
// one is being called: who has left is not called any more, who has come is called from the next event on.

type Entry = { readonly type: string; readonly listener: (event: never) => void };

export type Emitter = {
  readonly on: (type: string, listener: Entry['listener']) => () => void;
  readonly emit: (type: string, event: unknown) => void;
  readonly clear: () => void;
};

export function createEmitter(): Emitter {
  const entries = new Set<Entry>();
  return {
    on(type, listener) {
      const entry = { type, listener };
      entries.add(entry);
      return () => {
        entries.delete(entry);
      };
    },
    emit(type, event) {
      for (const entry of [...entries]) {
        if (entry.type !== type || !entries.has(entry)) continue;
        try {
          entry.listener(event as never);
        } catch (error) {
          reportError(error);
        }
      }
    },
    clear: () => entries.clear(),
  };
}
