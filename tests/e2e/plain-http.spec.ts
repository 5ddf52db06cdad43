// Plain http on host names that are no secure context, where developers work: no locks, no Cookie Store, no
// crypto.subtle. The session works over several origins all the same.

import { events, everything, expect, login, logout, openPage, openTabs, running, seen, test } from './support/test.js';

const names = ['portal.acme.test', 'billing.acme.test', 'reports.acme.test'] as const;

test.use({
  hub: {
    host: 'hub.acme.test',
    apps: Object.fromEntries(names.map((name) => [`http://${name}`, everything])),
  },
});

test('a login and a logout reach every tab', async ({ world, context }) => {
  const tabs = await openTabs(
    context,
    names.map((name) => world.url(name)),
    2,
  );
  const [first, , third] = tabs;
  expect(await first.evaluate(() => [isSecureContext, 'locks' in navigator])).toEqual([false, false]);
  // The first hub cannot know that the second one's storage will be its own.
  const shared = { scope: 'shared', medium: 'local-storage', upgrade: 'none' } as const;
  await seen(tabs, { status: 'signed-out', reason: 'never', ...shared });
  expect(await events(first, 'scope')).toMatchObject([{ scope: 'shared', from: 'partitioned' }]);
  expect(await events(third, 'scope')).toEqual([]);
  expect(await login(first, { subject: 'ada' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'ada', ...shared });
  expect(await logout(third)).toBe('done');
  await seen(tabs, { status: 'signed-out', reason: 'logout', endedBy: world.origin(names[1]) });
  for (const tab of tabs) {
    const types = (await events(tab)).map(({ type }) => type).filter((type) => type !== 'scope');
    expect(types).toEqual(['login', 'logout']);
  }
});

/** As on a slow machine, which takes this long to compile: what hubs report to each other comes before they run. */
function delayModule(): void {
  const { instantiate } = WebAssembly;
  const late = async (...given: Parameters<typeof instantiate>) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return instantiate(...given);
  };
  WebAssembly.instantiate = late as typeof instantiate;
}

test.describe('on a slow machine', () => {
  test.use({ documentScript: { run: delayModule } });

  test('K6.5: two apps that are opened together both learn that they share', async ({ world, context }) => {
    const [portal, billing] = await Promise.all([
      openPage(context, world.url(names[0])),
      openPage(context, world.url(names[1])),
    ]);
    await Promise.all([portal, billing].map(running));
    await seen([portal, billing], { scope: 'shared', medium: 'local-storage', upgrade: 'none' });
    expect(await login(portal, { subject: 'ada' })).toBe('done');
    await seen([billing], { status: 'signed-in', subject: 'ada' });
  });
});
