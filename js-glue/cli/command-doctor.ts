// `lockstep doctor`: looks at a deployed hub as a browser, a cache and a stranger do, and says what is wrong in plain
// sentences. Changes nothing anywhere, sends no cookie, and leaves nothing behind.

import { readFile } from 'node:fs/promises';
import { readArtefacts } from './artefacts.js';
import type { Config } from './config.js';
import { embedFindings } from './doctor/embed.js';
import { examine } from './doctor/examine.js';
import { lookWith } from './doctor/fetch.js';
import { findBrowser, isProgram } from './doctor/find-browser.js';
import { type Finding, finding } from './doctor/finding.js';
import { progressOn } from './doctor/progress.js';
import { reportOf, textOf } from './doctor/report.js';
import { paintFor, print } from './terminal.js';

export type DoctorOptions = {
  readonly url: string;
  readonly json: boolean;
  /** In seconds, as the user wrote it. */
  readonly timeout: string;
  /** A path; `false`: none shall be used. */
  readonly browser: string | false | undefined;
  /** The provider that may be asked. */
  readonly issuer: string | undefined;
  readonly version: string;
  /** Where hub.html is. */
  readonly artefacts: URL;
  /** The bundled probe.ts. */
  readonly probe: URL;
};

/** As shells have it: 128 and the signal's number. */
const signals = { SIGINT: 130, SIGTERM: 143 } as const;
const timeoutSecondsMax = 300;

/** Returns the exit code: 0 no fault, 1 faults, 2 wrong usage. */
export async function runDoctor(options: DoctorOptions): Promise<number> {
  const wrong = wrongUsage(options);
  if (wrong !== undefined) {
    print(process.stderr, `${wrong}\n`);
    return 2;
  }
  const life = new AbortController();
  let ended: number | undefined;
  const enders = Object.entries(signals).map(([signal, code]) => {
    const ender = () => {
      ended = code;
      life.abort();
    };
    process.once(signal, ender);
    return () => process.off(signal, ender);
  });
  try {
    return await look(options, life.signal);
  } catch (cause) {
    if (ended === undefined) throw cause;
    return ended;
  } finally {
    for (const stop of enders) stop();
  }
}

async function look(
  { json, version, artefacts, probe, ...options }: DoctorOptions,
  life: AbortSignal,
): Promise<number> {
  const { href: url } = new URL(options.url);
  const timeoutMs = Number(options.timeout) * 1_000;
  const progress = progressOn(process.stderr);
  let used: string | undefined;

  async function embed(config: Config): Promise<readonly Finding[]> {
    const browser = options.browser ?? findBrowser();
    const unseen = (sentence: string) => [finding('browser', 'found', ['not checked', sentence])];
    if (browser === false) return unseen('Left out, as --no-browser asks.');
    if (browser === undefined)
      return unseen('Not looked at, since no browser of the Chromium family was found. Name one with --browser.');
    const text = await readFile(probe, 'utf8').catch(() => undefined);
    if (text === undefined) return unseen('Not looked at, since a file of this package is missing. Install it again.');
    progress.waitingFor(`the hub in ${browser}`);
    const seen = await embedFindings({ browser, probe: text, config, timeoutMs, life });
    used = seen.browser;
    return seen.findings;
  }

  try {
    const findings = await examine({
      url,
      look: lookWith(`lockstep-doctor/${version}`, timeoutMs, life),
      parts: await readArtefacts(artefacts),
      version,
      waitingFor: progress.waitingFor,
      ...(options.issuer !== undefined && { issuer: options.issuer }),
      embed,
    });
    life.throwIfAborted();
    const report = reportOf({ version, url, ...(used !== undefined && { browser: used }) }, findings);
    print(
      process.stdout,
      json ? `${JSON.stringify(report, null, 2)}\n` : textOf(report, paintFor(process.stdout, process.env)),
    );
    return report.ok ? 0 : 1;
  } finally {
    progress.end();
  }
}

/** What is wrong with the arguments, if anything is. */
export function wrongUsage({
  url,
  timeout,
  browser,
  issuer,
}: Pick<DoctorOptions, 'url' | 'timeout' | 'browser'> & Partial<Pick<DoctorOptions, 'issuer'>>) {
  return refuseUrl(url) ?? refuseTimeout(timeout) ?? refuseBrowser(browser) ?? refuseIssuer(issuer);
}

function refuseIssuer(issuer: string | undefined): string | undefined {
  return issuer === undefined || /^https?:\/\//.test(issuer)
    ? undefined
    : `${JSON.stringify(issuer)} is no issuer. Write it as in the configuration, for example https://login.acme.com`;
}

function refuseUrl(text: string): string | undefined {
  const example = 'Write the URL of the hub, for example https://hub.acme.com/';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return `${JSON.stringify(text)} is not a URL. ${example}`;
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return `${JSON.stringify(text)} is neither http nor https. ${example}`;
  // Not repeated: it may be a password.
  if (url.username !== '' || url.password !== '') return `The URL has a user name or password. ${example}`;
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text))
    return `${JSON.stringify(text)} has a query or a fragment, which a hub's URL has not. ${example}`;
  return undefined;
}

function refuseTimeout(text: string): string | undefined {
  const seconds = Number(text);
  return text.trim() !== '' && seconds > 0 && seconds <= timeoutSecondsMax
    ? undefined
    : `${JSON.stringify(text)} is no number of seconds from above 0 to ${timeoutSecondsMax}.`;
}

function refuseBrowser(browser: string | false | undefined): string | undefined {
  return typeof browser === 'string' && !isProgram(browser)
    ? `${JSON.stringify(browser)} is no program. Name a browser of the Chromium family, or leave --browser out.`
    : undefined;
}
