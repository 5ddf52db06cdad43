// Which login gets in once somebody has logged out: one that began after it does, and one that began before it does
// not, whatever their session ids (R1). K2.1 to K8.5 are the names of cases that were seen in the field.

import type { Page } from '@playwright/test';
import {
  beginSilentSignIn,
  comeBack,
  expectStory,
  leaveForProvider,
  nothingFollowed,
  sendForm,
  signInAtEveryLogin,
  silentOutcomes,
} from './support/logins.js';
import {
  billing,
  events,
  expect,
  finishLogin,
  hourMs,
  hubFrame,
  login,
  logout,
  offering,
  openTabs,
  portal,
  processed,
  recorded,
  reports,
  seen,
  test,
  threeApps,
  twoApps,
  type World,
} from './support/test.js';

const endedBy = (world: World, host: string) =>
  ({ status: 'signed-out', reason: 'logout', endedBy: world.origin(host) }) as const;

const ids: Readonly<Record<string, string | undefined>> = {
  'an id of its own': 'billing-bff',
  "the ended session's id": 'portal-bff',
  'no id': undefined,
};
for (const announced of ['not at all', 'by beginLogin'] as const) {
  for (const [name, sessionId] of Object.entries(ids)) {
    test(`K2.1: a silent sign-in that began before the logout loses, with ${name}, announced ${announced}`, async ({
      world,
      context,
    }) => {
      const tabs = await openTabs(context, twoApps(world), 2);
      expect(await login(tabs[0], { subject: 'ada', sessionId: 'portal-bff' })).toBe('done');
      await seen(tabs, { status: 'signed-in', sessionId: 'portal-bff' });
      const finish = await beginSilentSignIn(tabs[2], world, { subject: 'ada', sessionId }, announced);
      expect(await logout(tabs[0])).toBe('done');
      await seen(tabs, endedBy(world, portal));
      expect(await finish()).toBe('session-ended');
      await nothingFollowed(tabs, [{ type: 'login' }, { type: 'logout', endedBy: world.origin(portal) }]);
    });
  }
}

