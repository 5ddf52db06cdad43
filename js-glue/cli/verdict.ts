// Says, for one app, whom its tabs are in lockstep with in each browser: what the hub will find there when it tries
// (wasm/core/scope.cpp), by what docs/engines.md has measured. Must never promise more than the hub reports to the
// app at run time.

import type { Config, Hub } from './config.js';
import type { SameSite } from './html.js';
import { type AppOrigin, isLoopback, isWeb, siteOf } from './origin.js';

/**
 * How the app's site is related to the hub's. `other-scheme`: the same registrable domain, http against https.
 * `own-scheme`: an app of a native shell or an extension, which has no site.
 */
export type Relation = 'same-site' | 'other-scheme' | 'cross-site' | 'own-scheme';

export type Verdict = {
  /** Of an app, or of an embedder, below which this holds for each app at best. */
  readonly origin: string;
  readonly relation: Relation;
  readonly site: string;
  /** Whom this app's tabs share a session with, in the words of a table. */
  readonly chromium: string;
  readonly firefox: string;
  readonly webkit: string;
};

export function verdictsOf({ hub, apps }: Config): readonly Verdict[] {
  return apps.map(({ origin }) => verdictOf(hub, origin));
}

/** What an embedder makes of the hub below the apps in its page: browsers look at the topmost page. */
export function embedderVerdictsOf({ hub, embedders }: Config): readonly Verdict[] {
  return embedders.map((origin) => verdictOf(hub, origin));
}

/** How tightly the hub's cookie can be marked: below another site the hub gets it, too, when the user has agreed. */
export function sameSiteFor(config: Config): SameSite {
  const verdicts = [...verdictsOf(config), ...embedderVerdictsOf(config)];
  return verdicts.every(({ relation }) => relation === 'same-site') ? 'Strict' : 'None';
}

const allApps = 'all apps';

function verdictOf(hub: Hub, origin: AppOrigin): Verdict {
  const isHubSecure = hub.scheme === 'https:' || isLoopback(hub.host);
  if (!isWeb(origin.scheme)) {
    const own = 'tabs of the same origin';
    // To the pages of its extensions Chromium gives a hub's storage without asking anybody, also where third-party
    // cookies are blocked: tests/e2e/extension.spec.ts. Of native shells nothing is known that could be promised.
    const chromium = origin.scheme === 'chrome-extension:' && isHubSecure ? allApps : own;
    return { origin: origin.text, relation: 'own-scheme', site: origin.text, chromium, firefox: own, webkit: own };
  }
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
    chromium: gives(isHubSecure, `${allApps}, or after a click`),
    firefox: gives(hub.scheme === 'https:', 'all apps after a click'),
    webkit: isSameSite && hub.scheme === 'https:' ? same : 'tabs of the same origin',
  };
}
