// What C++ asks of the page: the store in use, ports, the one timer, IndexedDB, and what duties need. It performs and
// decides nothing. No function of it throws (module.d.ts says why).

import type { HubModule, PlatformCallbacks } from '#hub-module';
import type { Backends } from './backends.js';
import { hideButton, showButton } from './button.js';
import { createCheck, createLock } from './duty.js';
import type { Names } from './names.js';
import { createStream } from './stream.js';
import { readTombstone, storeTombstone } from './tombstone.js';

/** The longest delay a browser's timer can hold; the core asks again when it fires early (R8). */
const delayMsMax = 2 ** 31 - 1;

/** What the page itself needs of it, beside C++. */
export type Platform = PlatformCallbacks & {
  /** The last words, on the newest port that the module has kept open: nobody else may receive them (R11). */
  readonly sendLast: (text: string) => void;
};

/** `running` gives the hub's module, while it runs. */
export function createPlatform(running: () => HubModule | undefined, backends: Backends, names: Names): Platform {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The newest is the last. */
  const ports = new Map<number, MessagePort>();
  /** How often the backend has changed: what was asked of an earlier one is no answer. */
  let uses = 0;

  const backend = () => {
    try {
      return backends.current();
    } catch {
      return null;
    }
  };

  return {
    ...createLock(running, backends.locks, names.lock),
    ...createCheck(running),
    ...createStream(running, backends.streamLocks, names.streamLock),
    parent: window.parent,
    recordKey: names.record,
    now: Date.now,

    backend,
    readRecord() {
      try {
        return backends.current().getItem(names.record);
      } catch {
        return undefined;
      }
    },
    writeRecord(text) {
      try {
        backends.current().setItem(names.record, text);
        return true;
      } catch {
        return false;
      }
    },
    useBackend(medium) {
      uses++;
      backends.use(medium);
    },
    markStore() {
      try {
        backends.markStore();
      } catch {
        // A storage that refuses is used by nobody.
      }
    },
    abandonCookie: backends.abandonCookie,
    showButton(label, style) {
      showButton(label, style, () =>
        backends.ask().then((capabilities) => {
          hideButton();
          running()?.storageCapabilitiesChanged(capabilities, true);
        }),
      );
    },

    readTombstone() {
      const asked = uses;
      const late = (newValue: string) => {
        // An end that was not waited for is merged as any other change of the store.
        if (asked === uses) running()?.storageEvent({ storageArea: backend(), key: names.record, newValue });
      };
      readTombstone(backends.tombstones(), late).then((text) => {
        if (asked === uses) running()?.tombstoneRead(text);
      });
    },
    storeTombstone(writeId, text) {
      storeTombstone(backends.tombstones(), text).then(() => running()?.tombstoneStored(writeId));
    },

    openPort(port, messagePort) {
      ports.set(port, messagePort);
      messagePort.onmessage = (event) => running()?.portMessage(port, event.data);
    },
    send(port, text) {
      ports.get(port)?.postMessage(text);
    },
    sendLast(text) {
      [...ports.values()].at(-1)?.postMessage(text);
    },
    closePort(port) {
      const messagePort = ports.get(port);
      if (!messagePort) return;
      messagePort.onmessage = null;
      messagePort.close();
      ports.delete(port);
    },

    setTimer(delayMs) {
      clearTimeout(timer);
      if (delayMs !== null) timer = setTimeout(() => running()?.timerFired(), Math.min(delayMs, delayMsMax));
    },
  };
}
