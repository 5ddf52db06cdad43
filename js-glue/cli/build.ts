// Builds a hub: the owner's text and the package's page in, the files of the folder out. Pure: the same configuration
// and the same version give the same bytes. Reading and writing files is command-build.ts.

import { type Artefacts, callbackName, clientName, fallbackName } from './artefacts.js';
import { builtConfig, type Config, checkConfig } from './config.js';
import { type Headers, headersOf, pagePolicy } from './headers.js';
import { hostFiles } from './hosts.js';
import { callbackHash, composeHub, type HubPage, integrityOf, readHub, scriptSources } from './html.js';
import { providerOf } from './hub-check.js';
import type { Finding } from './source.js';
import { escaped } from './terminal.js';
import { embedderVerdictsOf, sameSiteFor, type Verdict, verdictsOf } from './verdict.js';

export type BuildInput = {
  readonly configText: string;
  /** As the user wrote it; findings begin with it. */
  readonly configPath: string;
  readonly artefacts: Artefacts;
  /** Of the package. */
  readonly version: string;
  /** The authorization endpoint that the issuer of `check` names, where the configuration does not. */
  readonly discovered?: string;
};

export type Built = {
  readonly config: Config;
  /** File name to content. */
  readonly files: ReadonlyMap<string, string>;
  /** For the `integrity` of a script element. */
  readonly clientIntegrity: string;
  readonly verdicts: readonly Verdict[];
  readonly embedderVerdicts: readonly Verdict[];
  /** `path:line:column  sentence  (suggestion)` */
  readonly warnings: readonly string[];
};

/** `faults`: of so many as a person can read, the first. */
export type BuildResult = Built | { readonly faults: readonly string[]; readonly count: number };

/** Of the files, the one that every browser loads. */
export const pageName = 'index.html';

// Longer than these, a header is dropped or the whole answer fails: Cloudflare Pages counts characters of a line in
// _headers, most servers and proxies give all headers of an answer together 8 KiB.
const cloudflareLineMax = 2_000;
const serverHeadersMax = 8_192;

const faultsMax = 100;
const lineMax = 1_000;

export function buildHub({ configText, configPath, artefacts, version, discovered }: BuildInput): BuildResult {
  const written = (finding: Finding) => formatFinding(configPath, finding);
  const checked = checkConfig(configText, discovered);
  if ('faults' in checked)
    return { faults: checked.faults.slice(0, faultsMax).map(written), count: checked.faults.length };

  const { config } = checked;
  if (undiscovered(config) !== undefined)
    return { faults: [`${configPath}  "check" lacks the key "authorizationEndpoint", and nobody was asked`], count: 1 };
  const headers = headersOf(config, sourcesOf(artefacts, config));
  const callback: readonly (readonly [string, string])[] = providerOf(config)
    ? [[callbackName, artefacts.callback]]
    : [];
  const files = new Map([
    [pageName, hubPage(config, builtConfig(config), artefacts)],
    ...callback,
    [fallbackName, artefacts.fallback],
    [clientName, artefacts.client],
    ...hostFiles(config.hub, headers, version, [pageName, ...callback.map(([name]) => name)]),
  ]);
  const whose = { verdicts: verdictsOf(config), embedderVerdicts: embedderVerdictsOf(config) };
  const warnings = [...checked.warnings.map(written), ...sizeWarnings(configPath, headers)];
  return { config, files, clientIntegrity: integrityOf(artefacts.client), ...whose, warnings };
}

/** The issuer that has to be asked for its authorization endpoint first. */
export function undiscovered(config: Config): string | undefined {
  const provider = providerOf(config);
  return provider?.authorizationEndpoint === undefined ? provider?.issuer : undefined;
}

/** `text`: the configuration as the page holds it. */
export function hubPage(config: Config, text: string, artefacts: Artefacts): string {
  return composeHub({
    template: artefacts.template,
    config: text,
    sameSite: sameSiteFor(config),
    policy: pagePolicy(config, sourcesOf(artefacts, config)),
    ...optionalParts(artefacts, config),
  });
}

export function sourcesOf(artefacts: Artefacts, config: Config): string {
  const { script = '', fallback = '' } = readHub(artefacts.template) ?? {};
  return scriptSources({ script, fallback, ...optionalParts(artefacts, config) });
}

/** What only the pages of some configurations hold. */
function optionalParts({ ask, callback, inspect }: Artefacts, config: Config): Pick<HubPage, 'asking' | 'inspect'> {
  return {
    ...(providerOf(config) && { asking: { ask, callback: callbackHash(callback) } }),
    inspect: config.inspect.length > 0 ? inspect : '',
  };
}

export function formatFinding(path: string, { line, column, sentence, suggestion }: Finding): string {
  const text = `${path}:${line}:${column}  ${sentence}${suggestion === undefined ? '' : `  (${suggestion})`}`;
  return escaped(text.length > lineMax ? `${text.slice(0, lineMax)}…` : text);
}

function sizeWarnings(configPath: string, headers: Headers): readonly string[] {
  const sizes = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const longest = Math.max(...sizes);
  const advice = '(write *. for one label where many apps share a domain)';
  if (total > serverHeadersMax) {
    return [
      `${configPath}  the headers have ${total} bytes; many servers refuse more than ${serverHeadersMax}  ${advice}`,
    ];
  }
  if (longest > cloudflareLineMax) {
    return [
      `${configPath}  one header has ${longest} characters; Cloudflare Pages takes ${cloudflareLineMax}  ${advice}`,
    ];
  }
  return [];
}
