// What browsers do to pages: keep them for Back, put them to sleep, crash them, copy them, load them ahead. A page that
// comes back is right about the session, and the hub never costs its page a place in the back-forward cache (R10).

import type { ServerResponse } from 'node:http';
import { askForCheck } from '../e2e/support/duties.js';
import { devtools } from './support/chromium.js';
import type { Tab } from './support/engine.js';
import { note, noteFigures, quantile } from './support/rows.js';
import {
  connected,
  events,
  expect,
  login,
  logout,
  openApp,
  openTabs,
  seen,
  snapshot,
  test,
  until,
} from './support/test.js';
import { topologies } from './support/topologies.js';

const site = topologies.oneSite.name;
const otherSite = topologies.otherSite.name;

test('a page that Back brings out of the cache is right at once, sends and receives', async ({ world, tabs }) => {
  const [page, second] = await tabs(world.portal, world.billing);
  await login(page, { subject: 'ada' });
  await seen([page, second], { status: 'signed-in' });
  await page.evaluate(() => {
    const back: { persisted: boolean; ms: number | undefined }[] = [];
    addEventListener('pageshow', ({ persisted }) => {
      const shown = performance.now();
      const times = { persisted, ms: undefined as number | undefined };
      back.push(times);
      void fetch(`/plain?back=${back.length}`);
      const stop = session.subscribe(({ subject }) => {
        if (subject !== `user-${back.length}`) return;
        times.ms = performance.now() - shown;
        stop();
      });
    });
    Object.assign(window, { back });
  });
  const returns = () =>
    page.evaluate(() => (Reflect.get(window, 'back') ?? []) as { persisted: boolean; ms?: number }[]);
  const late: number[] = [];
  for (let round = 1; round <= 3; round++) {
    await leaveFor(page, world.url(world.portal, '/plain'));
    await logout(second);
    await login(second, { subject: `user-${round}`, claims: { name: 'Grace' } });
    await page.back();
    // What asks a page while it goes into the cache may wait for ever: WebKit's driver gets no answer, and no time-out
    // either.
    const shown = world.url(world.portal, `/plain?back=${round}`);
    await until(async () => world.appRequests(), 'Back').toContain(shown);
    // The driver may see it later than the server.
    await until(() => returns().catch(() => []), 'the page').toHaveLength(round);
    await seen([page, second], { status: 'signed-in', subject: `user-${round}`, claims: { name: 'Grace' } });
    const { persisted, ms = Number.POSITIVE_INFINITY } = (await returns())[round - 1] ?? {};
    expect(persisted).toBe(true);
    late.push(ms);
  }
  // The best of three, since a busy machine makes any of them late: nothing here waits for a timer.
  expect(Math.min(...late)).toBeLessThan(50);
  noteFigures({ name: 'right after Back', rounds: late.length, p50: quantile(late, 0.5), p99: quantile(late, 0.99) });
  expect(await logout(page)).toBe('done');
  await seen([page, second], { status: 'signed-out', endedBy: world.origin(world.portal) });
  await login(second, { subject: 'ada' });
  await seen([page, second], { status: 'signed-in', subject: 'ada' });
  note('a page that Back brings out of the cache is right within 50 ms', site, 'yes');
});

for (const who of ['its app', 'its hub'] as const) {
  test.describe(`a page that is left while ${who} checks`, () => {
    test.use({ checkUrl: who === 'its hub' ? '/check' : undefined });

    test('has given no answer: another page is asked', async ({ world, tabs }) => {
      const checks: ServerResponse[] = [];
      const hold = (_: unknown, response: ServerResponse) => {
        checks.push(response);
      };
      for (const host of [world.portal, world.billing]) world.handle(host, '/check', hold);
      world.hub.handle('/check', hold);
      const [leaving, asking] = await tabs(world.portal, world.billing);
      await login(leaving, { subject: 'ada' });
      await seen([leaving, asking], { status: 'signed-in' });
      const offer = (tab: Tab) =>
        tab.evaluate(() => {
          join({ checkSession: async () => (await fetch('/check', { cache: 'no-store' })).json() });
        });
      if (who === 'its app') await offer(leaving);
      await askForCheck(leaving);
      await until(async () => checks.length, 'checks').toBe(1);
      const outcome = await askForCheck(asking);
      if (who === 'its app') await offer(asking);
      await leaving.reload();
      await until(async () => checks.length, 'checks').toBe(2);
      checks[1]?.end('{"active":true}');
      expect(await outcome()).toBe('active');
      note(`a page is left while ${who} checks: another one checks, and its answer counts`, site, 'yes');
    });
  });
}

