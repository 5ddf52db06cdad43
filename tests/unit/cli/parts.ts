// Stand-ins for the parts of the hub that come with the package, and short ways to build with them.

import { type Built, buildHub } from '../../../js-glue/cli/build.js';
import { checkConfig } from '../../../js-glue/cli/config.js';

export const artefacts = {
  template: [
    '<!doctype html>',
    '<link rel="preload" as="fetch" href="{{module}}" id="module">',
    '<link rel="preload" as="script" href="{{script}}">',
    '<script type="application/json" data-same-site="{{sameSite}}" id="config">{{config}}</script>',
    '<script src="{{script}}"></script>',
    '',
  ].join('\n'),
  script: 'document.title = "hub";\n',
  wasm: new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]),
};

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

/** A built file that is text. */
export function textOf({ files }: Built, name: string): string {
  const content = files.get(name);
  if (typeof content !== 'string') throw new Error(`${name} is no text of the build.`);
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
