// Frames to which Chromium gives no handle of the first party's storage, though it gives one to others: in a sandbox
// that does not allow it, or below a header that forbids it. Their cookies work all the while. Whoever says `shared` is
// in one store all the same, and whoever cannot be says so (PROTOCOL.md §4.2, "One store").

import type { BrowserContext, Frame, Page } from '@playwright/test';
import {
  billing,
  events,
  expect,
  hubHost,
  login,
  logout,
  openApp,
  openPage,
  partner,
  partnerToo,
  portal,
  reports,
  running,
  seen,
  snapshot,
  test,
  usualHub,
  type World,
} from './support/test.js';

/** As a portal for micro-apps sets it by default: everything that an app needs, but not storage access. */
const sandbox = 'allow-forms allow-modals allow-popups allow-same-origin allow-scripts';
const inOneStore = { scope: 'shared', medium: 'local-storage', upgrade: 'none' } as const;
const apart = { scope: 'partitioned', medium: 'local-storage' } as const;

type Withheld = (world: World, context: BrowserContext) => Promise<Page | Frame>;
const withheld: Readonly<Record<string, Withheld>> = {
  'a frame in a sandbox': async (world, context) => {
    world.serve(portal, '/shell', `<!doctype html><iframe sandbox="${sandbox}" src="${world.url(billing)}"></iframe>`);
    const shell = await openPage(context, world.url(portal, '/shell'));
    await expect.poll(() => shell.frame({ url: world.url(billing) })).not.toBeNull();
    const app = shell.frame({ url: world.url(billing) }) as Frame;
    await running(app);
    await expect.poll(async () => (await snapshot(app)).status).not.toBe('connecting');
    return app;
  },
  'a page with a header that forbids it': (world, context) => openForbidden(world, context, billing),
};

function openForbidden(world: World, context: BrowserContext, host: string): Promise<Page> {
  world.appHeaders(host, { 'Permissions-Policy': 'storage-access=()' });
  return openApp(context, world.url(host));
}

/** The cookies that hubs have left, without the port in their names, and without the one that goes with the browser. */
async function cookies(context: BrowserContext): Promise<readonly string[]> {
  const ofHub = (await context.cookies()).filter(({ domain }) => domain === hubHost);
  const names = ofHub.map(({ name }) => name.replace(/%3A\d+$/, ''));
  return names.filter((name) => name !== '__Host-lockstep-run').toSorted();
}

for (const [name, open] of Object.entries(withheld)) {
  test(`K6.1: ${name} is in the store of all others`, async ({ world, context }) => {
    const home = await openApp(context, world.url(portal));
    const app = await open(world, context);
    const tabs = [home, app];
    await seen(tabs, { status: 'signed-out', ...inOneStore });
    expect(await login(app, { subject: 'ada' })).toBe('done');
    await seen(tabs, { status: 'signed-in', subject: 'ada' });
    expect(await logout(home)).toBe('done');
    await seen(tabs, { status: 'signed-out', reason: 'logout', ...inOneStore });
    expect(await events(app, 'scope')).toEqual([]);
  });

  test(`K6.1: ${name} that came first and is closed leaves its session to the next`, async ({ world, context }) => {
    const app = await open(world, context);
    expect(await login(app, { subject: 'ada' })).toBe('done');
    await seen([app], { status: 'signed-in', scope: 'shared', medium: 'cookie' });
    await ('page' in app ? app.page() : app).close();
    const home = await openApp(context, world.url(reports));
    await seen([home], { status: 'signed-in', subject: 'ada', ...inOneStore });
    expect(await events(home)).toEqual([]);
    await expect.poll(() => cookies(context)).toEqual(['__Host-lockstep', '__Host-lockstep-store']);
  });

  test(`K6.1: ${name} that came first takes its session along when another comes`, async ({ world, context }) => {
    const app = await open(world, context);
    expect(await login(app, { subject: 'ada' })).toBe('done');
    await seen([app], { status: 'signed-in', scope: 'shared', medium: 'cookie' });
    const home = await openApp(context, world.url(reports));
    await seen([app, home], { status: 'signed-in', subject: 'ada', ...inOneStore });
    expect(await logout(home)).toBe('done');
    await seen([app], { status: 'signed-out', reason: 'logout', endedBy: world.origin(reports) });
    // Only the mark is left, and the new key: no record.
    await expect.poll(() => cookies(context)).toEqual(['__Host-lockstep', '__Host-lockstep-store']);
    expect((await events(app)).map(({ type }) => type)).toEqual(['login', 'logout']);
  });
}

