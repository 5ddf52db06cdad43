// Says on the error stream what is being waited for, when that takes long. Nothing is said of what is quick.

import { print } from '../terminal.js';

const longMs = 2_000;

export type Progress = { readonly waitingFor: (what: string) => void; readonly end: () => void };

export function progressOn(stream: { readonly write: (text: string) => unknown }): Progress {
  let timer: NodeJS.Timeout | undefined;
  return {
    waitingFor: (what) => {
      clearTimeout(timer);
      timer = setTimeout(() => print(stream, `waiting for ${what} …\n`), longMs).unref();
    },
    end: () => clearTimeout(timer),
  };
}
