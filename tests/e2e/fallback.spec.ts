// WebAssembly is switched off, or does not run for another reason: the hub comes as plain JavaScript, from the one file
// beside its page, and all else is as it was.

import type { Headers } from './support/hub.js';
import {
  billing,
  expect,
  hubFrame,
  login,
  logout,
  openApp,
  openTabs,
  portal,
  seen,
  snapshot,
  test,
  usualProfile,
} from './support/test.js';

const file = '/hub-fallback.js';

test.describe('WebAssembly is switched off', () => {
  test.use({ profile: { ...usualProfile, webAssembly: 'off' } });

  test('K4.5: login and logout travel between two apps of two origins', async ({ world, context }) => {
    const tabs = await openTabs(context, [world.url(portal), world.url(billing)], 1);
    const hub = hubFrame(tabs[0], world.hub.url);
    expect(await hub.evaluate(() => typeof WebAssembly)).toBe('undefined');
    await seen(tabs, { status: 'signed-out', scope: 'shared' });
    expect(world.hub.requests()).toEqual(['/', file, '/', file]);

    const claims = { name: 'Zoë 😀' };
    expect(await login(tabs[0], { subject: 'ada', claims })).toBe('done');
    await seen(tabs, { status: 'signed-in', subject: 'ada', claims });
    expect(await logout(tabs[1])).toBe('done');
    await seen(tabs, { status: 'signed-out', reason: 'logout', endedBy: world.origin(billing) });
  });

  test('K4.5: a fallback that changed a byte on the way does not run', async ({ world, context }) => {
    const ran: string[] = [];
    await context.exposeFunction('ran', (what: string) => ran.push(what));
    let requests = 0;
    world.hub.handle(file, (_, response) => {
      requests += 1;
      response.writeHead(200, { 'content-type': 'text/javascript' }).end('ran("the fallback");');
    });
    const page = await openApp(context, world.url(portal));
    await expect.poll(() => snapshot(page)).toMatchObject({ status: 'unavailable', error: { code: 'wasm-refused' } });
    // The second hub asks for it when the first has long failed.
    await expect.poll(() => requests).toBeGreaterThan(1);
    expect(ran).toEqual([]);
  });
});

test('K4.5: tabs with the fallback and tabs with the module are one session', async ({ world, context }) => {
  const first = await openApp(context, world.url(portal));
  world.hub.alterHeaders((headers: Headers) => ({
    ...headers,
    'Content-Security-Policy': (headers['Content-Security-Policy'] ?? '').replace(" 'wasm-unsafe-eval'", ''),
  }));
  const second = await openApp(context, world.url(billing));
  expect(world.hub.requests()).toEqual(['/', '/', file]);
  await login(second, { subject: 'ada' });
  await seen([first, second], { status: 'signed-in', subject: 'ada' });
  await logout(first);
  await seen([first, second], { status: 'signed-out', reason: 'logout', endedBy: world.origin(portal) });
});