test('a tab that was frozen wakes to the session of the day', async ({ world, tabs, engine }) => {
  const [page, second] = await tabs(world.portal, world.billing);
  await login(page, { subject: 'ada' });
  await seen([page, second], { status: 'signed-in' });
  if (engine.name !== 'chromium') {
    // No driver can order it there. What these engines do to a tab that is not looked at must not matter.
    await page.show();
    await logout(page);
    await login(page, { subject: 'grace' });
    await seen([second], { status: 'signed-in', subject: 'grace' });
    return note(
      'a tab that was frozen is right when it wakes',
      site,
      'cannot be ordered; a tab behind another gets it at once',
    );
  }
  await devtools(second, 'Page.setWebLifecycleState', { state: 'frozen' });
  await logout(page);
  await login(page, { subject: 'grace' });
  await devtools(second, 'Page.setWebLifecycleState', { state: 'active' });
  await seen([second], { status: 'signed-in', subject: 'grace' });
  expect((await events(second)).at(-1)).toMatchObject({ type: 'user-change', from: 'ada' });
  note('a tab that was frozen is right when it wakes', site, 'yes');
});

test('a machine that slept over the end of the session: it has ended when it wakes', async ({ world, profile }) => {
  const browser = await profile.launch();
  const [page, second] = await openTabs(browser, world, world.portal, world.billing);
  const expiresIn = 4;
  await login(page, { subject: 'ada', expiresIn });
  const expiresAt = Date.now() + expiresIn * 1_000;
  // A browser that is slow to answer may have met the end already, but not without this event.
  for (const tab of [page, second]) await until(() => events(tab, 'login'), 'a login').toHaveLength(1);
  browser.suspend();
  await until(async () => Date.now(), 'the end').toBeGreaterThan(expiresAt + 300);
  browser.resume();
  await seen([page, second], { status: 'signed-out', reason: 'expired' });
  note('a session that expires while the machine sleeps has ended when it wakes', site, 'yes');
});

test('a tab whose process dies takes nobody with it', async ({ world, profile }) => {
  const item = 'the process of a tab dies: the session goes on in the others';
  const browser = await profile.launch();
  if (browser.name === 'webkit') {
    // Its driver ends with the page, so that the others have to act by themselves, and the server gets it.
    const [first, second, third] = await openTabs(browser, world, world.portal, world.billing, world.portal);
    await login(first, { subject: 'ada' });
    await seen([second, third], { status: 'signed-in' });
    let waiting: ServerResponse | undefined;
    world.handle(world.billing, '/crashed', (_, response) => {
      waiting = response;
    });
    await second.evaluate(() => void fetch('/crashed').then(() => session.logout()));
    await third.evaluate(() => void session.on('logout', ({ endedBy }) => void fetch(`/plain?endedBy=${endedBy}`)));
    await until(async () => waiting !== undefined, 'who waits for the crash').toBe(true);
    await browser.crash(first, 'app');
    waiting?.end();
    const address = world.url(world.portal, `/plain?endedBy=${world.origin(world.billing)}`);
    await until(async () => world.appRequests(), 'what the third received').toContain(address);
    return note(item, site, 'yes');
  }
  const [first] = await openTabs(browser, world, world.portal, world.billing);
  expect(await login(first, { subject: 'ada' })).toBe('done');
  await browser.crash(first, 'app');
  const [late, later] = await openTabs(browser, world, world.billing, world.portal);
  await seen([late, later], { status: 'signed-in', subject: 'ada' });
  expect(await logout(late)).toBe('done');
  await seen([later], { status: 'signed-out', endedBy: world.origin(world.billing) });
  note(item, site, 'yes');
});