test('K2.1: a silent sign-in loses against a logout in its own tab, too', async ({ world, context }) => {
  const tabs = await openTabs(context, twoApps(world), 2);
  expect(await sendForm(tabs[0], { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await seen(tabs, { status: 'signed-in' });
  const finish = await beginSilentSignIn(tabs[0], world, { subject: 'ada', sessionId: 'sid-1' });
  await tabs[0].evaluate(() => document.getElementById('last')?.addEventListener('click', () => session.logout()));
  await tabs[0].locator('#last').click();
  await seen(tabs, endedBy(world, portal));
  expect(await finish()).toBe('session-ended');
  await nothingFollowed(tabs, [{ type: 'login' }, { type: 'logout' }]);
});

test('K2.1: a silent sign-in that began before a revocation loses, too', async ({ world, context }) => {
  const urls = [portal, billing].map((host) => offering(world, host, ['check']));
  const tabs = await openTabs(context, urls, 2);
  const ada = { subject: 'ada', sessionId: 'sid-1' };
  world.provider.check.answer({ active: false });
  expect(await login(tabs[0], ada)).toBe('done');
  await seen(tabs, { status: 'signed-in' });
  const finish = await beginSilentSignIn(tabs[2], world, ada);
  expect(await tabs[0].evaluate(() => session.check())).toBe('inactive');
  await seen(tabs, { status: 'signed-out', reason: 'revoked' });
  expect(await finish()).toBe('session-ended');
  await nothingFollowed(tabs, [{ type: 'login' }, { type: 'logout', reason: 'revoked' }]);
});

/** Waits for a moment that all pages see, by the one clock they have, and acts. */
function actAt(page: Page, at: number, act: 'login' | 'logout' | 'login, then logout', id: string): Promise<string> {
  return page.evaluate(
    async ([at, act, id]) => {
      while (Date.now() < at);
      const steps = {
        login: () => session.login({ subject: 'ada', sessionId: id }),
        logout: () => session.logout(),
        'login, then logout': () => session.login({ subject: 'ada', sessionId: id }).then(() => session.logout()),
      };
      return outcome(steps[act]());
    },
    [at, act, id] as const,
  );
}

const rounds = 10;
/** How much later the second page acts than the first, from one round to the next: both orders, and the same moment. */
const laterMs = (round: number) => (round - rounds / 2) * 3;

test('K2.2: a logout that resolved has worked, also where another app logs in at that moment', async ({
  world,
  context,
}) => {
  const tabs = await openTabs(context, threeApps(world), 1);
  const [first, second] = tabs;
  for (let round = 0; round < rounds; round++) {
    expect(await sendForm(first, { subject: 'ada', sessionId: `portal-${round}` })).toBe('done');
    await seen(tabs, { status: 'signed-in', sessionId: `portal-${round}` });
    // Or the logout of an earlier round would refuse it.
    await second.evaluate(() => session.beginLogin());
    const at = Date.now() + 100;
    const [ended, loggedIn] = await Promise.all([
      actAt(first, at, 'logout', ''),
      actAt(second, at + laterMs(round), 'login', `billing-${round}`),
    ]);
    expect(ended).toBe('done');
    expect(['done', 'session-ended']).toContain(loggedIn);
    await seen(tabs, endedBy(world, portal));
  }
  await nothingFollowed(
    tabs,
    Array(rounds)
      .fill([{ type: 'login' }, { type: 'logout' }])
      .flat(),
  );
});

test("K2.2: a logout ends the session of another app, too, that took the named one's place", async ({
  world,
  context,
}) => {
  const tabs = await openTabs(context, threeApps(world), 1);
  const [first, second, third] = tabs;
  for (let round = 0; round < rounds; round++) {
    for (const tab of [first, second]) await tab.evaluate(() => session.beginLogin());
    const at = Date.now() + 100;
    const [ended, loggedIn] = await Promise.all([
      actAt(first, at, 'login, then logout', `portal-${round}`),
      actAt(second, at + laterMs(round), 'login', `billing-${round}`),
    ]);
    expect(ended).toBe('done');
    expect(['done', 'session-ended']).toContain(loggedIn);
    await seen(tabs, endedBy(world, portal));
  }
  // Another user's login comes after all that was under way.
  expect(await sendForm(third, { subject: 'grace' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'grace' });
  for (const tab of tabs) {
    expect((await events(tab)).slice(-2)).toMatchObject([{ type: 'logout' }, { type: 'login' }]);
  }
});

for (const announced of ['not at all', 'by beginLogin'] as const) {
  test(`K2.3: two apps that sign in silently at every login, announced ${announced}, have one login each`, async ({
    world,
    context,
  }) => {
    const tabs = await openTabs(context, twoApps(world), 2);
    for (const [index, tab] of tabs.entries()) {
      await signInAtEveryLogin(tab, world, index < 2 ? 'portal-bff' : 'billing-bff', announced);
    }
    expect(await sendForm(tabs[0], { subject: 'ada', sessionId: 'portal-bff' })).toBe('done');
    for (const tab of tabs) await expect.poll(() => silentOutcomes(tab)).toEqual(['done']);
    await seen(tabs, { status: 'signed-in', sessionId: 'portal-bff' });
    // A logout comes after all that was under way.
    expect(await logout(tabs[3])).toBe('done');
    await seen(tabs, endedBy(world, billing));
    await expectStory(tabs, [{ type: 'login' }, { type: 'logout', endedBy: world.origin(billing) }]);
    expect(world.provider.api.calls()).toHaveLength(tabs.length);
  });
}

for (const by of ['mouse', 'keyboard'] as const) {
  test(`K2.4: a user who has seen the logout signs in again, by the ${by}`, async ({ world, context }) => {
    const tabs = await openTabs(context, twoApps(world), 2);
    expect(await login(tabs[0], { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
    // In the tab that logged out, and in one of another app.
    for (const form of [tabs[2], tabs[1]]) {
      for (const sessionId of [undefined, 'sid-1']) {
        await seen(tabs, { status: 'signed-in' });
        expect(await logout(tabs[2])).toBe('done');
        await seen(tabs, endedBy(world, billing));
        expect(await sendForm(form, { subject: 'ada', sessionId }, by)).toBe('done');
        await seen(tabs, { status: 'signed-in', subject: 'ada', ...(sessionId && { sessionId }) });
      }
    }
    await expectStory(tabs, [
      { type: 'login' },
      ...Array(4)
        .fill([{ type: 'logout' }, { type: 'login' }])
        .flat(),
    ]);
  });
}

test("K2.4: a script's click is no action of the user's", async ({ world, context }) => {
  const tabs = await openTabs(context, twoApps(world), 1);
  expect(await login(tabs[0], { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await seen(tabs, { status: 'signed-in' });
  expect(await logout(tabs[0])).toBe('done');
  await seen(tabs, endedBy(world, portal));
  for (const tab of tabs) {
    await tab.evaluate(() => {
      const button = document.getElementById('first');
      button?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
      button?.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, key: 'Enter' }));
      button?.click();
    });
    expect(await finishLogin(tab, { subject: 'ada' })).toBe('session-ended');
  }
  await nothingFollowed(tabs, [{ type: 'login' }, { type: 'logout' }]);
});

test('K2.5: a redirect that began after the logout gets in, with the same session id', async ({ world, context }) => {
  const tabs = await openTabs(context, twoApps(world), 2);
  const [page, ...others] = tabs;
  expect(await login(tabs[2], { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await seen(tabs, { status: 'signed-in' });
  expect(await logout(tabs[2])).toBe('done');
  await seen(tabs, endedBy(world, billing));
  await leaveForProvider(page, world);
  await comeBack(page, world, portal);
  expect(await finishLogin(page, { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'ada', sessionId: 'sid-1' });
  await expectStory([page], [{ type: 'login' }]);
  await expectStory(others, [{ type: 'login' }, { type: 'logout' }, { type: 'login' }]);
  // Nothing is left of the flow.
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test('K2.5: a redirect that began before the logout loses, and the next one gets in', async ({ world, context }) => {
  const tabs = await openTabs(context, twoApps(world), 2);
  const [page, ...others] = tabs;
  expect(await login(tabs[2], { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await seen(tabs, { status: 'signed-in' });
  await leaveForProvider(page, world);
  expect(await logout(tabs[2])).toBe('done');
  await seen(others, endedBy(world, billing));
  await comeBack(page, world, portal);
  await seen([page], endedBy(world, billing));
  expect(await finishLogin(page, { subject: 'ada', sessionId: 'sid-1' })).toBe('session-ended');
  await leaveForProvider(page, world);
  await comeBack(page, world, portal);
  expect(await finishLogin(page, { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'ada', sessionId: 'sid-1' });
  await expectStory(others, [{ type: 'login' }, { type: 'logout' }, { type: 'login' }]);
});

test("K8.4: ada's slow tab does not take grace's place", async ({ world, context }) => {
  const tabs = await openTabs(context, threeApps(world), 1);
  const ada = { subject: 'ada', sessionId: 'sid-7' };
  expect(await login(tabs[0], ada)).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'ada' });
  const finish = await beginSilentSignIn(tabs[1], world, ada);
  expect(await logout(tabs[0])).toBe('done');
  await seen(tabs, endedBy(world, portal));
  expect(await sendForm(tabs[2], { subject: 'grace', sessionId: 'sid-8' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'grace' });
  expect(await finish()).toBe('session-ended');
  // And not a second time either: what it began with is the same.
  expect(await finishLogin(tabs[1], ada)).toBe('session-ended');
  expect(await logout(tabs[2])).toBe('done');
  await seen(tabs, endedBy(world, reports));
  await expectStory(tabs, [{ type: 'login' }, { type: 'logout' }, { type: 'login' }, { type: 'logout' }]);
});

for (const [name, expiresAt] of [
  ['later', () => Date.now() + hourMs],
  ['never', () => undefined],
] as const) {
  test(`K8.5: a login that joins and expires in 0.4 s ends nobody's session that expires ${name}`, async ({
    world,
    context,
  }) => {
    const urls = [portal, billing].map((host) => offering(world, host, ['end']));
    const tabs = await openTabs(context, urls, 2);
    const ada = { subject: 'ada', sessionId: 'sid-7' };
    expect(await login(tabs[0], { ...ada, expiresAt: expiresAt() })).toBe('done');
    await seen(tabs, { status: 'signed-in', ...ada });
    const stored = () => hubFrame(tabs[0], world.hub.url).evaluate(() => localStorage.getItem('lockstep'));
    const shown = () => Promise.all(tabs.map(recorded));
    const before = [await stored(), await shown()];
    for (const sessionId of ['sid-7', undefined, 'sid-8']) {
      const soon = Date.now() + 400;
      expect(await finishLogin(tabs[2], { subject: 'ada', sessionId, expiresAt: soon })).toBe('done');
      await expect.poll(() => Date.now(), { intervals: [50] }).toBeGreaterThan(soon);
      for (const tab of tabs) await processed(tab);
    }
    // Nor has anybody been notified: the login said nothing new.
    expect([await stored(), await shown()]).toEqual(before);
    expect(world.provider.end.calls()).toEqual([]);
  });
}
