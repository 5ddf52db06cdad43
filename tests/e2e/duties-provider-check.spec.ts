// `check.issuer`: the hub asks the provider itself, by silent authentication in a frame, and no app and no server of
// one's own needs a duty. Only an answer that is certain is one (PROTOCOL.md §5).

import type { BrowserContext } from '@playwright/test';
import { type AskedProvider, clientId, startAskedProvider } from './support/asked-provider.js';
import {
  askAll,
  test as base,
  dutyIs,
  events,
  expect,
  login,
  openPage,
  openTabs,
  seen,
  snapshot,
  type Tabs,
  threeApps,
  usualHub,
  type World,
} from './support/test.js';

const test = base.extend<{ readonly asked: AskedProvider }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures are needed.
  asked: async ({}, use) => {
    const asked = await startAskedProvider('login.acme.localhost');
    await use(asked);
    await asked.close();
  },
  hub: async ({ asked }, use) => use({ ...usualHub, check: asked.check }),
  world: async ({ world, asked }, use) => {
    asked.register(world.hub.url);
    await use(world);
  },
});

/** Ada signs in at the provider, in a tab of her own, and in one app. */
async function signedIn(world: World, asked: AskedProvider, context: BrowserContext, each: number): Promise<Tabs> {
  const page = await context.newPage();
  await page.goto(asked.signInUrl());
  await page.fill('input', 'ada');
  await page.click('#send');
  await page.waitForURL(/callback\.html\?code=/);
  await page.close();
  const tabs = await openTabs(context, threeApps(world), each);
  await login(tabs[0], { subject: 'ada' });
  await seen(tabs, { status: 'signed-in', subject: 'ada' });
  return tabs;
}

/** Asks in one tab. No frame may be left of it in any. */
async function checked(tabs: Tabs, world: World): Promise<string> {
  const outcome = await tabs[0].evaluate(() => session.check());
  for (const tab of tabs) await expect.poll(() => framesBelowHub(tab, world)).toBe(0);
  return outcome;
}

function framesBelowHub(tab: Tabs[number], world: World): number {
  return tab.frames().filter((frame) => frame.parentFrame()?.url().startsWith(world.hub.url)).length;
}

test('six tabs: one request for all of them, and a code is a yes', async ({ world, asked, context }) => {
  const tabs = await signedIn(world, asked, context, 2);
  const answer = asked.hold();
  const outcomes = await askAll(tabs);
  answer();
  expect(new Set(await outcomes())).toEqual(new Set(['active']));
  expect(asked.requests()).toHaveLength(1);
  const [query = new URLSearchParams()] = asked.requests();
  expect(Object.fromEntries(query)).toMatchObject({
    client_id: clientId,
    redirect_uri: `${world.hub.url}callback.html`,
    response_type: 'code',
    scope: 'openid',
    prompt: 'none',
    code_challenge_method: 'S256',
  });
  const random = ['state', 'nonce', 'code_challenge'].map((name) => query.get(name) ?? '');
  expect(new Set(random).size).toBe(3);
  for (const text of random) expect(text).toMatch(/^[\w-]{43}$/);
  await seen(tabs, { status: 'signed-in', subject: 'ada' });
});

test('a session that was ended at the provider is ended in every tab', async ({ world, asked, context }) => {
  const tabs = await signedIn(world, asked, context, 2);
  await asked.revoke();
  expect(await checked(tabs, world)).toBe('inactive');
  await seen(tabs, { status: 'signed-out', reason: 'revoked' });
  for (const tab of tabs) {
    expect(await snapshot(tab)).not.toHaveProperty('endedBy');
    expect(await events(tab)).toMatchObject([{ type: 'login' }, { type: 'logout', reason: 'revoked' }]);
  }
  expect(asked.requests()).toHaveLength(1);
});
type Instead = NonNullable<Parameters<AskedProvider['behave']>[0]>;

const answering =
  (members: string, page = 'callback.html'): Instead =>
  (query, _, response) => {
    const uri = query.get('redirect_uri')?.replace('callback.html', page) ?? '';
    response.writeHead(303, { location: `${uri}?state=${query.get('state')}&${members}` }).end();
  };
