// What comes with the package and goes to the hub's host: read here for every command that needs it.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export type Artefacts = {
  /** The hub's page. */
  readonly template: string;
  /** What it loads where WebAssembly does not run. */
  readonly fallback: string;
  /** The part of the page that reports to an inspector, where the configuration lets somebody inspect. */
  readonly inspect: string;
  /** The inspector as a module, for the page of `lockstep dev`. */
  readonly inspector: string;
  /** The client as a classic script, for pages without a bundler. */
  readonly client: string;
  /** What the page of a hub holds that asks the provider (bridge-html/ask.ts). */
  readonly ask: string;
  /** The page to which the provider then sends the hub's frame back. */
  readonly callback: string;
};

/** The names of the two scripts beside the page (the first: bridge-html/fallback-module.ts). */
export const fallbackName = 'hub-fallback.js';
export const clientName = 'lockstep.iife.js';
/** Of the page of a redirect URI, which is registered with the provider (bridge-html/ask.ts). */
export const callbackName = 'callback.html';

/** `base`: where hub.html is, below the folder of the client's script. Text says why one of them is not. */
export async function readArtefacts(base: URL): Promise<Artefacts | string> {
  const read = (path: string) => readFile(new URL(path, base), 'utf8');
  try {
    const beside = ['hub-ask.js', callbackName, 'hub-inspect.js', '../inspector/index.js'];
    const [template = '', fallback = '', client = '', ask = '', callback = '', inspect = '', inspector = ''] =
      await Promise.all(['hub.html', fallbackName, `../${clientName}`, ...beside].map(read));
    return { template, fallback, client, ask, callback, inspect, inspector };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const hint = 'The package is incomplete: install it again, or in a clone of it run "npm run build" first.';
    return `A part of the hub is not in ${fileURLToPath(new URL('..', base))}: ${why}\n${hint}`;
  }
}
