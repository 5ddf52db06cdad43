// An app in a frame of a page that is no app: a portal product, the provider's page of front-channel logouts. Such an
// embedder may be above an app, and nothing else.

import type { BrowserContext, Frame } from '@playwright/test';
import {
  events,
  expect,
  login,
  logout,
  openApp,
  openPage,
  portal,
  running,
  seen,
  snapshot,
  test,
  usualHub,
  type World,
} from './support/test.js';

const teams = 'teams.example.localhost';
const crm = 'eu.crm.example.localhost';

/** The app's document in a page of this host. */
async function framed(context: BrowserContext, world: World, host: string): Promise<Frame> {
  const src = world.url(portal);
  world.serve(host, '/shell', `<!doctype html><html lang="en"><title>${host}</title><iframe src="${src}"></iframe>`);
  const page = await openPage(context, world.url(host, '/shell'));
  await expect.poll(() => page.frames().some((frame) => frame.url() === src)).toBe(true);
  const app = page.frames().find((frame) => frame.url() === src) as Frame;
  await running(app);
  return app;
}

test.describe('embedders that are listed', () => {
  test.use({ hub: { ...usualHub, embedders: [`http://${teams}`, 'http://*.crm.example.localhost'] } });

  for (const host of [teams, crm]) {
    test(`K5.9: an app works below ${host}, in lockstep with its tabs elsewhere`, async ({ context, world }) => {
      const app = await framed(context, world, host);
      await seen([app], { status: 'signed-out', reason: 'never', scope: 'shared', medium: 'storage-access' });
      const tab = await openApp(context, world.url(portal));
      expect(await login(tab, { subject: 'ada' })).toBe('done');
      await seen([app, tab], { status: 'signed-in', subject: 'ada' });
      expect(await logout(app)).toBe('done');
      await seen([app, tab], { status: 'signed-out', reason: 'logout', endedBy: world.origin(portal) });
    });
  }

  test.describe('with third-party cookies blocked', () => {
    test.use({ profile: { thirdPartyCookies: 'blocked', storage: 'allowed' } });

    test('K5.9: an app below an embedder says that it shares with few, and what would help', async ({
      context,
      world,
    }) => {
      const app = await framed(context, world, teams);
      await seen([app], { status: 'signed-out', scope: 'partitioned', upgrade: 'gesture' });
    });
  });

  test('K5.9: to an embedder that embeds the hub itself, the hub is silent', async ({ context, world }) => {
    const tab = await openApp(context, world.url(portal));
    expect(await login(tab, { subject: 'ada' })).toBe('done');
    const page = await openApp(context, world.url(teams));
    const refused = { status: 'unavailable', error: { code: 'origin-refused' } };
    await expect.poll(() => snapshot(page)).toMatchObject(refused);
    expect(await tab.evaluate((origin) => session.allows(origin), world.origin(teams))).toBe(false);
    expect((await events(tab)).map(({ type }) => type)).toEqual(['login']);
  });
});

test('K5.9: below a page that is not listed the browser refuses the hub', async ({ context, world }) => {
  const app = await framed(context, world, teams);
  const refused = { status: 'unavailable', error: { code: 'frame-refused' } };
  await expect.poll(() => snapshot(app)).toMatchObject(refused);
});