test.describe('with little patience', () => {
  test.use({ timeoutMs: 2_000 });

  test('the process of the hub alone dies: a new hub takes over', async ({ world, profile }) => {
    const item = "the process of a tab's hub dies: a new hub takes over";
    const browser = await profile.launch();
    const [page] = await openTabs(browser, world, world.partner);
    await seen([page], { status: 'signed-out' });
    await login(page, { subject: 'ada' });
    const { scope } = await snapshot(page);
    if (browser.name === 'webkit') {
      // Its frames run in the process of their page.
      await page.hub.evaluate(() => void setTimeout(() => location.replace('about:blank')));
      await until(() => login(page, { subject: 'grace' }), 'a login').toBe('done');
      return note(item, otherSite, 'runs in the process of its page; a hub that navigates away is replaced');
    }
    await browser.crash(page, 'hub');
    // Whether a login that was under way has arrived nobody can know; the next one finds a new hub.
    await until(() => login(page, { subject: 'grace' }), 'a login').toBe('done');
    await seen([page], { status: 'signed-in', subject: 'grace', scope });
    note(item, otherSite, 'yes');
  });

  test('K8.1: the hub of a tab that only looks is gone: the tab is right when it is seen again', async ({
    world,
    profile,
  }) => {
    const browser = await profile.launch();
    const [page] = await openTabs(browser, world, world.partner);
    await seen([page], { status: 'signed-out' });
    await login(page, { subject: 'ada' });
    // WebKit runs frames in the process of their page.
    if (browser.name === 'webkit')
      await page.hub.evaluate(() => void setTimeout(() => location.replace('about:blank')));
    else await browser.crash(page, 'hub');
    const [late] = await openTabs(browser, world, world.partner);
    await late.show();
    await seen([late], { status: 'signed-in', subject: 'ada' });
    expect(await logout(late)).toBe('done');
    await page.show();
    await seen([page], { status: 'signed-out', reason: 'logout', endedBy: world.origin(world.partner) });
    note('the hub of a tab is gone, and another logs out: the tab is right when it is seen again', otherSite, 'yes');
  });
});

test('a tab that is duplicated is one more tab', async ({ world, tabs, engine }) => {
  const [page] = await tabs(world.portal);
  await login(page, { subject: 'ada' });
  await page.evaluate(() => {
    sessionStorage.setItem('mine', 'copied');
    // As "duplicate tab" does, a window that a page opens of itself gets a copy of its sessionStorage.
    document.getElementById('first')?.addEventListener('click', () => window.open(location.href));
  });
  const copy = await engine.opened(() => page.click('#first'));
  await connected(copy);
  expect(await copy.evaluate(() => sessionStorage.getItem('mine'))).toBe('copied');
  await seen([copy], { status: 'signed-in', subject: 'ada' });
  expect(await logout(copy)).toBe('done');
  await seen([page, copy], { status: 'signed-out', reason: 'logout' });
  expect(await login(page, { subject: 'grace' })).toBe('done');
  await seen([page, copy], { status: 'signed-in', subject: 'grace' });
  expect((await events(copy)).map(({ type }) => type)).toEqual(['logout', 'login']);
  note('a duplicated tab is one more tab in lockstep', topologies.oneApp.name, 'yes');
});

