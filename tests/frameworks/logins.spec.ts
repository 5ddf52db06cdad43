// React with each of five login libraries, in apps as the guides have them (examples/react-logins): two apps at two
// origins, a real OpenID Provider, and access tokens that live for some seconds.

import type { Page } from '@playwright/test';
import { likeAuth0, likeEntra, likeKeycloak, likeOkta } from '../e2e/support/adapter-providers.js';
import { expect, type Setup, test, typeName } from '../e2e/support/adapters.js';

const setups: readonly Partial<Setup>[] = [
  { name: 'oidc-client-ts' },
  { name: 'auth0-spa-js', ...likeAuth0 },
  { name: 'keycloak-js', ...likeKeycloak },
  { name: 'msal-browser', ...likeEntra },
  // It takes each token for expired half a minute early.
  { name: 'okta-auth-js', ...likeOkta, tokenSeconds: 34 },
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

for (const setup of setups) {
  test.describe(`${setup.name} in React`, () => {
    const { name = '' } = setup;
    test.use({ setup: { refreshes: true, tokenSeconds: 5, ...setup, name, app: `examples/react-logins/${name}.tsx` } });

    test('two apps sign in and out together, over renewals, reloads and Back', async ({ acme }) => {
      test.setTimeout(120_000);
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

      await test.step('tokens that end are renewed, and nobody is signed out for that', async () => {
        for (const tab of [billing, portal]) {
          const first = await tokenOf(tab);
          await expect.poll(() => tokenOf(tab)).not.toBe(first);
          expect(await tokenOf(tab)).not.toMatch(/^none/);
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
