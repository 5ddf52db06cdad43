// What comes with the package and goes to the hub's host: read here for every command that needs it.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export type Artefacts = {
  /** The hub's page. */
  readonly template: string;
  /** The client as a classic script, for pages without a bundler. */
  readonly client: string;
};

/** The name of the client's script, in the package and beside the hub. */
export const clientName = 'lockstep.iife.js';

/** `base`: where hub.html is, below the folder of the client's script. Text says why one of them is not. */
export async function readArtefacts(base: URL): Promise<Artefacts | string> {
  const read = (path: string) => readFile(new URL(path, base), 'utf8');
  try {
    return { template: await read('hub.html'), client: await read(`../${clientName}`) };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const hint = 'The package is incomplete: install it again, or in a clone of it run "npm run build" first.';
    return `A part of the hub is not in ${fileURLToPath(new URL('..', base))}: ${why}\n${hint}`;
  }
}
