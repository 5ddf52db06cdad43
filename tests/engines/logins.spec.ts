// Which login gets in after a logout, in each engine: it depends on what a page has seen and on what the user did
// there, and on a mark in the tab's storage that outlives the way to the provider (PROTOCOL.md §3). The end-to-end
// tests have the other cases.

import type { Login } from '../../js-glue/client/index.js';
import type { Tab } from './support/engine.js';
import { note } from './support/rows.js';
import {
  connected,
  events,
  expect,
  finishLogin,
  login,
  logout,
  seen,
  type TestWorld,
  test,
  until,
} from './support/test.js';
import { topologies } from './support/topologies.js';

const site = topologies.oneSite.name;
const ada = { subject: 'ada', sessionId: 'sid-1' };
const endedBy = (world: TestWorld, host: string) =>
  ({ status: 'signed-out', reason: 'logout', endedBy: world.origin(host) }) as const;

/** The user sends the app's own form, and the app logs in. */
async function sendForm(tab: Tab, members: Login): Promise<string> {
  await tab.evaluate((given) => {
    const sent = new Promise((resolve) => document.getElementById('first')?.addEventListener('click', resolve));
    Object.assign(window, { loggingIn: sent.then(() => outcome(session.login(given))) });
  }, members);
  await tab.show();
  await tab.click('#first');
  return tab.evaluate(() => Reflect.get(window, 'loggingIn') as Promise<string>);
}

/** As a link does it: drivers that are asked to go somewhere would begin anew. */
async function go(tab: Tab, url: string): Promise<void> {
  await tab.evaluate((url) => void setTimeout(() => location.assign(url)), url);
  await until(() => tab.evaluate(() => location.href).catch((error) => String(error)), 'the page').toBe(url);
}

async function leaveForProvider(tab: Tab, world: TestWorld): Promise<void> {
  await tab.evaluate(() => session.beginLogin());
  await go(tab, world.url(world.partner, '/plain'));
}

async function comeBack(tab: Tab, world: TestWorld): Promise<void> {
  await go(tab, world.url(world.portal, '/?code=1'));
  await connected(tab);
}

async function expectStory(tabs: readonly Tab[], story: readonly string[]): Promise<void> {
  for (const tab of tabs) {
    const had = (await events(tab)).map(({ type }) => type).filter((type) => type !== 'scope');
    expect(had).toEqual(story);
  }
}

test('K2.1: a silent sign-in that began before the logout loses', async ({ world, tabs }) => {
  const [first, second] = await tabs(world.portal, world.billing);
  for (const [round, sessionId] of ['billing-bff', 'sid-1', undefined].entries()) {
    expect(await login(first, ada)).toBe('done');
    await seen([first, second], { status: 'signed-in', subject: 'ada' });
    // The app has asked the provider, which has not answered yet.
    await second.evaluate(
      (given) => {
        session.beginLogin();
        const answered = new Promise<void>((resolve) => Object.assign(window, { answer: resolve }));
        Object.assign(window, { loggingIn: answered.then(() => outcome(session.login(given))) });
      },
      { subject: 'ada', sessionId },
    );
    expect(await logout(first)).toBe('done');
    await seen([first, second], endedBy(world, world.portal));
    const late = await second.evaluate(() => {
      (Reflect.get(window, 'answer') as () => void)();
      return Reflect.get(window, 'loggingIn') as Promise<string>;
    });
    expect(late, `round ${round}`).toBe('session-ended');
  }
  // Another user's login comes after all that was under way.
  expect(await login(first, { subject: 'grace' })).toBe('done');
  await seen([first, second], { status: 'signed-in', subject: 'grace' });
  await expectStory([first, second], [...Array(3).fill(['login', 'logout']).flat(), 'login']);
  note('a silent sign-in that began before the logout loses, whatever its session id', site, 'yes');
});

test('K2.4: a user who has seen the logout signs in again, with any session id', async ({ world, tabs }) => {
  const [first, second] = await tabs(world.portal, world.billing);
  expect(await login(first, ada)).toBe('done');
  for (const form of [second, first]) {
    for (const sessionId of [undefined, ada.sessionId]) {
      await seen([first, second], { status: 'signed-in', subject: 'ada' });
      expect(await logout(second)).toBe('done');
      await seen([first, second], endedBy(world, world.billing));
      expect(await finishLogin(form, { subject: 'ada', sessionId })).toBe('session-ended');
      expect(await sendForm(form, { subject: 'ada', sessionId })).toBe('done');
    }
  }
  await seen([first, second], { status: 'signed-in', ...ada });
  await expectStory([first, second], ['login', ...Array(4).fill(['logout', 'login']).flat()]);
  note('a user who has seen the logout signs in again, with the same session id, too', site, 'yes');
});

test('K2.5: a redirect that began before the logout loses, and one after it gets in', async ({ world, tabs }) => {
  const [first, second] = await tabs(world.portal, world.billing);
  expect(await login(second, ada)).toBe('done');
  await seen([first, second], { status: 'signed-in' });
  await leaveForProvider(first, world);
  expect(await logout(second)).toBe('done');
  await comeBack(first, world);
  await seen([first, second], endedBy(world, world.billing));
  expect(await finishLogin(first, ada)).toBe('session-ended');
  await leaveForProvider(first, world);
  await comeBack(first, world);
  expect(await finishLogin(first, ada)).toBe('done');
  await seen([first, second], { status: 'signed-in', ...ada });
  await expectStory([second], ['login', 'logout', 'login']);
  expect(await first.evaluate(() => sessionStorage.length)).toBe(0);
  note('a way to the provider that began before the logout loses, and one after it gets in', site, 'yes');
});
