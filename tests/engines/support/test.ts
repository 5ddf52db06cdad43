// The harness of the suite. A test names what it needs of the browser and gets tabs in whichever engine runs it:
//
//   test('a promise', async ({ world, tabs }) => {
//     const [portal, billing] = await tabs(world.portal, world.billing);
//     await login(portal, { subject: 'ada' });
//     await seen([portal, billing], { status: 'signed-in' });
//
// A worker keeps its browser, one for each setting; every test has a world of servers and sites of its own.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { type AskedProvider, startAskedProvider } from '../../e2e/support/asked-provider.js';
import { pushing } from '../../e2e/support/push.js';
import { everything, startWorld, type World } from '../../e2e/support/world.js';
import { certificate } from './certificate.js';
import { launchChromium } from './chromium.js';
import type { Browser, EngineName, Launch, Settings, Tab, Window } from './engine.js';
import { launchFirefox } from './firefox.js';
import { type Sites, sitesMax, sitesOf } from './places.js';
import { openApp } from './tab.js';
import { launchWebkit } from './webkit.js';

const launchers: Readonly<Record<EngineName, Launch>> = {
  chromium: launchChromium,
  firefox: launchFirefox,
  webkit: launchWebkit,
};

/** The world of one test: its names, and its servers. */
export type TestWorld = Sites & World;
export type Tabs = readonly Tab[] & { readonly [Index in 0 | 1 | 2 | 3]: Tab };

/** Profiles that a test starts and ends browsers on by itself. */
export type Profile = { readonly launch: (settings?: Settings) => Promise<Browser> };

type WorkerFixtures = {
  readonly engineName: EngineName;
  readonly worker: {
    readonly browserFor: (settings: Settings) => Promise<Browser>;
    readonly nextSites: () => Promise<Sites>;
  };
};
type Fixtures = {
  readonly settings: Settings;
  readonly sites: Sites;
  readonly scheme: 'https' | 'http';
  /** Who may be above an app. */
  readonly embedders: readonly (keyof Sites)[];
  /** Who may inspect. */
  readonly inspect: readonly (keyof Sites)[];
  /** Whether the hub asks a server for its word. */
  readonly push: boolean;
  readonly persistence: 'device' | 'browser';
  /** The address at the hub's own origin that it asks by itself, if it is to ask one. */
  readonly checkUrl: string | undefined;
  /** Where the provider is that the hub asks by itself, if it is to ask one; and that provider. */
  readonly providerAt: keyof Sites | undefined;
  readonly asked: AskedProvider | undefined;
  readonly timeoutMs: number;
  readonly engine: Browser;
  readonly world: TestWorld;
  /** Opens a tab for each host and waits until its app has connected. */
  readonly tabs: (...hosts: readonly string[]) => Promise<Tabs>;
  readonly profile: Profile;
};

/** As the fixture `tabs`, in a window of the test's own. */
export async function openTabs(window: Window, world: TestWorld, ...hosts: readonly string[]): Promise<Tabs> {
  const opened: Tab[] = [];
  for (const host of hosts) opened.push(await openApp(window, world.url(host)));
  return opened as unknown as Tabs;
}

async function inProfile(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-engine-'));
  await use(folder);
  // A child process of a browser that was killed may still be writing.
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  engineName: ['chromium', { option: true, scope: 'worker' }],
  settings: [{}, { option: true }],
  scheme: ['https', { option: true }],
  embedders: [[], { option: true }],
  inspect: [[], { option: true }],
  push: [false, { option: true }],
  persistence: ['device', { option: true }],
  checkUrl: [undefined, { option: true }],
  providerAt: [undefined, { option: true }],
  timeoutMs: [10_000, { option: true }],
  worker: [
    async ({ engineName }, use) => {
      const running = new Map<string, Browser>();
      let number = 0;
      const killAll = async () => {
        for (const browser of running.values()) await browser.kill();
        running.clear();
      };
      await inProfile(async (folder) => {
        await use({
          browserFor: async (settings) => {
            const key = JSON.stringify(settings);
            const known = running.get(key);
            if (known) return known;
            const browser = await launchers[engineName](await mkdtemp(join(folder, 'profile-')), settings);
            running.set(key, browser);
            return browser;
          },
          nextSites: async () => {
            // The names begin again, for browsers that know nothing of the first use.
            if (number > 0 && number % sitesMax === 0) await killAll();
            return sitesOf(number++ % sitesMax);
          },
        });
        await killAll();
      });
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  sites: async ({ worker }, use) => use(await worker.nextSites()),
  // `sites` comes first: to give the next ones may end the worker's browsers.
  engine: async ({ worker, sites: _sites, settings }, use) => {
    const browser = await worker.browserFor(settings);
    await use(browser);
    await browser.closeTabs();
  },
  asked: async ({ sites, providerAt }, use) => {
    const asked = providerAt && (await startAskedProvider(sites[providerAt], 'none', certificate()));
    await use(asked);
    await asked?.close();
  },
  world: async ({ sites, scheme, embedders, inspect, push, persistence, checkUrl, asked, timeoutMs }, use) => {
    const { hubHost, portal, billing, reports, partner, partnerToo } = sites;
    const apps = [portal, billing, reports, partner, partnerToo].map((host) => [`${scheme}://${host}`, everything]);
    const world = await startWorld({
      hub: {
        host: hubHost,
        apps: Object.fromEntries(apps),
        embedders: embedders.map((name) => `${scheme}://${sites[name]}`),
        inspect: inspect.map((name) => `${scheme}://${sites[name]}`),
        session: { persistence },
        ...(push && pushing),
        ...(checkUrl && { check: { url: checkUrl } }),
        ...(asked && { check: asked.check }),
      },
      connect: { timeoutMs },
      ...(scheme === 'https' && { tls: certificate() }),
    });
    asked?.register(world.hub.url);
    await use({ ...world, ...sites });
    await world.close();
  },
  tabs: async ({ world, engine }, use) => use((...hosts) => openTabs(engine, world, ...hosts)),
  profile: async ({ engineName }, use) => {
    const running: Browser[] = [];
    await inProfile(async (folder) => {
      const launch = async (settings: Settings = {}) => {
        const browser = await launchers[engineName](folder, { kept: true, ...settings });
        running.push(browser);
        return browser;
      };
      await use({ launch });
      for (const browser of running) await browser.kill();
    });
  },
});

export { expect } from '@playwright/test';
export * from './tab.js';
