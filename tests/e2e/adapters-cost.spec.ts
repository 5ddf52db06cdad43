// What ten tabs ask the provider for while nobody does anything, with the library alone and with its adapter. The
// figures in README and docs/adapters.md are these.

import type { Page } from '@playwright/test';
import { type Acme, call, everyTab, expect, lookAt, test, typeName } from './support/adapters.js';

const tokenSeconds = 10;
const tabCount = 10;
const periods = 2;
const apps = ['portal', 'billing'] as const;

/** Requests that get or renew a token, in so many lives of one. */
async function renewals({ provider }: Acme): Promise<number> {
  const count = () => provider.requests().filter((path) => path === '/token').length;
  const before = count();
  const began = Date.now();
  const end = began + periods * tokenSeconds * 1_000;
  await expect.poll(() => Date.now(), { timeout: 90_000, intervals: [500] }).toBeGreaterThan(end);
  return count() - before;
}

async function openTen(acme: Acme, path: string): Promise<readonly Page[]> {
  const tabs: Page[] = [];
  for (let each = 0; each < tabCount; each++) {
    const tab = await acme.open(apps[each % apps.length] ?? 'portal', path);
    await expect.poll(() => tab.evaluate(() => document.body.dataset.app).catch(() => '')).toBe('running');
    tabs.push(tab);
  }
  return tabs;
}

test.describe('ten tabs, two lives of a token', () => {
  test.use({ setup: { name: 'oidc-client-ts', refreshes: true, tokenSeconds } });
  test.setTimeout(180_000);

  test('with the adapter one tab renews: the one that somebody looks at', async ({ acme }) => {
    const portal = await acme.open('portal');
    await call(portal, 'signIn');
    await typeName(portal, 'ada');
    const tabs = await openTen(acme, '/');
    await lookAt(tabs, { status: 'signed-in', holder: 'ada' });
    const asked = await renewals(acme);
    console.log(`with the adapter: ${asked} renewals`);
    expect(asked).toBeGreaterThanOrEqual(1);
    // It renews up to four seconds before the end, so that a life may be six seconds long.
    expect(asked).toBeLessThanOrEqual(Math.ceil((periods * tokenSeconds) / (tokenSeconds - 4)));
    await everyTab(tabs, { status: 'signed-in', subject: 'ada' });
    for (const tab of tabs) expect(acme.notesOf(tab, 'logout', 'error')).toEqual([]);
  });

  test('without it every tab does', async ({ acme }) => {
    const portal = await acme.open('portal');
    await call(portal, 'signIn');
    await typeName(portal, 'ada');
    await everyTab([portal], { status: 'signed-in' });
    await portal.goto('about:blank');
    await openTen(acme, '/alone');
    const asked = await renewals(acme);
    console.log(`without: ${asked} renewals`);
    expect(asked).toBeGreaterThanOrEqual(tabCount * periods);
  });
});
