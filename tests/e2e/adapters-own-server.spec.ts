// What the adapters promise whose library talks to a server of the app's own, and to no OpenID Provider: with the real
// library in real pages. The servers of better-auth and next-auth are real, those of Supabase and Firebase stand-ins.

import type { Page } from '@playwright/test';
import { call, everyTab, expect, lookAt, type Setup, shown, signInAs, test, typeName } from './support/adapters.js';
import { issuer } from './support/openid-provider.js';
import { createBetterAuthServer } from './support/own-servers/better-auth.js';
import { createFirebaseServer } from './support/own-servers/firebase.js';
import { createNextAuthServer } from './support/own-servers/next-auth.js';
import type { OwnServer } from './support/own-servers/own-server.js';
import { createSupabaseServer } from './support/own-servers/supabase-js.js';

type OwnSetup = Setup & {
  /** Of a user at the server, where all apps show that user. */
  readonly sessions: number;
  /** Each app signs in at a server of its own, and has no way to do that without the user. */
  readonly isEachOnItsOwn?: boolean;
};

const setups: readonly OwnSetup[] = [
  { name: 'better-auth', refreshes: false, createServer: createBetterAuthServer, sessions: 1 },
  { name: 'next-auth', refreshes: false, createServer: createNextAuthServer, sessions: 1, isEachOnItsOwn: true },
  { name: 'supabase-js', refreshes: true, createServer: createSupabaseServer, sessions: 2 },
  { name: 'firebase', refreshes: true, createServer: createFirebaseServer, sessions: 0 },
];

const signedOut = { status: 'signed-out', holder: undefined } as const;

for (const { sessions, isEachOnItsOwn, ...setup } of setups) {
  test.describe(setup.name, () => {
    test.use({ setup });

    test('K1.7, K3.1: the whole story of an adapter', async ({ acme }) => {
      const { setProvider, notesOf, open } = acme;
      const server = acme.server as OwnServer;
      const tabs = [await open('portal'), await open('portal'), await open('billing')] as const;
      const [portal, second, billing] = tabs;
      const documents = () => tabs.map((tab) => notesOf(tab, 'page').length);
      const events = (tab: Page) => notesOf(tab, 'login', 'logout', 'user-change').map(({ type }) => type);
      /** `at`: where the user has signed in. */
      const everybodyIs = async (subject: string, at: Page, event: string) => {
        await everyTab(tabs, { status: 'signed-in', subject });
        for (const tab of tabs) {
          const holder = isEachOnItsOwn && tab.url() !== at.url() ? undefined : subject;
          await lookAt([tab], { status: 'signed-in', subject, holder });
          expect(events(tab).at(-1), tab.url()).toBe(event);
        }
      };
      const countEnds = () => {
        const before = server.ends();
        return () => server.ends() - before;
      };
      const outcome = (tab: Page) => tab.evaluate(() => window.app.session.check());
      await everyTab(tabs, signedOut);

      await test.step("the user's login is one for all, and each page shows the user when looked at", async () => {
        await signInAs(portal, 'ada');
        await everybodyIs('ada', portal, 'login');
      });

      await test.step('K1.7: a renewal, a reload and a look are no login', async () => {
        const { signedInAt } = (await shown(portal)) ?? {};
        for (const tab of tabs) {
          await tab.bringToFront();
          await tab.evaluate(() => window.app.renew());
        }
        await portal.bringToFront();
        await portal.reload();
        await everybodyIs('ada', portal, 'login');
        await everyTab(tabs, { signedInAt });
        for (const tab of tabs) expect(events(tab)).toEqual(['login']);
        expect(tabs.flatMap((tab) => notesOf(tab, 'login').filter(({ own }) => own))).toHaveLength(1);
      });

      await test.step('a check asks the server, and knows nothing where that does not answer', async () => {
        await second.bringToFront();
        await expect.poll(() => outcome(second)).toBe('active');
        // supabase-js tries again for half a minute, which is longer than a check.
        if (setup.name === 'supabase-js') return;
        setProvider('down');
        await expect.poll(() => outcome(second)).toBe('unknown');
        setProvider('up');
        await everybodyIs('ada', portal, 'login');
      });

      await test.step("another user's login is shown to each page", async () => {
        await signInAs(billing, 'grace');
        await everybodyIs('grace', billing, 'user-change');
      });

      await test.step('K3.1: a logout ends each session at the server once, and no page leaves', async () => {
        const before = documents();
        const ends = countEnds();
        await billing.evaluate(() => window.app.session.logout());
        await everyTab(tabs, { ...signedOut, reason: 'logout' });
        await expect.poll(ends).toBe(sessions);
        await lookAt(tabs, signedOut);
        expect([ends(), documents()]).toEqual([sessions, before]);
      });

      await test.step("the library's own logout is everybody's", async () => {
        await signInAs(portal, 'ada');
        await everybodyIs('ada', portal, 'login');
        const before = documents();
        const ends = countEnds();
        await portal.bringToFront();
        await portal.evaluate(() => window.app.signOut());
        await everyTab(tabs, { ...signedOut, reason: 'logout' });
        await expect.poll(ends).toBe(sessions);
        expect(documents()).toEqual(before);
      });

      await test.step('a session that the server has revoked ends for all', async () => {
        await signInAs(portal, 'grace');
        await everybodyIs('grace', portal, 'login');
        const before = documents();
        server.revoke();
        await second.bringToFront();
        await expect.poll(() => outcome(second)).toBe('inactive');
        await everyTab(tabs, { ...signedOut, reason: 'revoked' });
        expect(documents()).toEqual(before);
        for (const tab of tabs) expect(notesOf(tab, 'refused'), tab.url()).toEqual([]);
      });
    });
  });
}

