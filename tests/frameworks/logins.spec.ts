// React with each of five login libraries (examples/react-logins), and oidc-client-ts with each other framework
// (examples/oidc-client-ts), in apps as the guides have them: two apps at two origins, a real OpenID Provider, and
// access tokens that live for ten seconds.

import type { Page } from '@playwright/test';
import { likeAuth0, likeEntra, likeKeycloak, likeOkta } from '../e2e/support/adapter-providers.js';
import { expect, type Setup, test, typeName } from '../e2e/support/adapters.js';

// Most of each test is waiting for tokens to end.
test.describe.configure({ mode: 'parallel' });
const renewalsMs = 120_000;

const inReact = ({ name, ...setup }: Pick<Setup, 'name'> & Partial<Setup>) =>
  [`${name} in React`, { name, ...setup, app: `examples/react-logins/${name}.tsx` }] as const;
const withOidcClientTs = (framework: string) =>
  [
    `oidc-client-ts in ${framework}`,
    { name: 'oidc-client-ts', app: `examples/oidc-client-ts/${framework.toLowerCase()}.ts` },
  ] as const;

const setups = [
  inReact({ name: 'oidc-client-ts' }),
  inReact({ name: 'auth0-spa-js', ...likeAuth0 }),
  inReact({ name: 'keycloak-js', ...likeKeycloak }),
  inReact({ name: 'msal-browser', ...likeEntra }),
  // It takes each token for expired half a minute early.
  inReact({ name: 'okta-auth-js', ...likeOkta, tokenSeconds: 40 }),
  ...['Vue', 'Svelte', 'Angular', 'Solid', 'Preact', 'Lit'].map(withOidcClientTs),
];

const click = async (tab: Page, name: string) => {
  await tab.bringToFront();
  await tab.getByRole('button', { name }).click();
};
const shows = async (text: string, ...tabs: readonly Page[]) => {
  for (const tab of tabs) await expect(tab.getByText(text, { exact: true }), tab.url()).toBeVisible();
};
/** What the app's library gives it for an API. */
async function tokenOf(tab: Page): Promise<string> {
  await click(tab, 'Get a token');
  await expect(tab.locator('output')).not.toBeEmpty();
  return (await tab.locator('output').textContent()) ?? '';
}

for (const [title, setup] of setups) {
  test.describe(title, () => {
    test.use({ setup: { refreshes: true, tokenSeconds: 10, ...setup } });

    test('two apps sign in and out together, over renewals, reloads and Back', async ({ acme }) => {
      test.setTimeout(renewalsMs + 180_000);
      const { provider, open } = acme;
      const billing = await open('billing');
      const portal = await open('portal');
      await shows('Sign in', billing, portal);

      await test.step('a login in one is a login in both, and each has tokens of its own', async () => {
        await click(portal, 'Sign in');
        await typeName(portal, 'ada');
        await shows('Signed in as ada', billing, portal);
        for (const tab of [billing, portal]) await expect.poll(() => tokenOf(tab)).not.toMatch(/^none/);
      });

      await test.step('for two minutes tokens that end are renewed, and nobody is signed out for that', async () => {
        for (const endsAt = Date.now() + renewalsMs; Date.now() < endsAt; )
          for (const tab of [billing, portal]) {
            const token = await tokenOf(tab);
            expect(token).not.toMatch(/^none/);
            await expect.poll(() => tokenOf(tab)).not.toBe(token);
          }
        await shows('Signed in as ada', billing, portal);
        expect(provider.counts().forms).toBe(1);
      });

      await test.step('a reload, another page and Back change nothing', async () => {
        await portal.reload();
        await shows('Signed in as ada', portal);
        await portal.goto('https://portal.acme.com/orders');
        await shows('Signed in as ada', portal);
        await portal.goBack({ waitUntil: 'commit' });
        await shows('Signed in as ada', portal);
        await expect.poll(() => tokenOf(portal)).not.toMatch(/^none/);
      });

      await test.step('a logout in the other app ends both, and the session at the provider, once', async () => {
        await portal.goto('https://portal.acme.com/orders');
        await shows('Signed in as ada', portal);
        await click(billing, 'Sign out');
        await shows('Sign in', billing, portal);
        await expect.poll(() => provider.counts()).toMatchObject({ ends: 1, questions: 0 });
      });

      await test.step('Back after the logout shows nobody, and the provider asks for a name again', async () => {
        await portal.goBack({ waitUntil: 'commit' });
        await shows('Sign in', portal);
        await click(portal, 'Sign in');
        await typeName(portal, 'grace');
        await shows('Signed in as grace', billing, portal);
        expect(provider.counts()).toMatchObject({ forms: 2, ends: 1, questions: 0 });
      });

      await test.step('who gives up at the provider is brought back, and can try again', async () => {
        await click(portal, 'Sign out');
        await shows('Sign in', billing, portal);
        await click(portal, 'Sign in');
        await portal.locator('#cancel').click();
        await shows('Sign in', portal);
        await click(portal, 'Sign in');
        await typeName(portal, 'ada');
        await shows('Signed in as ada', billing, portal);
      });
    });
  });
}
