// The report of an examination: plain sentences for a person, one object for a program. Decides words and order only.

import type { Paint } from '../terminal.js';
import type { Finding, Group, State } from './finding.js';

/** What `lockstep doctor --json` prints. Members may be added; none is taken away or changes its meaning. */
export type DoctorReport = {
  /** Of the package that looked. */
  readonly version: string;
  readonly url: string;
  /** No fault was found. */
  readonly ok: boolean;
  /** The browser that was used, if one was. */
  readonly browser?: string;
  readonly counts: {
    readonly ok: number;
    readonly warning: number;
    readonly fault: number;
    readonly notChecked: number;
  };
  readonly findings: readonly Finding[];
};

export function reportOf(
  about: { readonly version: string; readonly url: string; readonly browser?: string },
  findings: readonly Finding[],
): DoctorReport {
  const count = (state: State) => findings.filter((each) => each.state === state).length;
  const counts = {
    ok: count('ok'),
    warning: count('warning'),
    fault: count('fault'),
    notChecked: count('not checked'),
  };
  return { ...about, ok: counts.fault === 0, counts, findings };
}

const titles: Readonly<Record<Group, string>> = {
  address: 'The address',
  configuration: 'The configuration in the page',
  headers: "The page's headers",
  apps: 'The apps',
  check: "The hub's own check",
  browser: 'In a browser',
};

/** In these groups the checks that are in order are only counted. */
const counted: readonly Group[] = ['headers'];

const columns = 120;
const indent = 15;

export function textOf({ version, url, findings, counts }: DoctorReport, paint: Paint): string {
  // A whole group that was not looked at has the same reason as every other.
  const unseen = findings.filter(({ check }) => check === 'all');
  const present = [...new Set(findings.filter((each) => !unseen.includes(each)).map(({ group }) => group))];
  const sections = present.flatMap((group) => {
    const all = findings.filter((each) => each.group === group);
    const fine = all.filter(({ state }) => state === 'ok');
    const folded = counted.includes(group) && fine.length > 0;
    const listed = folded ? all.filter(({ state }) => state !== 'ok') : all;
    const summary =
      `${fine.length === all.length ? `All ${fine.length}` : `${fine.length} of ${all.length}`} checks are ` +
      'in order.';
    return [
      paint.bold(titles[group]),
      ...(folded ? [line('ok', summary, paint)] : []),
      ...listed.map(({ state, sentence }) => line(state, sentence, paint)),
      '',
    ];
  });
  const rest = unseen.map(({ group, sentence }, index) => `${index === 0 ? `${sentence}\n` : ''}  ${titles[group]}`);
  return [
    `Lockstep ${version} looks at ${url}`,
    '',
    ...sections,
    ...rest,
    ...(rest.length === 0 ? [] : ['']),
    summed(counts),
    '',
  ].join('\n');
}

function line(state: State, sentence: string, paint: Paint): string {
  const word = `  ${state.padEnd(indent - 2)}`;
  const painted = { ok: paint.dim, warning: paint.yellow, fault: paint.red, 'not checked': paint.dim }[state](word);
  return `${painted}${wrapped(sentence).join(`\n${' '.repeat(indent)}`)}`;
}

function wrapped(sentence: string): readonly string[] {
  const lines = [''];
  for (const word of sentence.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (indent + last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function summed({ ok, warning, fault, notChecked }: DoctorReport['counts']): string {
  const times = (count: number, one: string, many: string) =>
    `${count === 0 ? 'no' : count} ${count === 1 ? one : many}`;
  const unseen = notChecked === 0 ? '' : `, ${notChecked} not checked`;
  const text = `${times(fault, 'fault', 'faults')}, ${times(warning, 'warning', 'warnings')}, ${ok} in order${unseen}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
