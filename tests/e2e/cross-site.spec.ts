// Pages of another site, where Chromium splits storage by the top-level site. Where third-party cookies are allowed it
// gives the hub the first party's storage without a question, and all are in lockstep. Where they are blocked it wants
// the user's word, and until then the scope must say that such tabs are in lockstep with each other and with nobody
// else.

import type { BrowserContext, Frame, Page } from '@playwright/test';
import {
  billing,
  events,
  everything,
  expect,
  hubHost,
  login,
  logout,
  openApp,
  openTabs,
  partner,
  partnerToo,
  portal,
  running,
  seen,
  snapshot,
  status,
  test,
  type World,
} from './support/test.js';

const magazine = 'magazine.third.localhost';
const partitioned = { scope: 'partitioned', medium: 'local-storage', upgrade: 'gesture' } as const;
const byHandle = { scope: 'shared', medium: 'storage-access', upgrade: 'none' } as const;
const shared = { scope: 'shared', medium: 'local-storage', upgrade: 'none' } as const;

/** A page at `outer` that holds the app of `inner` in a frame. Returns the frame. */
async function nest(context: BrowserContext, world: World, outer: string, ...inner: readonly string[]) {
  inner.forEach((host, depth) => {
    if (depth < inner.length - 1) world.serve(host, `/nest-${outer}`, framing(world.url(inner[depth + 1] as string)));
  });
  const [next = '', ...further] = inner;
  world.serve(outer, '/nest', framing(world.url(next, further.length ? `/nest-${outer}` : '/')));
  const page = await context.newPage();
  await page.goto(world.url(outer, '/nest'));
  const app = world.url(inner.at(-1) as string);
  await expect.poll(() => page.frames().some((frame) => frame.url() === app)).toBe(true);
  const frame = page.frames().find((each) => each.url() === app) as ReturnType<Page['mainFrame']>;
  await running(frame);
  await expect.poll(() => status(frame)).not.toBe('connecting');
  return frame;
}

const framing = (url: string) =>
  `<!doctype html><html lang="en"><title>outer</title><body><iframe src="${url}"></iframe></body></html>`;

test('a login and a logout travel between two sites without a gesture', async ({ world, context }) => {
  const home = await openTabs(context, [world.url(portal), world.url(billing)], 1);
  const foreign = await openTabs(context, [world.url(partner), world.url(partnerToo)], 2);
  const tabs = [...home, ...foreign];
  await seen(home, { status: 'signed-out', reason: 'never', ...shared });
  await seen(foreign, { status: 'signed-out', reason: 'never', ...byHandle });
  await login(home[0], { subject: 'ada', claims: { name: 'Ada' } });
  await seen(tabs, { status: 'signed-in', subject: 'ada', claims: { name: 'Ada' } });
  await logout(foreign[3]);
  await seen(tabs, { status: 'signed-out', reason: 'logout', endedBy: world.origin(partnerToo) });
  await login(foreign[0], { subject: 'grace' });
  await seen(tabs, { status: 'signed-in', subject: 'grace' });
  await logout(home[1]);
  await seen(tabs, { status: 'signed-out', endedBy: world.origin(billing) });
  for (const tab of tabs) {
    expect((await events(tab)).map(({ type }) => type)).toEqual(['login', 'logout', 'login', 'logout']);
  }
});

test('a hub below foreign pages, and one of its site below them, are in lockstep too', async ({ world, context }) => {
  const top = await openApp(context, world.url(portal));
  const below = [
    await nest(context, world, partner, portal),
    await nest(context, world, portal, partner),
    await nest(context, world, billing, partner, portal),
  ];
  await seen(below, { status: 'signed-out', reason: 'never', ...byHandle });
  await login(below[2] as Frame, { subject: 'ada' });
  await seen([top, ...below], { status: 'signed-in', subject: 'ada' });
  await logout(top);
  await seen([top, ...below], { status: 'signed-out', endedBy: world.origin(portal) });
});

