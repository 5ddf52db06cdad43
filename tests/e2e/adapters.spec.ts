// What every adapter promises, with the real library in real pages, and a real OpenID Provider. `connect({ hub,
// adapter })` is all that the apps do for it. One story for each library, since a browser for each promise would cost
// more than the promises.

import type { Page } from '@playwright/test';
import { likeAuth0, likeEntra, likeKeycloak, likeOkta } from './support/adapter-providers.js';
import { call, everyTab, expect, lookAt, type Setup, shown, test, typeName } from './support/adapters.js';

const setups: readonly Setup[] = [
  { name: 'oidc-client-ts', refreshes: true },
  { name: 'oidc-client-ts', refreshes: false },
  { name: 'keycloak-js', refreshes: true, ...likeKeycloak },
  { name: 'auth0-spa-js', refreshes: true, ...likeAuth0 },
  { name: 'auth0-spa-js', refreshes: false, ...likeAuth0 },
  { name: 'okta-auth-js', refreshes: true, ...likeOkta },
  { name: 'okta-auth-js', refreshes: false, ...likeOkta },
  { name: 'msal-browser', refreshes: true, ...likeEntra },
];

const signedIn = (subject: string) => ({ status: 'signed-in', subject, holder: subject }) as const;
const signedOut = { status: 'signed-out', holder: undefined } as const;

