// Embeds the hub in a real browser, at the very origins that the configuration allows and at one that it does not. In a
// fresh profile nobody is signed in, and nothing is stored. Decides where, and what is to be said of it.

import type { Config, Hub } from '../config.js';
import { isWeb } from '../origin.js';
import { type Verdict, verdictsOf } from '../verdict.js';
import { withBrowser } from './devtools.js';
import { type Finding, finding, type Judged, listed, shown } from './finding.js';
import type { Probed } from './probe.js';
import { proxyOf } from './proxy.js';
import { type Visit, visit } from './visit.js';

export type EmbedOptions = {
  /** A path. */
  readonly browser: string;
  /** The text of the bundled probe.ts. */
  readonly probe: string;
  readonly config: Config;
  readonly timeoutMs: number;
  readonly life: AbortSignal;
};

export type Embedded = { readonly browser?: string; readonly findings: readonly Finding[] };
type Guest = { readonly origin: string; readonly relation?: Verdict['relation'] };

const appsMax = 5;
const complaintsMax = 3;
const unlistedMsMax = 3_000;
// A browser that starts on a busy machine takes its time; that is not the hub's.
const devtoolsMsMin = 30_000;

export async function embedFindings({ browser, probe, config, timeoutMs, life }: EmbedOptions): Promise<Embedded> {
  const { hub } = config;
  const unlisted = `${hub.scheme}//lockstep-doctor.invalid`;
  const found = proxyOf(new URL(hub.url));
  // One that cannot be used is a fault of the address already, and then no browser is started.
  const proxy = typeof found === 'string' ? undefined : found;
  try {
    const waitMs = Math.max(timeoutMs, devtoolsMsMin);
    return await withBrowser(browser, proxySwitches(proxy, hub), waitMs, life, async (devtools) => {
      const { product } = await devtools.send('Browser.getVersion');
      const guests = guestsOf(config);
      const unseen = config.apps.map(({ origin }) => origin).filter(({ scheme }) => !isWeb(scheme));
      const [stranger, ...visits] = await Promise.all([
        visit(devtools, { origin: unlisted, hub, proxy }, Math.min(unlistedMsMax, timeoutMs), probe),
        ...guests.map(({ origin }) => visit(devtools, { origin, hub, proxy }, timeoutMs, probe)),
      ]);
      return {
        browser: shown(String(product)),
        findings: [
          ...guests.flatMap((guest, index) => guestFindings(guest, visits[index]?.probed)),
          ...unseen.map(({ text }) => ownSchemeFinding(text)),
          ...complaintFindings(visits),
          unlistedFinding(unlisted, stranger, visits),
        ],
      };
    });
  } catch (cause) {
    life.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    const sentence =
      `${browser} could not be used: ${shown(why)}. Name another with --browser, or leave this out with ` +
      '--no-browser.';
    return { findings: [finding('browser', 'started', ['not checked', sentence])] };
  }
}

/**
 * The browser shall take the way that the page was asked on, and no other: a script in the place of the hub could have
 * it ask for what this machine can reach, and strangers cannot. Without a proxy, all but the hub's origin is asked
 * through one at which nothing listens. What a proxy reaches is for the proxy to say, so that this machine is asked
 * through it, too.
 */
export function proxySwitches(proxy: URL | undefined, { origin, scheme }: Pick<Hub, 'origin' | 'scheme'>) {
  if (proxy !== undefined)
    return [`--proxy-server=${proxy.protocol}//${proxy.host}`, '--proxy-bypass-list=<-loopback>'];
  const port = new URL(origin).port === '' ? { 'https:': ':443', 'http:': ':80' }[scheme] : '';
  return ['--proxy-server=http://127.0.0.1:1', `--proxy-bypass-list=<-loopback>;${origin}${port}`];
}

function ownSchemeFinding(origin: string): Finding {
  const sentence = `At ${origin} the hub was not embedded: only a native shell or an extension has pages there.`;
  return finding('browser', 'welcome', ['not checked', sentence], origin);
}

/** Origins that stand literally in the list come first: below a wildcard nobody may live. */
function guestsOf(config: Config): readonly Guest[] {
  const verdicts = verdictsOf(config)
    .filter(({ relation }) => relation !== 'own-scheme')
    .sort((a, b) => Number(a.origin.includes('*')) - Number(b.origin.includes('*')));
  return verdicts
    .slice(0, appsMax)
    .map(({ origin, relation }) => ({ origin: origin.replace('*', 'lockstep-doctor'), relation }));
}

function guestFindings({ origin, relation }: Guest, probed: Probed | undefined): readonly Finding[] {
  const found = (check: string, [state, sentence]: Judged) =>
    finding('browser', check, [state, `At ${origin} ${sentence}`], origin);
  if (probed === undefined)
    return [
      found('welcome', [
        'fault',
        "the page with the hub reported nothing in time. Look at the log of the hub's server.",
      ]),
    ];
  if (!probed.welcome) {
    const { code, message, ms } = probed;
    return [found('welcome', ['fault', `the hub gave no welcome within ${ms} ms: ${shown(code)}. ${shown(message)}`])];
  }
  const { ms, scope, version } = probed;
  const wanted = relation === 'same-site' ? 'shared' : 'partitioned';
  return [
    found('welcome', ['ok', `the hub (${shown(version)}) gave its welcome after ${ms} ms.`]),
    found(
      'scope',
      scope === wanted
        ? ['ok', `the scope is ${scope}.`]
        : [
            'warning',
            `the scope is ${shown(scope)}, and ${wanted} was to be expected. See whether this browser blocks storage.`,
          ],
    ),
  ];
}

/** The same complaint at every origin is one. */
function complaintFindings(visits: readonly Visit[]): readonly Finding[] {
  const complaints = [...new Set(visits.flatMap((each) => each.complaints))].slice(0, complaintsMax);
  if (complaints.length === 0) return [];
  const quoted = complaints.map((text) => `"${shown(text)}"`);
  const sentence = `The browser complains: ${listed(quoted)}. Look at the faults above.`;
  return [finding('browser', 'console', ['warning', sentence])];
}

function unlistedFinding(origin: string, { probed }: Visit, visits: readonly Visit[]): Finding {
  const at = `At ${origin}, which is not listed,`;
  const judged: Judged = probed?.welcome
    ? ['fault', `${at} the hub gave its welcome. Build the hub again and deploy the whole folder.`]
    : visits.some((each) => each.probed?.welcome)
      ? ['ok', `${at} the hub gave no welcome.`]
      : ['not checked', `${at} the hub gave no welcome, but it gave none to any app.`];
  return finding('browser', 'unlisted', judged, origin);
}
