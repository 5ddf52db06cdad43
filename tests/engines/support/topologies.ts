// Where apps are in relation to the hub and to each other, and what the user has set; and what a snapshot says there,
// engine by engine. A topology has two apps whose tabs are in lockstep wherever that engine lets any two be; `apart` is
// a third that receives nothing of them, where there is one.

import type { Medium, Scope, Upgrade } from '../../../js-glue/client/index.js';
import type { EngineName, Settings } from './engine.js';
import type { Sites } from './places.js';

export type Reach = { readonly scope: Scope; readonly medium: Medium; readonly upgrade: Upgrade };
export type Host = Exclude<keyof Sites, 'acme' | 'other' | 'hubHost'>;

type OfEngine = Reach & {
  /** Two apps, or one twice, that are in lockstep. */
  readonly pair: readonly [Host, Host];
  /** Receives nothing of them. */
  readonly apart?: Host;
  /** Who can be in lockstep at all, where that is fewer than the topology's name says. */
  readonly among?: string;
};

export type Topology = {
  /** As the tables have it. */
  readonly name: string;
  readonly scheme: 'https' | 'http';
  readonly settings: Settings;
  readonly in: Readonly<Record<EngineName, OfEngine>>;
};

const reach = (scope: Scope, medium: Medium, upgrade: Upgrade = 'none'): Reach => ({ scope, medium, upgrade });
const sharedBy = (medium: Medium) => reach('shared', medium);
const split = (upgrade: Upgrade) => reach('partitioned', 'local-storage', upgrade);

const oneApp = ['portal', 'portal'] as const;
const oneSite = ['portal', 'billing'] as const;
const otherSite = ['partner', 'partnerToo'] as const;
const otherApp = ['partner', 'partner'] as const;

const cookie = sharedBy('cookie');
const localStorage = sharedBy('local-storage');

export const topologies = {
  oneApp: {
    name: 'tabs of one app',
    scheme: 'https',
    settings: {},
    in: {
      chromium: { ...localStorage, pair: oneApp },
      firefox: { ...cookie, pair: oneApp },
      webkit: { ...cookie, pair: oneApp },
    },
  },
  oneSite: {
    name: "apps on the hub's site",
    scheme: 'https',
    settings: {},
    in: {
      chromium: { ...localStorage, pair: oneSite },
      firefox: { ...cookie, pair: oneSite },
      webkit: { ...cookie, pair: oneSite },
    },
  },
  otherSite: {
    name: 'an app on another site',
    scheme: 'https',
    settings: {},
    in: {
      chromium: { ...sharedBy('storage-access'), pair: ['partner', 'portal'] },
      firefox: { ...split('gesture'), pair: otherSite, apart: 'portal', among: 'apps of that site' },
      webkit: { ...split('gesture'), pair: otherApp, apart: 'portal', among: 'tabs of one app' },
    },
  },
  otherSiteBlocked: {
    name: 'an app on another site, third-party cookies blocked',
    scheme: 'https',
    settings: { thirdPartyCookies: 'blocked' },
    in: {
      chromium: { ...split('gesture'), pair: otherSite, apart: 'portal', among: 'apps of that site' },
      firefox: {
        ...reach('alone', 'memory', 'unsupported'),
        pair: otherSite,
        apart: 'portal',
        among: 'apps of that site',
      },
      webkit: { ...split('gesture'), pair: otherApp, apart: 'portal', among: 'tabs of one app' },
    },
  },
  plainOneApp: {
    name: 'tabs of one app, plain http',
    scheme: 'http',
    settings: {},
    in: {
      chromium: { ...split('unsupported'), pair: oneApp },
      firefox: { ...split('unsupported'), pair: oneApp },
      webkit: { ...split('unsupported'), pair: oneApp, apart: 'billing' },
    },
  },
  plainOneSite: {
    name: "apps on the hub's site, plain http",
    scheme: 'http',
    settings: {},
    in: {
      chromium: { ...localStorage, pair: oneSite, apart: 'partner' },
      firefox: { ...localStorage, pair: oneSite, apart: 'partner' },
      webkit: { ...split('unsupported'), pair: oneApp, apart: 'billing', among: 'tabs of one app' },
    },
  },
} as const satisfies Readonly<Record<string, Topology>>;

export const storageBlocked: Topology = {
  name: 'storage blocked',
  scheme: 'https',
  settings: { storage: 'blocked' },
  in: {
    chromium: { ...reach('alone', 'memory', 'unsupported'), pair: oneSite },
    firefox: { ...reach('alone', 'memory', 'unsupported'), pair: oneSite },
    webkit: { ...reach('alone', 'memory', 'unsupported'), pair: oneSite },
  },
};

export const granted = 'an app on another site, after the user has agreed';
export const refused = 'an app on another site, after the user has refused';

/** As the tables have them, one after the other. */
export const topologyNames: readonly string[] = [
  ...[topologies.oneApp, topologies.oneSite, topologies.otherSite, topologies.otherSiteBlocked].map(({ name }) => name),
  granted,
  refused,
  ...[topologies.plainOneApp, topologies.plainOneSite, storageBlocked].map(({ name }) => name),
];