test('an app that the browser loads ahead is right when it is shown', async ({ world, tabs, engine }) => {
  const [second] = await tabs(world.billing);
  await login(second, { subject: 'ada' });
  const page = await engine.open(world.url(world.portal, '/plain'));
  // Drivers lose a page that is loaded ahead. It acts by itself, and what it has seen it asks the server for.
  const app = await page.evaluate(async () => (await fetch('/')).text());
  world.serve(world.portal, '/ahead', app.replace('</body>', `<script type="module">(${whenShown})()</script></body>`));
  const supported = await page.evaluate(() => HTMLScriptElement.supports?.('speculationrules') ?? false);
  expect(supported).toBe(engine.name === 'chromium');
  const ahead = world.url(world.portal, '/ahead');
  if (supported) {
    await page.evaluate((url) => {
      const rules = document.createElement('script');
      rules.type = 'speculationrules';
      rules.textContent = JSON.stringify({ prerender: [{ source: 'list', urls: [url], eagerness: 'immediate' }] });
      document.head.append(rules);
    }, ahead);
    await until(async () => world.appRequests(), 'what was loaded ahead').toContain(
      world.url(world.portal, '/plain?loaded'),
    );
  }
  await logout(second);
  await login(second, { subject: 'grace' });
  expect(world.appRequests().filter((url) => url.includes('?shown'))).toEqual([]);
  await page.evaluate((url) => void setTimeout(() => location.assign(url)), ahead);
  const saw = `/plain?shown=${supported ? 'ahead' : 'anew'}&subject=grace`;
  await until(async () => world.appRequests(), 'what the page saw').toContain(world.url(world.portal, saw));
  // Then it logged out.
  await seen([second], { status: 'signed-out', reason: 'logout', endedBy: world.origin(world.portal) });
  const item = 'a page that was prerendered is right when it is shown';
  note(item, site, supported ? 'yes' : 'this engine prerenders nothing');
});

test('a hub whose frame is put elsewhere in the document loads anew, and the session goes on', async ({
  world,
  tabs,
}) => {
  const [first, second] = await tabs(world.portal, world.billing);
  await login(first, { subject: 'ada' });
  await seen([first, second], { status: 'signed-in' });
  await first.evaluate(() => {
    const elsewhere = document.createElement('section');
    document.body.prepend(elsewhere);
    const frame = document.querySelector('iframe');
    if (frame) elsewhere.append(frame);
  });
  expect(await logout(second)).toBe('done');
  await seen([first, second], { status: 'signed-out', endedBy: world.origin(world.billing) });
  expect(await login(first, { subject: 'grace' })).toBe('done');
  await seen([first, second], { status: 'signed-in', subject: 'grace' });
  expect((await events(first)).map(({ type }) => type)).toEqual(['login', 'logout', 'login']);
  note("the hub's frame is put elsewhere in the document: the session goes on", site, 'yes');
});

test('a private window has a session of its own', async ({ world, tabs, engine }) => {
  const [open] = await tabs(world.portal);
  const hidden = await engine.privateWindow();
  try {
    const secret = await openApp(hidden, world.url(world.portal));
    await seen([secret], { status: 'signed-out', reason: 'never' });
    await login(open, { subject: 'ada' });
    await login(secret, { subject: 'grace' });
    await seen([open], { status: 'signed-in', subject: 'ada' });
    await logout(open);
    const second = await openApp(hidden, world.url(world.billing));
    await seen([secret, second], { status: 'signed-in', subject: 'grace' });
    note('a private window has a session of its own', site, 'yes');
  } finally {
    await hidden.close();
  }
});

/** Runs in the page. */
async function whenShown(): Promise<void> {
  const isAhead = Reflect.get(document, 'prerendering') === true;
  await fetch('/plain?loaded');
  if (Reflect.get(document, 'prerendering')) {
    await new Promise((resolve) => document.addEventListener('prerenderingchange', resolve, { once: true }));
  }
  while (session.getSnapshot().status === 'connecting') await new Promise(session.subscribe);
  await fetch(`/plain?shown=${isAhead ? 'ahead' : 'anew'}&subject=${session.getSnapshot().subject}`);
  await session.logout();
}

/** As a link does it: drivers that are asked to go somewhere wait for what a page out of a cache never says. */
async function leaveFor(page: Tab, url: string): Promise<void> {
  await page.evaluate((url) => void setTimeout(() => location.assign(url)), url);
  await until(() => page.evaluate(() => location.href).catch((error) => String(error)), 'the page').toBe(url);
}
