// README's way from `npm install` to "signed in everywhere, out everywhere", with README's own lines, a real OpenID
// Provider and a real login library. Three apps and a login page, two tabs of each app, and tokens of ten seconds.
// K1.1 to K3.6 are the names of cases that were seen in the field.

import type { BrowserContext, Page } from '@playwright/test';
import { test as base, expect } from '@playwright/test';
import { certificate } from '../engines/support/certificate.js';
import { createProfile, launch, removeProfile } from './support/browser.js';
import { listen } from './support/listen.js';
import { createOpenIdProvider, issuer, type OpenIdProvider } from './support/openid-provider.js';
import { type AppName, appNames, appUrl, deploy } from './support/readme.js';
import { usualProfile } from './support/test.js';

const tokenSeconds = 10;
const twoMinutesMs = 120_000;

type Note = {
  readonly type: string;
  readonly app?: string;
  readonly own?: boolean;
  readonly subject?: string;
  readonly text?: string;
};
type Acme = {
  readonly provider: OpenIdProvider;
  /** Visits of the login page so far. */
  readonly loginPages: () => number;
  readonly context: BrowserContext;
  /** What this tab has noted, over all its documents. */
  readonly notesOf: (page: Page, type?: string) => readonly Note[];
};

const test = base.extend<{ readonly acme: Acme }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures are needed.
  acme: async ({}, use) => {
    const deployment = await deploy(issuer);
    // Two renew by a refresh token, two by a hidden frame.
    const clients = appNames.map((name) => ({
      origin: new URL(appUrl(name)).origin,
      refreshes: name === 'portal' || name === 'login',
    }));
    const provider = createOpenIdProvider(clients, { tokenSeconds });
    let loginPages = 0;
    const tls = certificate();
    const listener = await listen((request, response) => {
      const name = (request.headers.host ?? '').split('.')[0] as AppName;
      const { pathname } = new URL(request.url ?? '/', issuer);
      if (`https://${request.headers.host}` === issuer) return provider.respond(request, response);
      if (name === 'login' && pathname === '/') loginPages++;
      const answer = deployment.answer(name, pathname);
      response.writeHead(answer ? 200 : 404, answer?.headers).end(answer?.body);
    }, tls);
    const folder = await createProfile(usualProfile);
    const { context, kill } = await launch(
      folder,
      {},
      `--host-resolver-rules=MAP *.acme.com 127.0.0.1:${listener.port}`,
      `--ignore-certificate-errors-spki-list=${tls.keyHash}`,
    );
    const notes = new Map<Page, Note[]>();
    await context.exposeBinding('note', ({ page }, note: Note) => {
      notes.set(page, [...(notes.get(page) ?? []), note]);
    });
    await use({
      provider,
      loginPages: () => loginPages,
      context,
      notesOf: (page, type) => (notes.get(page) ?? []).filter((note) => type === undefined || note.type === type),
    });
    await kill();
    await Promise.all([listener.stop(), removeProfile(folder), deployment.remove()]);
  },
});

const patience = { timeout: 40_000 };

async function open({ context }: Acme, app: AppName): Promise<Page> {
  const page = await context.newPage();
  await page.goto(appUrl(app));
  return page;
}

const shown = (page: Page) => page.evaluate(() => ({ ...document.body.dataset }));

/** Waits until each tab shows these. */
async function everyTab(tabs: readonly Page[], members: Readonly<Record<string, string>>): Promise<void> {
  for (const page of tabs) {
    // Between two documents there is nobody to ask.
    const look = () => shown(page).catch(() => ({}));
    await expect.poll(look, { message: page.url(), ...patience }).toMatchObject(members);
  }
}

async function click(page: Page, id: string): Promise<void> {
  await page.bringToFront();
  await page.locator(`#${id}`).click();
}

/** At the provider's login form. */
async function typeName(page: Page, user: string): Promise<void> {
  await page.locator('input[name=user]').fill(user);
  await page.locator('#send').click();
}

const signedIn = (subject: string) => ({ status: 'signed-in', subject, holder: subject });
const isEvent = ({ type }: Note) => ['login', 'logout', 'user-change'].includes(type);

/** The events of the session that each app had in this tab. */
const eventsOf = (acme: Acme, page: Page, app: AppName) =>
  acme
    .notesOf(page)
    .filter((note) => isEvent(note) && note.app === new URL(appUrl(app)).hostname)
    .map(({ type }) => type);

