// Bundles the command line with all it needs into one file, and puts beside it the published schema and the page's
// script with which `lockstep doctor` embeds a hub.

import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Writes main.js, probe.js and lockstep.schema.json into `folder`. */
export async function bundleCli(folder) {
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [join(here, 'main.ts')],
    outfile: join(folder, 'main.js'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Only who serves with several nodes has one of them.
    external: ['redis', '@nats-io/*'],
    // jsonc-parser's `main` is UMD, which asks for its files at run time; its `module` can be bundled.
    mainFields: ['module', 'main'],
    // Some of the bundled libraries are CommonJS and ask for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    legalComments: 'eof',
    logLevel: 'warning',
  });
  await build({
    entryPoints: [join(here, 'doctor/probe.ts')],
    outfile: join(folder, 'probe.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minifySyntax: true,
    logLevel: 'warning',
  });
  await copyFile(join(here, 'lockstep.schema.json'), join(folder, 'lockstep.schema.json'));
}
