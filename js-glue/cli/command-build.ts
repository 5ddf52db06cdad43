// `lockstep build`: reads the configuration and the package's page, writes the folder. Writes nothing unless everything
// is in order, and never into a folder that holds something else.

import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readArtefacts } from './artefacts.js';
import { buildHub, pageName, undiscovered } from './build.js';
import { checkConfig } from './config.js';
import { type Discovered, discover } from './discover.js';
import { lookWith } from './doctor/fetch.js';
import { readText, refusalOf, writeFiles } from './files.js';
import { marker } from './hosts.js';
import { report } from './report.js';
import { fail, paintFor, print } from './terminal.js';

export type BuildOptions = {
  readonly config: string;
  readonly out: string;
  readonly version: string;
  /** Where hub.html is. */
  readonly artefacts: URL;
};

const discoveryMs = 10_000;

/** Returns the exit code. */
export async function runBuild({ config, out, version, artefacts }: BuildOptions): Promise<number> {
  const configText = await readText(config).catch((cause: unknown) => cause);
  if (typeof configText !== 'string') {
    return fail(
      codeOf(configText) === 'ENOENT'
        ? `${config} is not there. Run "npx lockstep init" for a start.`
        : `${config} cannot be read: ${messageOf(configText)}`,
    );
  }
  const parts = await readArtefacts(artefacts);
  if (typeof parts === 'string') return fail(parts);

  const discovered = await discoveredFor(configText, version);
  if (discovered !== undefined && 'sentence' in discovered)
    return fail(`${config}  ${discovered.sentence}  (${discovered.suggestion})\n\nNothing was written.`);
  const result = buildHub({
    configText,
    configPath: config,
    artefacts: parts,
    version,
    ...(discovered !== undefined && { discovered: discovered.endpoint }),
  });
  if ('faults' in result) {
    const { faults, count } = result;
    const more = count > faults.length ? `\n… and ${(count - faults.length).toLocaleString('en')} more` : '';
    const counted = count === 1 ? 'One fault' : `${count.toLocaleString('en')} faults`;
    return fail(`${faults.join('\n')}${more}\n\n${counted}; nothing was written.`);
  }
  for (const warning of result.warnings) print(process.stderr, `warning: ${warning}\n`);

  const refusal = (await refusalOf(out, [...result.files.keys()])) ?? (await refuseFolder(out));
  if (refusal !== undefined) return fail(refusal);
  try {
    await writeFiles(out, result.files);
  } catch (cause) {
    return fail(`${out} cannot be written: ${messageOf(cause)}`);
  }

  const page = result.files.get(pageName) ?? '';
  const written = {
    folder: `${relative('.', out) || '.'}/`,
    raw: Buffer.byteLength(page),
    gzip: gzipSync(page).length,
  };
  print(process.stdout, report(result, written, paintFor(process.stdout, process.env)));
  return 0;
}

/** Undefined: nobody has to be asked. */
async function discoveredFor(configText: string, version: string): Promise<Discovered | undefined> {
  const checked = checkConfig(configText);
  const issuer = 'config' in checked ? undiscovered(checked.config) : undefined;
  if (issuer === undefined) return undefined;
  return discover(issuer, lookWith(`lockstep-build/${version}`, discoveryMs, new AbortController().signal));
}

/** A folder is ours to write into when it is new, empty, or an earlier build. */
async function refuseFolder(out: string): Promise<string | undefined> {
  try {
    if ((await readdir(out)).length === 0) return undefined;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    return codeOf(cause) === 'ENOTDIR'
      ? `${out} is a file, not a folder.`
      : `${out} cannot be read: ${messageOf(cause)}`;
  }
  return (await isEarlierBuild(out))
    ? undefined
    : `${out} is not empty and no earlier build of Lockstep; nothing was written. Name another folder with ` +
        '--out, or empty it.';
}

async function isEarlierBuild(out: string): Promise<boolean> {
  try {
    const headers: unknown = JSON.parse(await readText(join(out, 'headers.json')));
    return typeof headers === 'object' && headers !== null && Object.hasOwn(headers, marker);
  } catch {
    return false;
  }
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
