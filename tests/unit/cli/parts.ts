// Stand-ins for the parts of the hub that come with the package, and short ways to build with them.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Built, buildHub } from '../../../js-glue/cli/build.js';
import { checkConfig } from '../../../js-glue/cli/config.js';
import { hashOf } from '../../../js-glue/cli/html.js';

export const script = 'document.title = "hub";\n';
export const moduleDigits = '0061736d01000000';
export const fallback = 'var lockstepFallback = {};\n';
export const ask = 'var lockstepAsk = {};';
const callbackScript = 'parent.postMessage(location.search, location.origin);';
export const artefacts = {
  client: 'var lockstep = {};\n',
  fallback,
  ask,
  callback: `<!doctype html>\n<title>Lockstep callback</title>\n<script>${callbackScript}</script>\n`,
  inspect: 'var lockstepInspect = {};\n',
  inspector: 'export const mountInspector = () => {};\n',
  template: [
    '<!doctype html>',
    '<meta http-equiv="Content-Security-Policy" content="{{policy}}">',
    '<meta name="lockstep-hub" content="1">',
    '<meta name="generator" content="Lockstep 1.2.3">',
    '<script type="application/json" data-same-site="{{sameSite}}" id="config">{{config}}</script>',
    `<script type="text/plain" data-fallback="${hashOf(fallback)}" id="module">${moduleDigits}</script>`,
    `{{ask}}{{inspect}}<script>${script}</script>`,
    '',
  ].join('\n'),
};

/** Where the command line of a package in this folder finds the hub's parts. */
export async function writeArtefacts(home: string): Promise<void> {
  await mkdir(join(home, 'hub'), { recursive: true });
  await writeFile(join(home, 'hub/hub.html'), artefacts.template);
  await writeFile(join(home, 'hub/hub-fallback.js'), artefacts.fallback);
  await writeFile(join(home, 'hub/hub-ask.js'), artefacts.ask);
  await writeFile(join(home, 'hub/callback.html'), artefacts.callback);
  await writeFile(join(home, 'hub/hub-inspect.js'), artefacts.inspect);
  await mkdir(join(home, 'inspector'), { recursive: true });
  await writeFile(join(home, 'inspector/index.js'), artefacts.inspector);
  await writeFile(join(home, 'lockstep.iife.js'), artefacts.client);
}

export const everything = ['read', 'login', 'logout', 'activity'];

/** A configuration text around the apps of a test. */
export function configText(apps: readonly string[], hub = 'https://hub.acme.com/', rest: object = {}): string {
  return JSON.stringify({ hub, apps: Object.fromEntries(apps.map((app) => [app, everything])), ...rest });
}

export function build(text: string): Built {
  const result = buildHub({ configText: text, configPath: 'lockstep.config.json', artefacts, version: '1.2.3' });
  if ('faults' in result) throw new Error(result.faults.join('\n'));
  return result;
}

export function textOf({ files }: Built, name: string): string {
  const content = files.get(name);
  if (content === undefined) throw new Error(`${name} is no file of the build.`);
  return content;
}

/** The faults of a text, as the user reads them, without the path. */
export function faults(text: string): readonly string[] {
  const result = buildHub({ configText: text, configPath: '', artefacts, version: '1.2.3' });
  return 'faults' in result ? result.faults.map((fault) => fault.slice(1)) : [];
}

/** The sentences of a text's faults, without place and suggestion. */
export function sentences(text: string): readonly string[] {
  const checked = checkConfig(text);
  return 'faults' in checked ? checked.faults.map(({ sentence }) => sentence) : [];
}
