// Browsers as processes: a group of its own for each, so that it can be killed with all its children, and what /proc
// shows of these.

import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Place } from './engine.js';

export type Group = {
  readonly pid: number;
  readonly exited: Promise<void>;
  readonly kill: () => Promise<void>;
};

/** What still runs when this process ends goes with it. */
const alive = new Set<number>();
process.once('exit', () => {
  for (const pid of alive) signalGroup(pid, 'SIGKILL');
});

export function startGroup(
  command: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Group & { readonly child: ChildProcess } {
  const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve()).once('error', () => resolve());
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} cannot be started.`);
  alive.add(pid);
  const kill = async () => {
    signalGroup(pid, 'SIGKILL');
    await exited;
    alive.delete(pid);
  };
  return { child, pid, exited, kill };
}

export function signalGroup(pid: number, signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

/**
 * The part in brackets of the first line like this, on either output. Reads on to the end, or a full pipe would stop
 * the browser.
 */
export function lineOf({ stdout, stderr, spawnfile }: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    for (const stream of [stdout, stderr]) {
      if (!stream) continue;
      createInterface(stream)
        .on('line', (line) => {
          said.push(line);
          const found = pattern.exec(line)?.[1];
          if (found !== undefined) resolve(found);
        })
        .on('close', () => reject(new Error(`${spawnfile} did not start:\n${said.join('\n')}`)));
    }
  });
}

/** The processes that stand below this one. */
function descendantsOf(ancestor: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const parent = statOf(Number(pid))?.parent;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(pid)]);
  }
  const below = (pid: number): readonly number[] => (children.get(pid) ?? []).flatMap((each) => [each, ...below(each)]);
  return below(ancestor);
}

/** Who the parent is, and how long it has run on a processor, in hundredths of a second. */
function statOf(pid: number): { readonly parent: number; readonly ticks: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, the second field, is in brackets and may hold some itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Dead, and nobody has asked how it ended.
    if (fields[0] === 'Z') return undefined;
    return { parent: Number(fields[1]), ticks: Number(fields[11]) };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

/**
 * The process that runs a document. No driver shows which one that is, so it is the one that works when the document
 * does.
 */
export async function whoRuns(place: Place, browser: number): Promise<{ readonly kill: () => Promise<void> }> {
  const before = descendantsOf(browser).map((pid) => ({ pid, ticks: statOf(pid)?.ticks ?? 0 }));
  let most = { pid: 0, by: 0 };
  // A busy machine may give it little at a time.
  for (let tries = 0; most.by < 15 && tries < 50; tries++) {
    await place.evaluate(() => {
      for (const end = performance.now() + 200; performance.now() < end; );
    });
    const worked = before.map(({ pid, ticks }) => ({ pid, by: (statOf(pid)?.ticks ?? 0) - ticks }));
    most = worked.reduce((one, other) => (other.by > one.by ? other : one), most);
  }
  if (most.pid === 0) throw new Error('No process was seen to work.');
  return {
    kill: async () => {
      process.kill(most.pid, 'SIGKILL');
      while (statOf(most.pid)) await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}
