// Says, for one app, whom its tabs are in lockstep with in each browser: what the hub will find there when it tries
// (wasm/core/scope.cpp), by the measurements in ARCHITECTURE.md. Must never promise more than the hub will tell the app
// at run time.

import type { App, Config } from './config.js';
import type { SameSite } from './html.js';
import { isLoopback, siteOf } from './origin.js';

/** How the app stands to the hub. `other-scheme`: the same registrable domain, http against https. */
export type Relation = 'same-site' | 'other-scheme' | 'cross-site';

export type Verdict = {
  readonly origin: string;
  readonly relation: Relation;
  readonly site: string;
  /** Whom this app's tabs share a session with, in the words of a table. */
  readonly chromium: string;
  readonly firefox: string;
  readonly webkit: string;
};

export function verdictsOf(config: Config): readonly Verdict[] {
  return config.apps.map((app) => verdictOf(config, app));
}

/** How tightly the hub's cookie can be marked: a page of another site shall have it, too, when its user has agreed. */
export function sameSiteFor(verdicts: readonly Verdict[]): SameSite {
  return verdicts.every(({ relation }) => relation === 'same-site') ? 'Strict' : 'None';
}

function verdictOf({ hub }: Config, { origin }: App): Verdict {
  const site = siteOf(origin);
  const withoutScheme = (text: string) => text.slice(text.indexOf('//'));
  const sameDomain = withoutScheme(site) === withoutScheme(siteOf(hub));
  const relation = !sameDomain ? 'cross-site' : origin.scheme === hub.scheme ? 'same-site' : 'other-scheme';
  const isSameSite = relation === 'same-site';
  const same = 'all same-site apps';
  const within = `tabs under ${site}`;
  // On plain http there are no such gifts, but for Chromium on loopback; and a frame below plain http counts as such,
  // whatever it is itself.
  const gives = (isSecure: boolean, gift: string) =>
    isSameSite ? same : isSecure && relation === 'cross-site' ? gift : within;
  return {
    origin: origin.text,
    relation,
    site,
    chromium: gives(hub.scheme === 'https:' || isLoopback(hub.host), 'all apps, or after a click'),
    firefox: gives(hub.scheme === 'https:', 'all apps after a click'),
    webkit: isSameSite && hub.scheme === 'https:' ? same : 'tabs of the same origin',
  };
}