const noAnswers: Readonly<Record<string, Instead>> = {
  consent_required: answering('error=consent_required'),
  interaction_required: answering('error=interaction_required'),
  'a no with another state': (query, _, response) => {
    response.writeHead(303, { location: `${query.get('redirect_uri')}?state=guessed&error=login_required` }).end();
  },
  'a no of another issuer': answering('error=login_required&iss=https%3A%2F%2Fevil.example'),
};
for (const [what, instead] of Object.entries(noAnswers)) {
  test(`${what} is no answer: nobody is signed out`, async ({ world, asked, context }) => {
    asked.behave(instead);
    const tabs = await signedIn(world, asked, context, 1);
    expect(await checked(tabs, world)).toBe('unknown');
    await dutyIs(tabs[0], world, 'unknown');
    await seen(tabs, { status: 'signed-in', subject: 'ada' });
  });
}

// Neither gives the hub any event: its time runs out.
const silences: Readonly<Record<string, Instead>> = {
  'a login page that may not be framed': (_, __, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'x-frame-options': 'DENY' }).end('<p>Log in</p>');
  },
  'a page that takes the user away where it can': (_, __, response) => {
    const leave = '<script>top.location = "/taken"; open("/taken")</script>';
    response.writeHead(200, { 'content-type': 'text/html' }).end(leave);
  },
};
for (const [what, instead] of Object.entries(silences)) {
  test(`${what} is no answer, and stays in a frame that is removed`, async ({ world, asked, context }) => {
    asked.behave(instead);
    const tabs = await signedIn(world, asked, context, 1);
    const pages = context.pages().length;
    expect(await checked(tabs, world)).toBe('unknown');
    await seen(tabs, { status: 'signed-in', subject: 'ada' });
    expect(context.pages()).toHaveLength(pages);
    expect(tabs[0].url()).toBe(threeApps(world)[0]);
  });
}

test('a page that leaves while it asks hands the check over', async ({ world, asked, context }) => {
  // The first is kept waiting.
  asked.behave((...given) => asked.requests().length > 1 && answering('code=x')(...given));
  const tabs = await signedIn(world, asked, context, 1);
  const outcomes = tabs.map((tab) => tab.evaluate(() => session.check()).catch(() => 'left'));
  await expect.poll(() => asked.requests().length).toBe(1);
  await expect.poll(() => tabs.findIndex((tab) => framesBelowHub(tab, world) > 0)).not.toBe(-1);
  const asking = tabs.findIndex((tab) => framesBelowHub(tab, world) > 0);
  await tabs[asking]?.goto(world.url('portal.acme.localhost', '/plain'));
  const others = (await Promise.all(outcomes)).filter((_, index) => index !== asking);
  expect(others).toEqual(['active', 'active']);
  expect(asked.requests()).toHaveLength(2);
});

test('an app that sends the frame in its hub to the callback page by itself ends nothing', async ({
  world,
  asked,
  context,
}) => {
  asked.behave(() => undefined);
  const tabs = await signedIn(world, asked, context, 1);
  const outcome = tabs[0].evaluate(() => session.check());
  await expect.poll(() => asked.requests().length).toBe(1);
  // Only who made the frame knows the state; what is above it can still send it anywhere.
  const send = (url: string) => {
    const below = window.frames[0] as Window;
    if (below.length > 0) (below[0] as Window).location = url;
    return below.length;
  };
  const sent = await Promise.all(
    tabs.map((tab) => tab.evaluate(send, `${world.hub.url}callback.html?state=guessed&error=login_required`)),
  );
  expect(sent.filter((count) => count > 0)).toEqual([1]);
  expect(await outcome).toBe('unknown');
  await seen(tabs, { status: 'signed-in', subject: 'ada' });
});

test('the callback page says what it was given to no page of another origin', async ({ world, context }) => {
  // Without its policy, any page may frame it.
  world.hub.alterHeaders(({ 'Content-Security-Policy': _, ...rest }) => rest);
  const page = await openPage(context, world.url('evil.localhost', '/plain'));
  const received = await page.evaluate(async (url) => {
    const texts: unknown[] = [];
    addEventListener('message', ({ data }) => texts.push(data));
    const frame = document.createElement('iframe');
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    frame.src = url;
    document.body.append(frame);
    await loaded;
    return texts;
  }, `${world.hub.url}callback.html?code=secret`);
  expect(received).toEqual([]);
  expect(world.hub.requests()).toContain('/callback.html');
});
