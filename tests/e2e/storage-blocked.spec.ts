// A user who forbids sites to store anything: the session then lives in one document. The scope says so, and the app
// runs.

import { billing, events, expect, login, logout, openTabs, partner, portal, seen, test } from './support/test.js';

test.use({ profile: { thirdPartyCookies: 'blocked', storage: 'blocked' } });

test('each tab is alone, says so, and still has a session of its own', async ({ world, context }) => {
  const tabs = await openTabs(
    context,
    [portal, billing, partner].map((host) => world.url(host)),
    2,
  );
  const faults: Error[] = [];
  for (const tab of tabs) tab.on('pageerror', (fault) => faults.push(fault));
  expect(
    await tabs[0].evaluate(() => {
      try {
        return String(localStorage);
      } catch (error) {
        return error instanceof DOMException ? error.name : 'something else';
      }
    }),
  ).toBe('SecurityError');
  const alone = { scope: 'alone', medium: 'memory', upgrade: 'unsupported' } as const;
  await seen(tabs, { status: 'signed-out', reason: 'never', ...alone });

  for (const [index, tab] of tabs.entries()) {
    expect(await login(tab, { subject: `user-${index}`, claims: { name: 'Ada' } })).toBe('done');
  }
  for (const [index, tab] of tabs.entries()) {
    await seen([tab], { status: 'signed-in', subject: `user-${index}`, claims: { name: 'Ada' }, ...alone });
  }
  for (const tab of tabs) expect(await logout(tab)).toBe('done');
  await seen(tabs, { status: 'signed-out', reason: 'logout', ...alone });
  await seen([tabs[2]], { endedBy: world.origin(billing) });
  for (const tab of tabs) expect((await events(tab)).map(({ type }) => type)).toEqual(['login', 'logout']);
  expect(faults).toEqual([]);
});

test('a session that expires ends without a store, too', async ({ world, context }) => {
  const [page] = await openTabs(context, [world.url(portal)], 1);
  await login(page, { subject: 'ada', expiresIn: 2 });
  await seen([page], { status: 'signed-out', reason: 'expired', scope: 'alone' });
  expect((await events(page)).map(({ type }) => type)).toEqual(['login', 'logout']);
});
