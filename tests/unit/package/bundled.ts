// What an app's bundler makes of a part of the package, where the app has what the part imports of others.

import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../../', import.meta.url));

export type Bundled = {
  /** Compressed. */
  readonly bytes: number;
  /** What is imported of others. */
  readonly imported: readonly string[];
  /** Our files that are in it. */
  readonly files: readonly string[];
};

/** `program`: what the app has of it; paths begin at the project's folder. */
export async function bundled(program: string): Promise<Bundled> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    packages: 'external',
    format: 'esm',
    target: 'es2022',
    minify: true,
    write: false,
    metafile: true,
  });
  return {
    bytes: gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length,
    imported: Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path)),
    files: Object.keys(metafile.inputs).filter((path) => path !== '<stdin>'),
  };
}
