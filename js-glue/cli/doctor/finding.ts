// What an examination finds: one result for each thing that was looked at. `fault`: an app cannot use the hub, or a
// wall that SECURITY.md counts on is not there. `warning`: it works, but less safely, less quickly or for fewer than it
// should.

import { escaped } from '../terminal.js';

export type State = 'ok' | 'warning' | 'fault' | 'not checked';

/** In the order of the report. */
export const groups = ['address', 'configuration', 'headers', 'apps', 'check', 'browser'] as const;
export type Group = (typeof groups)[number];

export type Finding = {
  readonly group: Group;
  /** The name of what was looked at; the same in every release. */
  readonly check: string;
  readonly state: State;
  /** The origin it is about, where there are several. */
  readonly about?: string;
  /** What was found and, unless it is in order, what to do. */
  readonly sentence: string;
};

/** The state of a check and what is to be said of it. */
export type Judged = readonly [state: State, sentence: string];

/** Escaped here, once for all outputs: a sentence may quote a server. */
export function finding(group: Group, check: string, [state, sentence]: Judged, about?: string): Finding {
  return {
    group,
    check: escaped(check),
    state,
    ...(about !== undefined && { about: escaped(about) }),
    sentence: escaped(sentence),
  };
}

const shownMax = 200;

/** As much of what a server said as a sentence may quote. */
export function shown(text: string): string {
  return escaped(text.length > shownMax ? `${text.slice(0, shownMax)}…` : text);
}

/** "a, b and c" */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
