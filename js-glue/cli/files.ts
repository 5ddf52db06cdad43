// The files that the command line reads and writes. What is read is bounded, whatever is there: a device has no end.
// What is written is written whole or not at all, and never through a link: somebody else may own what that leads to.

import { randomBytes } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Four times what a hub can hold (wasm/core/limits.hpp: config_bytes_max), for comments. */
export const textBytesMax = 1_048_576;

/** Throws an Error that says what is wrong with the file. */
export async function readText(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  // Both ends are counted.
  for await (const chunk of createReadStream(path, { end: textBytesMax })) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  if (bytes.length > textBytesMax) throw new Error(`it has more than ${textBytesMax.toLocaleString('en')} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('it is no UTF-8 text');
  }
}

/** Why these files cannot be written there; nothing when they can. */
export async function refusalOf(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const path = join(folder, name);
    const kind = kindOf(await lstat(path).catch(() => undefined));
    if (kind !== undefined) return `${path} is ${kind}; nothing was written. Remove it.`;
  }
  return undefined;
}

function kindOf(there: Stats | undefined): string | undefined {
  if (there === undefined || there.isFile()) return undefined;
  return there.isSymbolicLink() ? 'a link' : 'no file';
}

/** All are written beside their places first. So none is changed where one cannot be written, and none is ever half. */
export async function writeFiles(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  const mark = `.lockstep-${randomBytes(8).toString('hex')}-`;
  const staged = [...files.keys()].map((name) => [join(folder, `${mark}${name}`), join(folder, name)] as const);
  try {
    for (const [index, content] of [...files.values()].entries()) {
      // A path that is there already is an error, and a link is not followed.
      await writeFile(staged[index]?.[0] ?? '', content, { flag: 'wx' });
    }
    // To rename takes the place of what is there, of a link as well.
    for (const [from, to] of staged) await rename(from, to);
  } finally {
    for (const [from] of staged) await rm(from, { force: true });
  }
}
