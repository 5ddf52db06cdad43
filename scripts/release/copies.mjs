// Two clean copies of one commit, which have nothing in common that a build could put into its files: their paths, the
// rights of new files, the time zone and the language differ.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const circumstances = [
  { path: 'a/lockstep', umask: '022', env: { TZ: 'UTC', LC_ALL: 'C.UTF-8' } },
  { path: 'a-much-longer-name/below/lockstep', umask: '027', env: { TZ: 'Pacific/Auckland', LC_ALL: 'C' } },
];

/** Runs a command line in a folder, under such circumstances. What it prints goes to our stderr. */
export function runIn(folder, commandLine, { umask, env }) {
  const options = { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', 2, 2] };
  execFileSync('bash', ['-c', `set -euo pipefail; umask ${umask}; ${commandLine}`], options);
}

/** The files of a commit of the repository at `root`, without anything that is not in it. */
export function copyCommit(root, commit, folder, each) {
  mkdirSync(folder, { recursive: true });
  runIn(folder, `git -C '${root}' archive ${commit} | tar -x`, each);
}

/** Packs a tree that is built, or with `scripts` one that builds itself first. Resolves the tarball's path. */
export function pack(tree, destination, each, { scripts }) {
  mkdirSync(destination, { recursive: true });
  runIn(tree, `npm pack --silent ${scripts ? '' : '--ignore-scripts '}--pack-destination '${destination}'`, each);
  const [name] = readdirSync(destination).filter((file) => file.endsWith('.tgz'));
  return join(destination, name);
}

/** `encoding`: `hex`, or `base64` as `integrity` has it. */
export const sha256 = (path, encoding) => createHash('sha256').update(readFileSync(path)).digest(encoding);

/** What two folders do not have in common, file by file. Empty if they are the same. */
export function differences(one, other) {
  const filesOf = (folder) =>
    readdirSync(folder, { recursive: true }).filter((path) => statSync(join(folder, path)).isFile());
  const [ours, theirs] = [filesOf(one), filesOf(other)];
  const both = ours.filter((path) => theirs.includes(path));
  return [
    ...ours.filter((path) => !theirs.includes(path)).map((path) => `${path} is in the first alone`),
    ...theirs.filter((path) => !ours.includes(path)).map((path) => `${path} is in the second alone`),
    ...both.flatMap((path) => differenceOf(path, readFileSync(join(one, path)), readFileSync(join(other, path)))),
  ];
}

function differenceOf(path, ours, theirs) {
  if (ours.equals(theirs)) return [];
  const length = Math.min(ours.length, theirs.length);
  let at = 0;
  while (at < length && ours[at] === theirs[at]) at += 1;
  return [`${path} differs from byte ${at} on`];
}
