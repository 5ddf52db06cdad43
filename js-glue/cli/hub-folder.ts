// A folder that `lockstep build` has written, as `lockstep serve` reads it: its files with their headers, and the paths
// at which the hub inside it will ask its server.

import { join } from 'node:path';
import { callbackName, clientName, fallbackName } from './artefacts.js';
import { pageName } from './build.js';
import { readText } from './files.js';
import type { Headers } from './headers.js';
import { marker } from './hosts.js';
import { readHub } from './html.js';

export type HubFolder = {
  /** The hub's own URL. */
  readonly url: string;
  /** By the path of a request. */
  readonly files: ReadonlyMap<string, { readonly headers: Headers; readonly body: string }>;
  /** The paths of `push.url` and `check.url`, where the configuration has them. */
  readonly pushPath: string | undefined;
  readonly checkPath: string | undefined;
};

/** Text says why it is none. */
export async function readHubFolder(folder: string): Promise<HubFolder | string> {
  try {
    const [page = '', fallback = '', client = '', headersText = ''] = await Promise.all(
      [pageName, fallbackName, clientName, 'headers.json'].map((name) => readText(join(folder, name))),
    );
    const headers = asObject(JSON.parse(headersText));
    const hub = new URL(String(asObject(headers[marker]).hub));
    const path = hub.pathname.replace(/[^/]*$/, '');
    const { config: configText = '', asking } = readHub(page) ?? {};
    const config = asObject(JSON.parse(configText));
    const entries: (readonly [string, string])[] = [
      [path, page],
      [`${path}${pageName}`, page],
      [`${path}${fallbackName}`, fallback],
      [`${path}${clientName}`, client],
    ];
    if (asking !== undefined) entries.push([`${path}${callbackName}`, await readText(join(folder, callbackName))]);
    return {
      url: hub.href,
      files: new Map(entries.map(([name, body]) => [name, { headers: textsOf(headers[name]), body }])),
      pushPath: pathOf(config.push, hub),
      checkPath: pathOf(config.check, hub),
    };
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? '' : ' of this version';
    return `${folder} is no folder${why} that "npx lockstep build" has written. Build it, and name it here.`;
  }
}

/** Undefined where it is not of the hub's own origin: a hub asks no other. */
function pathOf(member: unknown, hub: URL): string | undefined {
  if (member === undefined) return undefined;
  const { url: text } = asObject(member);
  if (text === undefined) return undefined; // the provider is asked, and no server of the hub's
  const url = new URL(String(text), hub);
  return url.origin === hub.origin ? url.pathname : undefined;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error('This is no object.');
  return value as Record<string, unknown>;
}

function textsOf(value: unknown): Headers {
  return Object.fromEntries(Object.entries(asObject(value)).map(([name, text]) => [name, String(text)]));
}
