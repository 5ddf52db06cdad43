// Browsers as processes: a group of its own for each, so that it can be killed with all its children, and what /proc tells of these.

import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export type Group = {
  readonly pid: number;
  readonly exited: Promise<void>;
  readonly kill: () => Promise<void>;
};

export function startGroup(
  command: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Group & { readonly child: ChildProcess } {
  const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve()).once('error', () => resolve());
  });
  const { pid = 0 } = child;
  return { child, pid, exited, kill: () => killGroup(pid, exited) };
}

export async function killGroup(pid: number, exited: Promise<void>): Promise<void> {
  if (pid === 0) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
  await exited;
}

/** The part in brackets of the first line like this, on either output. Reads on to the end, or a full pipe would stop the browser. */
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

/** A process and what it descends from, as /proc has it. */
export type Running = { readonly pid: number; readonly parent: number; readonly name: string };

export function descendantsOf(ancestor: number): readonly Running[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid): Running[] => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        // The name stands in brackets and may hold some itself.
        const end = stat.lastIndexOf(')');
        const [, parent = '0'] = stat.slice(end + 2).split(' ');
        return [{ pid: Number(pid), parent: Number(parent), name: stat.slice(stat.indexOf('(') + 1, end) }];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
  const below = (pid: number): readonly Running[] =>
    all.filter(({ parent }) => parent === pid).flatMap((each) => [each, ...below(each.pid)]);
  return below(ancestor);
}
