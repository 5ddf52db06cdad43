// Reads the configuration of a deployed page (PROTOCOL.md §5). It is turned back into the owner's words and
// goes through the same check as before a build, so that a rule is written once.

import { builtConfig, type Config, checkConfig } from '../config.js';
import { siteOf } from '../origin.js';
import { type Finding, finding, listed, shown } from './finding.js';

export type ReadConfig = { readonly config?: Config; readonly findings: readonly Finding[] };

/** Warnings about one app are reported with the app. */
export type AppWarnings = ReadonlyMap<string, readonly string[]>;

export function readBuiltConfig(text: string, asked: string): ReadConfig & { readonly aboutApps: AppWarnings } {
  const fault = (sentence: string) => finding('configuration', 'readable', ['fault', sentence]);
  const owners = ownersText(text);
  if (owners === undefined) {
    const sentence =
      'The page holds no configuration that can be read. Build the hub again and deploy the whole folder.';
    return { findings: [fault(sentence)], aboutApps: new Map() };
  }
  const checked = checkConfig(owners);
  if ('faults' in checked) {
    const faults = checked.faults.map(({ sentence, suggestion }) => said(sentence, suggestion));
    const sentence = `The page's configuration is one that "lockstep build" refuses: ${listed(faults)}.`;
    return { findings: [fault(sentence)], aboutApps: new Map() };
  }
  const { config, warnings } = checked;
  const aboutApps = new Map<string, readonly string[]>();
  const rest: Finding[] = [];
  for (const { sentence } of warnings) {
    const app = config.apps.find(({ origin }) => sentence.startsWith(`"${origin.text}" `))?.origin.text;
    if (app === undefined) rest.push(finding('configuration', 'advice', ['warning', `${upperFirst(sentence)}.`]));
    else aboutApps.set(app, [...(aboutApps.get(app) ?? []), sentence.slice(app.length + 3)]);
  }
  return { config, findings: [readable(text, config), isHubOf(config, asked), ...rest], aboutApps };
}

function readable(text: string, config: Config): Finding {
  const count = config.apps.length === 1 ? 'one app' : `${config.apps.length} apps`;
  const { site } = JSON.parse(text);
  if (site !== siteOf(config.hub)) {
    const sentence =
      `The page says that its site is ${shown(typeof site === 'string' ? site : 'something else')}, and by ` +
      `the public suffix list of this version it is ${siteOf(config.hub)}: apps would be given a wrong scope. ` +
      'Build and deploy the hub again.';
    return finding('configuration', 'readable', ['warning', sentence]);
  }
  if (text !== builtConfig(config)) {
    const sentence =
      'The page\'s configuration can be read, but is not written as "lockstep build" writes it: somebody ' +
      'or something has altered it. Build and deploy the hub again.';
    return finding('configuration', 'readable', ['warning', sentence]);
  }
  return finding('configuration', 'readable', ['ok', `The page's configuration can be read; it allows ${count}.`]);
}

function isHubOf({ hub }: Config, asked: string): Finding {
  return finding(
    'configuration',
    'hub',
    hub.url === asked
      ? ['ok', `It is the configuration of ${hub.url}.`]
      : [
          'fault',
          `The page was built for ${hub.url} and is served at ${asked}. Correct "hub" in ` +
            'lockstep.config.json, or deploy it there.',
        ],
  );
}

/** As `lockstep.config.json` would have it; nothing when it is not even of that shape. */
function ownersText(text: string): string | undefined {
  const built = objectOf(text);
  if (built === undefined || !Array.isArray(built.apps) || !isObject(built.session)) return undefined;
  const apps = built.apps.map((app: unknown) =>
    isObject(app) && typeof app.origin === 'string' ? [app.origin, app.can] : ['', null],
  );
  if (new Set(apps.map(([origin]) => origin)).size < apps.length) return undefined;
  const session = Object.entries(built.session).map(([name, value]) => [
    name.replace(/Ms$/, 'Seconds'),
    // The owner writes whole seconds.
    typeof value === 'number' ? Math.ceil(value / 1000) : value,
  ]);
  const { hub, embedders, inspect, check, issuer, push } = built;
  return JSON.stringify({
    hub,
    apps: Object.fromEntries(apps),
    embedders,
    inspect,
    session: Object.fromEntries(session),
    check,
    issuer,
    push,
  });
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function said(sentence: string, suggestion: string | undefined): string {
  return shown(suggestion === undefined ? sentence : `${sentence} (${suggestion})`);
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
