// The tabs of a round as its driver knows them: where each one is, and how to find out whether it still lives.

import type { Browser, Tab } from '../engines/support/engine.js';
import type { ChaosWorld } from './world.js';

export type Where = 'app' | 'plain' | 'provider' | 'frozen';
export type ChaosTab = { readonly name: string; readonly host: string; readonly tab: Tab; where: Where };

export type Look = {
  readonly document: string;
  readonly status: string;
  readonly subject?: string;
  readonly scope: string;
  readonly login?: number;
  readonly pending: number;
};

/** What pages/app.js puts into its window. */
type Acts = {
  readonly form: (act: object) => void;
  readonly silent: (act: object) => void;
  readonly redirect: (act: object) => void;
  readonly logout: () => void;
  readonly check: () => void;
  readonly ask: () => Promise<void>;
  readonly removeHub: () => void;
  readonly go: (url: string) => void;
};
declare global {
  interface Window {
    acts: Acts;
    look: () => Look;
    barrier: () => { readonly document: string; readonly count: number };
  }
}

const patienceMs = 20_000;

/** A page that has died answers nothing, and no driver says so. */
export async function within<Result>(promise: Promise<Result>, what: string, ms = patienceMs): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks again and again until something is so. */
export async function waitFor(is: () => Promise<boolean>, what: string, ms = patienceMs): Promise<void> {
  const end = Date.now() + ms;
  while (!(await is().catch(() => false))) {
    if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms.`);
    await pause(50);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export const looks = ({ tab, name }: ChaosTab): Promise<Look> =>
  within(
    tab.evaluate(() => window.look()),
    `tab ${name}`,
  );

/** Until the hub has replied, or is known not to: then the tab has, or awaits, another one. */
export const asksItsHub = ({ tab, name }: ChaosTab): Promise<void> =>
  within(
    tab.evaluate(() => window.acts.ask()),
    `the hub of tab ${name}`,
    40_000,
  );

export async function isAlive({ tab, name }: ChaosTab): Promise<boolean> {
  return within(
    tab.evaluate(() => true),
    `tab ${name}`,
    4_000,
  ).catch(() => false);
}

async function runs({ tab, name }: ChaosTab): Promise<void> {
  await waitFor(
    () =>
      within(
        tab.evaluate(() => document.documentElement.dataset.app === 'running'),
        `tab ${name}`,
      ),
    `the app of tab ${name} runs`,
  );
}

export async function openTab(browser: Browser, world: ChaosWorld, host: string, name: string): Promise<ChaosTab> {
  const tab = await within(browser.open(world.appUrl(host, name)), `opening tab ${name}`);
  const opened: ChaosTab = { name, host, tab, where: 'app' };
  await runs(opened);
  return opened;
}

export async function isAt({ tab }: ChaosTab, url: string): Promise<void> {
  await waitFor(
    async () =>
      (await within(
        tab.evaluate(() => location.href),
        'the address',
      )) === url,
    url,
  );
}

/** As a link does it, and waits until the page is there. */
export async function goTo(one: ChaosTab, url: string, where: Where): Promise<void> {
  await one.tab.evaluate((to) => void setTimeout(() => location.assign(to)), url);
  await waitFor(
    async () =>
      (await within(
        one.tab.evaluate(() => location.href),
        'the address',
      )) === url,
    url,
  );
  one.where = where;
  if (where === 'app') await runs(one);
}

export async function goBack(one: ChaosTab): Promise<void> {
  await one.tab.back();
  await waitFor(
    async () =>
      (await within(
        one.tab.evaluate(() => location.pathname),
        'the address',
      )) === '/chaos',
    'Back',
  );
  one.where = 'app';
  await runs(one);
}

/** By the page itself: Firefox's driver waits for ever for a page that Back had brought out of the cache. */
export async function reload(one: ChaosTab): Promise<void> {
  const { document } = await looks(one);
  await one.tab.evaluate(() => void setTimeout(() => location.reload()));
  await waitFor(async () => (await looks(one)).document !== document, `reload of tab ${one.name}`);
}