test("K1.1, K1.6, K1.7, K3.5, K3.6: README's lines: in, two minutes of renewals, out everywhere, in", async ({
  acme,
}) => {
  test.setTimeout(420_000);
  const { provider, notesOf } = acme;
  const portals = [await open(acme, 'portal'), await open(acme, 'portal')] as const;
  const billings = [await open(acme, 'billing'), await open(acme, 'billing')] as const;
  const reports = [await open(acme, 'reports'), await open(acme, 'reports')] as const;
  const tabs = [...portals, ...billings, ...reports];
  const [portal] = portals;
  const [billing] = billings;
  // Who is signed out at reports goes to the login page, and waits there.
  await everyTab(tabs, { status: 'signed-out' });
  for (const page of reports) await expect(page).toHaveURL(/^https:\/\/login\.acme\.com\/\?return=/, patience);

  await test.step('ada signs in at portal, and is signed in everywhere, with tokens', async () => {
    await click(portal, 'sign-in');
    await typeName(portal, 'ada');
    await everyTab(tabs, signedIn('ada'));
    for (const page of reports) await expect(page).toHaveURL(appUrl('reports'));
    for (const page of portals) expect(eventsOf(acme, page, 'portal')).toEqual(['login']);
    for (const page of billings) expect(eventsOf(acme, page, 'billing')).toEqual(['login']);
    for (const page of reports) expect(eventsOf(acme, page, 'login')).toEqual(['login']);
    expect(notesOf(portal, 'login')).toMatchObject([{ own: true }]);
  });

  await test.step('K1.7: for two minutes, tokens are renewed and nothing else happens', async () => {
    const [renewed, visited, forms] = [notesOf(portal, 'tokens').length, acme.loginPages(), provider.counts().forms];
    const before = tabs.map((page) => notesOf(page).length);
    const began = Date.now();
    await expect
      .poll(() => Date.now() - began, { timeout: twoMinutesMs + 60_000, intervals: [500] })
      .toBeGreaterThan(twoMinutesMs);
    for (const [index, page] of tabs.entries()) {
      const since = notesOf(page).slice(before[index]);
      expect(
        since.filter(({ type }) => type !== 'tokens'),
        page.url(),
      ).toEqual([]);
      expect(since.length, page.url()).toBeGreaterThan(6);
    }
    expect(notesOf(portal, 'tokens').length - renewed).toBeGreaterThanOrEqual(12);
    await everyTab(tabs, signedIn('ada'));
    expect([acme.loginPages(), provider.counts().forms]).toEqual([visited, forms]);
  });

  await test.step('K3.5: one logout at billing ends all, and the provider asks nobody', async () => {
    await click(billing, 'sign-out');
    await expect.poll(() => provider.counts().ends, patience).toBe(1);
    await everyTab(tabs, { status: 'signed-out', holder: '' });
    await expect(billing).toHaveURL(appUrl('billing'), patience);
    for (const page of reports) await expect(page).toHaveURL(/^https:\/\/login\.acme\.com\/\?return=/, patience);
    for (const page of portals) expect(eventsOf(acme, page, 'portal')).toEqual(['login', 'logout']);
    for (const page of billings) expect(eventsOf(acme, page, 'billing')).toEqual(['login', 'logout']);
    for (const page of reports) expect(eventsOf(acme, page, 'reports')).toEqual(['logout']);
    expect(provider.counts()).toMatchObject({ ends: 1, questions: 0 });
  });

  await test.step('ada signs in at the login page, with her name, and every tab is back', async () => {
    await click(reports[0], 'sign-in');
    await typeName(reports[0], 'ada');
    await everyTab(tabs, signedIn('ada'));
    for (const page of reports) await expect(page).toHaveURL(appUrl('reports'), patience);
  });

  await test.step('K1.6: she signs in at portal, too: one person, one session, and no event', async () => {
    const before = tabs.map((page) => notesOf(page).filter(isEvent));
    await click(portals[1], 'sign-in');
    await expect.poll(() => notesOf(portals[1], 'page').length, patience).toBe(2);
    await everyTab(tabs, signedIn('ada'));
    expect(tabs.map((page) => notesOf(page).filter(isEvent))).toEqual(before);
  });

  await test.step("K1.1: the provider's session outlives two logouts, with one id, and ada gets in", async () => {
    const { forms } = provider.counts();
    const ids = new Set<string | undefined>();
    for (const _ of [1, 2]) {
      // Somebody works at reports, so that its ways to the login page are no loop.
      for (const page of reports) {
        await page.bringToFront();
        await page.locator('body').press('Shift');
      }
      // On the way to the provider this tab was stopped.
      await portals[1].evaluate(() => window.session.logout());
      await everyTab(tabs, { status: 'signed-out' });
      await click(portal, 'sign-in');
      await everyTab(tabs, signedIn('ada'));
      ids.add((await shown(billing)).sid);
    }
    expect([...ids]).toEqual([expect.stringMatching(/./)]);
    expect(provider.counts().forms).toBe(forms);
  });

  await test.step('K3.6: grace takes over at portal: every other tab begins again, that one does not', async () => {
    const pagesOf = (page: Page) => notesOf(page, 'page').length;
    const before = tabs.map(pagesOf);
    await click(portal, 'switch-user');
    await typeName(portal, 'grace');
    await everyTab(tabs, signedIn('grace'));
    // The one document more is the one that the provider led back to.
    await expect.poll(() => tabs.map((page, index) => pagesOf(page) - (before[index] ?? 0))).toEqual(tabs.map(() => 1));
    for (const page of tabs) expect(notesOf(page, 'user-change'), page.url()).toHaveLength(1);
    expect(notesOf(portal, 'user-change')).toMatchObject([{ own: true, subject: 'grace' }]);
  });

  for (const page of tabs) expect(notesOf(page, 'error'), page.url()).toEqual([]);
});
