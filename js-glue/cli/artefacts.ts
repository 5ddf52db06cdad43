// The hub's page as it comes with the package: read here for every command that needs it.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export type Artefacts = { readonly template: string };

/** `base`: where hub.html is. Text says why it is not. */
export async function readArtefacts(base: URL): Promise<Artefacts | string> {
  try {
    return { template: await readFile(new URL('hub.html', base), 'utf8') };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const hint = 'The package is incomplete: install it again, or in a clone of it run "npm run build" first.';
    return `The page of the hub is not in ${fileURLToPath(base)}: ${why}\n${hint}`;
  }
}
