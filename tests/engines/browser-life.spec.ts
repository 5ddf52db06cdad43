// What outlives the browser itself, which is closed, or killed at once, and started again with the same profile.

import { note } from './support/rows.js';
import { expect, login, logout, openTabs, seen, test } from './support/test.js';
import { topologies } from './support/topologies.js';

const site = topologies.oneSite.name;

test('a session survives a browser that is closed and opened again', async ({ world, profile }) => {
  const before = await profile.launch();
  const [page] = await openTabs(before, world, world.portal);
  expect(await login(page, { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await before.quit();
  const after = await profile.launch();
  const [first, second] = await openTabs(after, world, world.billing, world.portal);
  await seen([first, second], { status: 'signed-in', subject: 'ada' });
  note('the browser is closed and opened again: the session goes on', site, 'yes');
});

test('a logout survives a browser that is killed right after it (R12)', async ({ world, profile }) => {
  const before = await profile.launch();
  const [page] = await openTabs(before, world, world.portal);
  expect(await login(page, { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await before.quit();
  const killed = await profile.launch();
  const [again] = await openTabs(killed, world, world.portal);
  await seen([again], { status: 'signed-in', subject: 'ada' });
  expect(await logout(again)).toBe('done');
  await killed.kill();
  const after = await profile.launch();
  const [first] = await openTabs(after, world, world.billing);
  await seen([first], { status: 'signed-out', reason: 'logout', endedBy: world.origin(world.portal) });
  expect(await login(first, { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  note('the browser is killed right after a logout: the session has ended', site, 'yes');
});
