// One refresh of a rotating refresh token for all tabs, with oidc-client-ts and a real provider, which revokes the
// whole grant when a token is used twice. `TABS=20 ROUNDS=100` makes the long run of it.

import { fileURLToPath } from 'node:url';
import { test as base, expect, type Page } from '@playwright/test';
import { certificate } from '../engines/support/certificate.js';
import { createProfile, launch, removeProfile } from './support/browser.js';
import { bundle } from './support/bundle.js';
import { listen } from './support/listen.js';
import { createOpenIdProvider } from './support/openid-provider.js';

const tabCount = Number(process.env.TABS ?? 6);
const rounds = Number(process.env.ROUNDS ?? 10);
const root = fileURLToPath(new URL('../../', import.meta.url));

type Portal = {
  readonly open: () => Promise<Page>;
  /** Requests for a token so far. */
  readonly asked: () => number;
  /** Such a request is lost on its way from now on, or it is not. */
  readonly lose: (isLost: boolean) => void;
  readonly lost: () => number;
};

const test = base.extend<{ readonly portal: Portal }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants it.
  portal: async ({}, use) => {
    const origin = 'https://portal.acme.com';
    const provider = createOpenIdProvider([{ origin, refreshes: true }], {
      tokenSeconds: 3_600,
      configuration: { rotateRefreshToken: true },
    });
    const script = await bundle({
      entryPoints: [`${root}tests/e2e/adapters/oidc-client-ts.refresh.ts`],
      alias: { 'lockstep/refresh-once': `${root}dist/refresh-once/index.js` },
    });
    let isLosing = false;
    let lost = 0;
    const tls = certificate();
    const listener = await listen((request, response) => {
      const { pathname, host } = new URL(request.url ?? '/', `https://${request.headers.host}`);
      if (host === 'id.acme.com') {
        if (isLosing && pathname === '/token' && request.method === 'POST') lost++;
        else provider.respond(request, response);
        return;
      }
      response.writeHead(200, { 'content-type': pathname === '/app.js' ? 'text/javascript' : 'text/html' });
      response.end(pathname === '/app.js' ? script : '<!doctype html><script type="module" src="/app.js"></script>');
    }, tls);
    const folder = await createProfile({ thirdPartyCookies: 'allowed', storage: 'allowed' });
    const { context, kill } = await launch(
      folder,
      {},
      `--host-resolver-rules=MAP *.acme.com 127.0.0.1:${listener.port}`,
      `--ignore-certificate-errors-spki-list=${tls.keyHash}`,
    );
    await use({
      async open() {
        const tab = await context.newPage();
        await tab.goto(`${origin}/`);
        await expect.poll(() => tab.evaluate(() => document.body.dataset.app)).toBe('running');
        return tab;
      },
      asked: () => provider.requests().filter((path) => path === '/token').length,
      lose: (isLost) => {
        isLosing = isLost;
      },
      lost: () => lost,
    });
    await kill();
    await Promise.all([listener.stop(), removeProfile(folder)]);
  },
});

async function openTabs({ open }: Portal): Promise<readonly [Page, ...Page[]]> {
  const first = await open();
  await first.evaluate(() => void window.signIn());
  await first.locator('input[name=user]').fill('ada');
  await first.locator('#send').click();
  await first.waitForURL('https://portal.acme.com/');
  const tabs: [Page, ...Page[]] = [first];
  while (tabs.length < tabCount) tabs.push(await open());
  return tabs;
}

const tokenOf = (tab: Page) => tab.evaluate(() => window.accessToken());

/** All at once, as when a token has ended: each gives the token that it has then, or why it has none. */
const refreshIn = (tabs: readonly Page[], how: 'refreshOnce' | 'refreshAlone', old: string) =>
  Promise.all(tabs.map((tab) => tab.evaluate(([name, given]) => window[name](given), [how, old] as const)));

test.setTimeout(30_000 + tabCount * rounds * 1_000);

test(`${tabCount} tabs refresh together ${rounds} times, with one request each time`, async ({ portal }) => {
  const tabs = await openTabs(portal);
  for (let round = 1; round <= rounds; round++) {
    const old = await tokenOf(tabs[0]);
    const asked = portal.asked();
    const tokens = await refreshIn(tabs, 'refreshOnce', old);
    expect(new Set(tokens).size, `${round}: ${tokens[0]}`).toBe(1);
    expect(tokens[0], `round ${round}`).not.toBe(old);
    expect([tokens[0], portal.asked() - asked]).toEqual([await tokenOf(tabs[0]), 1]);
  }
});

test('without it the provider revokes the grant, and nobody can refresh any more', async ({ portal }) => {
  const tabs = await openTabs(portal);
  await expect
    .poll(async () => (await refreshIn(tabs, 'refreshAlone', await tokenOf(tabs[0]))).join())
    .toContain('invalid_grant');
  expect(await refreshIn(tabs.slice(0, 1), 'refreshOnce', await tokenOf(tabs[0]))).toEqual(['invalid_grant']);
});

test('a tab that crashes while it refreshes lets the next one do it', async ({ portal }) => {
  const [first, second] = (await openTabs(portal)) as [Page, Page];
  const old = await tokenOf(first);
  const asked = portal.asked();
  // What a provider has answered to a tab that is gone, nobody can know.
  portal.lose(true);
  const crashed = first.evaluate((given) => window.refreshOnce(given), old).catch(() => 'crashed');
  await expect.poll(portal.lost).toBe(1);
  portal.lose(false);
  const waiting = refreshIn([second], 'refreshOnce', old);
  await expect.poll(() => second.evaluate(() => window.waitingTabs())).toBe(1);
  await first.close();
  expect(await crashed).toBe('crashed');
  const [token] = await waiting;
  expect(token).toBe(await tokenOf(second));
  expect(token).not.toBe(old);
  expect(portal.asked() - asked).toBe(1);
});

test('a refresh that fails is tried once for all that wait for it, and again by the next', async ({ portal }) => {
  const [first, second] = (await openTabs(portal)) as [Page, Page];
  const old = await tokenOf(first);
  let failing = () => {};
  const tried = new Promise<void>((resolve) => {
    failing = resolve;
  });
  let fail = () => {};
  await first.route('**/token', (route) => {
    fail = () => void route.abort();
    failing();
  });
  const outcome = refreshIn([first], 'refreshOnce', old);
  await tried;
  const asked = portal.asked();
  const waiting = refreshIn([second], 'refreshOnce', old);
  await expect.poll(() => second.evaluate(() => window.waitingTabs())).toBe(1);
  fail();
  expect(await outcome).toEqual(['Failed to fetch']);
  expect(await waiting).toEqual(['RefreshFailedError']);
  expect(portal.asked()).toBe(asked);
  const [token] = await refreshIn([second], 'refreshOnce', old);
  expect(token).toBe(await tokenOf(first));
  expect(token).not.toBe(old);
});