test.describe('third-party cookies blocked', () => {
  test.use({ profile: { thirdPartyCookies: 'blocked', storage: 'allowed' } });

  test('tabs under one foreign site are in lockstep with each other and with no others', async ({ world, context }) => {
    const home = await openTabs(context, [world.url(portal), world.url(billing)], 1);
    const foreign = await openTabs(context, [world.url(partner), world.url(partnerToo)], 2);
    await seen(home, { status: 'signed-out', reason: 'never', ...shared });
    await seen(foreign, { status: 'signed-out', reason: 'never', ...partitioned });

    await login(foreign[0], { subject: 'ada' });
    await seen(foreign, { status: 'signed-in', subject: 'ada', ...partitioned });
    // Had the foreign login come through, it would have done so before this one.
    await login(home[0], { subject: 'grace' });
    await seen(home, { status: 'signed-in', subject: 'grace', ...shared });
    for (const tab of home) expect(await events(tab)).toMatchObject([{ type: 'login' }]);

    await logout(home[1]);
    await seen(home, { status: 'signed-out', reason: 'logout' });
    await login(foreign[2], { subject: 'ada', claims: { renewed: true } });
    await seen(foreign, { status: 'signed-in', subject: 'ada', claims: { renewed: true } });
    await logout(foreign[3]);
    await seen(foreign, { status: 'signed-out', reason: 'logout', endedBy: world.origin(partnerToo) });
    for (const tab of foreign) expect((await events(tab)).map(({ type }) => type)).toEqual(['login', 'logout']);
  });

  test('a hub below a foreign page on top is apart; with its own site on top it is not', async ({ world, context }) => {
    const top = await openApp(context, world.url(portal));
    const apart = await nest(context, world, partner, portal);
    const within = [await nest(context, world, portal, partner), await nest(context, world, billing, partner, portal)];
    await seen([apart], { status: 'signed-out', reason: 'never', ...partitioned });
    await seen(within, { status: 'signed-out', reason: 'never', ...byHandle });
    await login(apart, { subject: 'grace' });
    await seen([apart], { status: 'signed-in', subject: 'grace', ...partitioned });
    // Had the login apart come through, it would have done so before this one.
    await login(top, { subject: 'ada' });
    await seen([top, ...within], { status: 'signed-in', subject: 'ada' });
    expect(await events(top)).toMatchObject([{ type: 'login' }]);
    await seen([apart], { status: 'signed-in', subject: 'grace', ...partitioned });
  });
});

test('a hub below pages of its own site alone is shared', async ({ world, context }) => {
  const top = await openApp(context, world.url(portal));
  const frame = await nest(context, world, portal, billing);
  await seen([frame], { status: 'signed-out', ...shared });
  await login(frame, { subject: 'ada' });
  await seen([top, frame], { status: 'signed-in', subject: 'ada', ...shared });
  await logout(top);
  await seen([top, frame], { status: 'signed-out', endedBy: world.origin(portal) });
});

test.describe('with a stranger around an allowed app', () => {
  test.use({
    client: { timeoutMs: 2_000 },
    hub: { host: hubHost, apps: { [`http://${portal}`]: everything } },
  });

  test('the browser refuses the hub, by the policy that the build wrote', async ({ world, context }) => {
    const top = await openApp(context, world.url(portal));
    const refused = await nest(context, world, magazine, portal);
    await seen([refused], { status: 'unavailable', scope: 'alone', medium: 'memory' });
    await expect.poll(() => snapshot(refused)).toMatchObject({ error: { code: 'frame-refused' } });
    expect(await login(refused, { subject: 'mallory' })).toBe('frame-refused');

    world.hub.alterHeaders(({ 'Content-Security-Policy': policy = '', ...headers }) => ({
      ...headers,
      'Content-Security-Policy': policy.replace(/; frame-ancestors [^;]*/, ''),
    }));
    // Chromium asks nobody about the pages above. Who may frame the apps is the apps' to say.
    await seen([top, refused], { status: 'signed-out', reason: 'never' });
    await seen([refused], byHandle);
    await login(top, { subject: 'ada' });
    await seen([top, refused], { status: 'signed-in', subject: 'ada' });
  });
});
