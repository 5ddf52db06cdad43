// A module bundled as for a browser: in Node some frameworks take their part for servers, which follows nothing.

import { join } from 'node:path';
import { build } from 'esbuild';

// A document has a URL of its own, which Node does not take for a file's.
const root = join(import.meta.dirname, '../../..');

/** `program`: what it exports; paths begin at the project's folder. */
export async function importForBrowser<Exports>(program: string): Promise<Exports> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: root },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'bundled',
    conditions: ['browser'],
    logLevel: 'warning',
  });
  return new Function(`${outputFiles[0]?.text}; return bundled;`)();
}