test.describe('a login that leads over other pages', () => {
  test.describe('next-auth', () => {
    test.use({ setup: { name: 'next-auth', refreshes: false, createServer: createNextAuthServer } });

    test('K1.7: is a login once, when it is back', async ({ acme: { open, notesOf } }) => {
      const portal = await open('portal');
      await everyTab([portal], signedOut);
      await call(portal, 'signIn');
      await everyTab([portal], { status: 'signed-in', subject: 'ada', holder: 'ada' });
      await portal.reload();
      await everyTab([portal], { status: 'signed-in', subject: 'ada', holder: 'ada' });
      expect(notesOf(portal, 'login')).toMatchObject([{ own: true }]);
    });
  });

  test.describe('supabase-js', () => {
    test.use({ setup: { name: 'supabase-js', refreshes: true, createServer: createSupabaseServer } });

    test('K2.1: is a login once, when it is back, and none where somebody has logged out since', async ({ acme }) => {
      const { open, notesOf } = acme;
      const [portal, late] = [await open('portal'), await open('billing')];
      await everyTab([portal, late], signedOut);
      await call(late, 'signIn');
      await late.locator('input[name=user]').waitFor();
      await call(portal, 'signIn');
      await typeName(portal, 'ada');
      await everyTab([portal], { status: 'signed-in', subject: 'ada', holder: 'ada' });
      expect(notesOf(portal, 'login')).toMatchObject([{ own: true }]);
      await call(portal, 'logout');
      await everyTab([portal], signedOut);
      await typeName(late, 'grace');
      await everyTab([late], signedOut);
      await expect.poll(() => notesOf(late, 'reported')).toMatchObject([{ text: 'session-ended' }]);
      await everyTab([portal, late], { ...signedOut, reason: 'logout' });
    });

    test('tokens of a stranger in a link sign nobody in', async ({ acme }) => {
      const { open, notesOf } = acme;
      const [portal, billing] = [await open('portal'), await open('billing')];
      const tokens = await portal.evaluate(async (url) => {
        const body = '{"email":"mallory@evil.com","password":"correct horse"}';
        return (await fetch(url, { method: 'POST', body })).json();
      }, `${issuer}/auth/v1/token?grant_type=password`);
      const { access_token, refresh_token } = tokens;
      await signInAs(portal, 'ada');
      const answer = new URLSearchParams({ access_token, refresh_token, expires_in: '3600', token_type: 'bearer' });
      const link = await portal.context().newPage();
      await link.goto(`${new URL(portal.url()).origin}/#${answer}`);
      const tabs = [link, portal, billing];
      await everyTab(tabs, { status: 'signed-in', subject: 'ada' });
      await lookAt(tabs, { status: 'signed-in', subject: 'ada', holder: 'ada' });
      expect(notesOf(billing, 'login', 'user-change', 'logout')).toHaveLength(1);
    });
  });
});

test.describe('two tabs of one origin with supabase-js', () => {
  test.use({ setup: { name: 'supabase-js', refreshes: true, createServer: createSupabaseServer } });

  test('a tab that is looked at while another drops the tokens of the user before waits for it', async ({ acme }) => {
    const [portal, second, billing] = [
      await acme.open('portal'),
      await acme.open('portal'),
      await acme.open('billing'),
    ];
    await everyTab([portal, second, billing], signedOut);
    await signInAs(portal, 'ada');
    await lookAt([second, billing], { status: 'signed-in', subject: 'ada', holder: 'ada' });
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await portal.context().route('**/auth/v1/logout*', async (route) => {
      await released;
      await route.continue();
    });
    const ending = Promise.race(
      [portal, second].map((tab) => tab.waitForRequest(/\/auth\/v1\/logout/).then(() => tab)),
    );
    await signInAs(billing, 'grace');
    const other = (await ending) === portal ? second : portal;
    /** Of the tabs that drop tokens: which acts, and which wait. */
    const locks = () =>
      other.evaluate(async () => {
        const { held = [], pending = [] } = await navigator.locks.query();
        const isOurs = ({ name = '' }) => /^sb-.*-auth-token$/.test(name);
        return { held: held.filter(isOurs).length, pending: pending.filter(isOurs).length };
      });
    await other.bringToFront();
    // Else it would ask with what is about to go, get nothing, and be left without tokens.
    await expect.poll(locks).toEqual({ held: 1, pending: 1 });
    release();
    await expect.poll(locks).toEqual({ held: 0, pending: 0 });
    await everyTab([other], { status: 'signed-in', subject: 'grace', holder: 'grace' });
  });
});
