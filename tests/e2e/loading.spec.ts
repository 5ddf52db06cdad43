// How a hub is loaded: a page, and its script and module, which a browser keeps. What goes wrong with them is in
// unavailable.spec.ts.

import { billing, expect, hubFrame, login, openApp, portal, seen, test } from './support/test.js';

test('script and module are asked for once each, and come from the cache for every other document', async ({
  world,
  context,
}) => {
  const first = await openApp(context, world.url(portal));
  await seen([first], { status: 'signed-out', scope: 'shared' });
  // The module twice would mean that the preload link and the script ask for it in different ways.
  expect([...world.hub.requests()].sort()).toEqual(['module', 'page', 'script']);

  const second = await openApp(context, world.url(billing));
  await first.reload();
  await seen([first, second], { status: 'signed-out', scope: 'shared' });
  expect([...world.hub.requests()].sort()).toEqual(['module', 'page', 'page', 'page', 'script']);

  // A running hub asks for nothing more.
  await login(first, { subject: 'ada' });
  await seen([first, second], { status: 'signed-in', subject: 'ada' });
  const hub = hubFrame(second, world.hub.url);
  const loaded = await hub.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  expect(loaded.map((url) => /\.(\w+)$/.exec(url)?.[1]).sort()).toEqual(['js', 'wasm']);
  expect(world.hub.requests()).toHaveLength(5);
});

for (const type of ['application/octet-stream', 'application/wasm; charset=utf-8', '']) {
  test(`a host that says "${type}" of the module serves a hub that works`, async ({ world, context }) => {
    world.hub.alterFile('module', ({ headers: { 'Content-Type': _, ...headers }, ...served }) => ({
      ...served,
      headers: { ...headers, ...(type && { 'Content-Type': type }) },
    }));
    const tabs = [await openApp(context, world.url(portal)), await openApp(context, world.url(billing))] as const;
    await login(tabs[0], { subject: 'ada' });
    await seen(tabs, { status: 'signed-in', subject: 'ada' });
    expect([...world.hub.requests()].sort()).toEqual(['module', 'page', 'page', 'script']);
  });
}