test('K6.1: a page without a handle and one with, opened at once, are in one store', async ({ world, context }) => {
  world.appHeaders(billing, { 'Permissions-Policy': 'storage-access=()' });
  const urls = [billing, portal, billing, reports].map((host) => world.url(host));
  const tabs = await Promise.all(urls.map((url) => openPage(context, url)));
  await Promise.all(tabs.map(running));
  await seen(tabs, { status: 'signed-out', reason: 'never', ...inOneStore });
  for (const [index, tab] of tabs.entries()) {
    expect(await login(tab, { subject: `user-${index}` })).toBe('done');
    await seen(tabs, { status: 'signed-in', subject: `user-${index}` });
  }
});

test('K6.1: an app of another site that gets no handle says that it is apart, and stays so', async ({
  world,
  context,
}) => {
  const home = await openApp(context, world.url(portal));
  const app = await openForbidden(world, context, partner);
  await seen([app], apart);
  expect(await login(home, { subject: 'ada' })).toBe('done');
  expect(await login(app, { subject: 'grace' })).toBe('done');
  await seen([home], { subject: 'ada', ...inOneStore });
  await seen([app], { subject: 'grace', ...apart });
  expect(await logout(app)).toBe('done');
  await seen([home], { status: 'signed-in', subject: 'ada' });
});

test('K6.1: an app of another site that came first and used the cookie learns when it is apart', async ({
  world,
  context,
}) => {
  const app = await openForbidden(world, context, partner);
  await seen([app], { scope: 'shared', medium: 'cookie' });
  expect(await login(app, { subject: 'ada' })).toBe('done');
  const home = await openApp(context, world.url(portal));
  // Whoever can be in one store goes there with the session; the app keeps it, and says that it is apart from now on.
  await seen([app], { status: 'signed-in', subject: 'ada', ...apart });
  await seen([home], { status: 'signed-in', subject: 'ada', ...inOneStore });
  expect(await events(app, 'scope')).toMatchObject([{ scope: 'partitioned', from: 'shared' }]);
});

test('K6.1: a mark that the user deletes is there again, and nobody ends', async ({ world, context }) => {
  const home = await openApp(context, world.url(portal));
  const app = await openForbidden(world, context, billing);
  expect(await login(app, { subject: 'ada' })).toBe('done');
  await seen([home, app], { subject: 'ada', ...inOneStore });
  await context.clearCookies();
  await expect.poll(() => cookies(context)).toEqual(['__Host-lockstep-store']);
  const meddler = await openPage(context, world.hub.plainUrl);
  await meddler.evaluate(() => localStorage.removeItem('lockstep-store'));
  await expect.poll(() => meddler.evaluate(() => localStorage.getItem('lockstep-store'))).toBe('1');
  await seen([home, app, await openApp(context, world.url(billing))], { status: 'signed-in', ...inOneStore });
});

test.describe('a hub of one site alone', () => {
  const { [`http://${partner}`]: _, [`http://${partnerToo}`]: __, ...apps } = usualHub.apps;
  test.use({ hub: { ...usualHub, apps } });

  test('K6.1: needs no cookie for its mark', async ({ world, context }) => {
    const app = await openForbidden(world, context, billing);
    expect(await login(app, { subject: 'ada' })).toBe('done');
    await seen([app], { medium: 'cookie' });
    const home = await openApp(context, world.url(portal));
    await seen([app, home], { status: 'signed-in', subject: 'ada', ...inOneStore });
    await seen([await openApp(context, world.url(billing))], { subject: 'ada', ...inOneStore });
    await expect.poll(() => cookies(context)).toEqual(['__Host-lockstep']);
  });
});
