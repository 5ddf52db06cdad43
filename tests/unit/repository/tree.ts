// The files of the repository as the rules read them.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const root = new URL('../../../', import.meta.url);

export const files: readonly string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard'],
  { cwd: root, encoding: 'utf8' },
)
  .split('\n')
  // A file that is deleted is listed until that is committed.
  .filter((path) => path !== '' && !/\.(png|lock)$/.test(path) && existsSync(new URL(path, root)));

export const textOf = (path: string): string => readFileSync(new URL(path, root), 'utf8');

export const isCode = (path: string): boolean =>
  /\.(cpp|hpp|ts|mts|mjs|js|html|sh|cmake)$|(^|\/)CMakeLists\.txt$/.test(path);