for (const setup of setups) {
  test.describe(`${setup.name}, ${setup.refreshes ? 'with refresh tokens' : 'with a hidden frame'}`, () => {
    test.use({ setup });

    test('K1.7, K2.1, K2.5, K3.1, K3.5: the whole story of an adapter', async ({ acme }) => {
      const { provider, setProvider, notesOf, open } = acme;
      const late = await open('portal');
      const tabs = [await open('portal'), await open('billing'), await open('billing')] as const;
      const [portal, billing, hidden] = tabs;
      const documents = () => tabs.map((tab) => notesOf(tab, 'page').length);
      const events = (tab: Page) => notesOf(tab, 'login', 'logout', 'user-change').map(({ type }) => type);
      /** Each that is looked at has tokens of the user, and nobody learns of a login a second time. */
      const everybodyIs = async (subject: string, event: string) => {
        await everyTab(tabs, { status: 'signed-in', subject });
        await lookAt(tabs, signedIn(subject));
        for (const tab of tabs) expect(events(tab).at(-1), tab.url()).toBe(event);
      };
      /** Of visits to the provider's logout page: a change of user there is one, too. */
      const countEnds = () => {
        const { ends } = provider.counts();
        return () => provider.counts().ends - ends;
      };
      const outcome = (tab: Page) => tab.evaluate(() => window.app.session.check());

      await everyTab([late, ...tabs], signedOut);
      await call(late, 'signIn');
      await late.locator('input[name=user]').waitFor();

      await test.step("the user's login is one for all, and each page gets its tokens when looked at", async () => {
        await call(portal, 'signIn');
        await typeName(portal, 'ada');
        await everybodyIs('ada', 'login');
        expect((await shown(portal))?.sessionId).toEqual(expect.stringMatching(/./));
        const asked = provider.requests().length;
        await lookAt(tabs, signedIn('ada'));
        expect(provider.requests().length, 'who has tokens asks for no others').toBe(asked);
      });

      await test.step('K1.7: a renewal and a reload are no login', async () => {
        const { sessionId, signedInAt } = (await shown(portal)) ?? {};
        for (const tab of tabs) {
          const asked = provider.requests().length;
          await tab.bringToFront();
          await tab.evaluate(() => window.app.renew());
          expect(provider.requests().length).toBeGreaterThan(asked);
        }
        await portal.bringToFront();
        await portal.reload();
        await everyTab(tabs, { ...signedIn('ada'), sessionId, signedInAt });
        for (const tab of tabs) expect(events(tab)).toEqual(['login']);
        expect(tabs.flatMap((tab) => notesOf(tab, 'login').filter(({ own }) => own))).toHaveLength(1);
        expect(provider.counts().forms).toBe(2);
      });

      await test.step('a check asks the provider, and knows nothing where that does not answer', async () => {
        await expect.poll(() => outcome(billing)).toBe('active');
        setProvider('down');
        await expect.poll(() => outcome(hidden)).toBe('unknown');
        setProvider('up');
        await everyTab(tabs, signedIn('ada'));
        // An outcome may be what a duty threw, and that is reported.
        for (const tab of tabs) expect(notesOf(tab, 'refused'), tab.url()).toEqual([]);
      });

      const errorsBefore = tabs.map((tab) => notesOf(tab, 'error').length);

      await test.step("another user's login gets each page the tokens of the other", async () => {
        const before = documents();
        await call(billing, 'signIn', 'login');
        await typeName(billing, 'grace');
        await everybodyIs('grace', 'user-change');
        expect(documents()).toEqual(before.map((count, index) => (index === 1 ? count + 1 : count)));
      });

      await test.step('K3.1, K3.5: a logout takes all tokens, and one page goes to the provider, once', async () => {
        const before = documents();
        const ends = countEnds();
        await call(billing, 'logout');
        await everyTab(tabs, { ...signedOut, reason: 'logout' });
        await expect.poll(documents).toEqual(before.map((count, index) => (index === 1 ? count + 1 : count)));
        await lookAt(tabs, { ...signedOut, reason: 'logout' });
        expect(documents()).toEqual(before.map((count, index) => (index === 1 ? count + 1 : count)));
        expect([ends(), provider.counts().questions]).toEqual([1, 0]);
      });

      await test.step('K2.1, K2.5: a login begun before the logout is refused, one begun after it is in', async () => {
        await typeName(late, 'grace');
        await expect.poll(() => notesOf(late, 'refused')).toMatchObject([{ text: 'session-ended' }]);
        await everyTab([late, ...tabs], signedOut);
        await call(late, 'signIn', 'login');
        await typeName(late, 'ada');
        await everybodyIs('ada', 'login');
      });

      await test.step('K2.1: a login that the user gives up does not count for a later one', async () => {
        await call(late, 'signIn', 'login');
        await late.locator('#cancel').click();
        // The app takes the answer out of the address once the library has read it.
        await late.waitForURL('https://portal.acme.com/');
        const kept = await late.evaluate(() => Object.keys(sessionStorage));
        expect(kept.filter((key) => key.startsWith('lockstep-login'))).toEqual([]);
        await everyTab(tabs, signedIn('ada'));
      });

      await test.step("the library's own logout is everybody's", async () => {
        const before = documents();
        const ends = countEnds();
        await call(portal, 'signOut');
        await expect.poll(documents).toEqual(before.map((count, index) => (index === 0 ? count + 1 : count)));
        await everyTab([late, ...tabs], { ...signedOut, reason: 'logout' });
        expect([ends(), provider.counts().questions]).toEqual([1, 0]);
        expect(tabs.map((tab) => notesOf(tab, 'error').length)).toEqual(errorsBefore);
      });

      await test.step('a session that the provider has revoked ends for all, without a visit there', async () => {
        await call(portal, 'signIn');
        await typeName(portal, 'ada');
        await everybodyIs('ada', 'login');
        const before = documents();
        const ends = countEnds();
        await provider.revoke();
        await expect.poll(() => outcome(hidden)).toBe('inactive');
        await everyTab([late, ...tabs], { ...signedOut, reason: 'revoked' });
        expect(documents()).toEqual(before);
        expect([ends(), provider.counts().questions]).toEqual([0, 0]);
      });
    });
  });
}

test.describe('a hidden frame that has found nobody yet', () => {
  test.use({ setup: { name: 'oidc-client-ts', refreshes: false } });

  test('K4.1: is not believed when it says that nobody is signed in: the cookie may be kept from it', async ({
    acme,
  }) => {
    const { provider, notesOf, open } = acme;
    const portal = await open('portal');
    await everyTab([portal], signedOut);
    await call(portal, 'signIn');
    await typeName(portal, 'ada');
    await everyTab([portal], signedIn('ada'));
    // As where the browser blocks it.
    await provider.revoke();
    expect(await portal.evaluate(() => window.app.session.check())).toBe('unknown');
    await everyTab([portal], signedIn('ada'));
    expect(notesOf(portal, 'logout')).toEqual([]);
  });
});
