// Tabs of three apps, in turn, with the page pages/duty-app.ts: the first is visible, all others are hidden.

import type { Chromium } from './chromium.js';
import { appHosts } from './places.js';
import type { Site } from './site.js';
import { openTab, type Tab } from './tab.js';

/** `lifetimeMs`: of a session that a check finds active. */
export async function openDutyTabs(
  browser: Chromium,
  site: Site,
  settings: { readonly hub: string; readonly lifetimeMs: number },
  count: number,
): Promise<Tab[]> {
  const tabs: Tab[] = [];
  for (let i = 0; i < count; i++) {
    const url = site.url(appHosts[i % appHosts.length] ?? '', '/duty');
    const tab = await openTab(browser, url, i === 0 ? 'foreground' : 'background');
    tabs.push(tab);
    const scope = await tab.evaluate((given) => dutyPage.open(given), settings);
    if (scope !== 'shared') throw new Error(`The hub says "${scope}" where the tabs share one storage.`);
  }
  return tabs;
}
