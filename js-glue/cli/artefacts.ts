// The parts of the hub that come with the package: read here for every command that needs them.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export type Artefacts = { readonly template: string; readonly script: string; readonly wasm: Uint8Array };

/** `base`: where hub.html, hub.js and hub.wasm are. Text says why they are not. */
export async function readArtefacts(base: URL): Promise<Artefacts | string> {
  try {
    const [template, script, wasm] = await Promise.all([
      readFile(new URL('hub.html', base), 'utf8'),
      readFile(new URL('hub.js', base), 'utf8'),
      readFile(new URL('hub.wasm', base)),
    ]);
    return { template, script, wasm };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const hint = 'The package is incomplete: install it again, or in a clone of it run "npm run build" first.';
    return `The parts of the hub are not in ${fileURLToPath(base)}: ${why}\n${hint}`;
  }
}
