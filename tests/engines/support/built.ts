// Small C++ programs of the WebKit driver, compiled when their source has changed.

import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFolder } from './certificate.js';

export function built(name: string, parameters: readonly string[]): string {
  const source = fileURLToPath(new URL(`${name}.cpp`, import.meta.url));
  const result = join(buildFolder(), name);
  if (!existsSync(result) || statSync(result).mtimeMs < statSync(source).mtimeMs) {
    const unfinished = `${result}.${process.pid}`;
    execFileSync('g++', ['-std=c++20', '-O1', source, '-o', unfinished, ...parameters]);
    // Two workers may come here at once; each puts a whole file in place.
    renameSync(unfinished, result);
  }
  return result;
}
