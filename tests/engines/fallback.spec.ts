// WebAssembly is switched off by the user: the hub comes as plain JavaScript, under the policy that the build wrote.

import { note } from './support/rows.js';
import { expect, login, logout, seen, test } from './support/test.js';
import { topologies } from './support/topologies.js';

test.use({ settings: { webAssembly: 'off' } });

test('K4.5: a browser without WebAssembly is in lockstep', async ({ world, tabs }) => {
  const [first, second] = await tabs(world.portal, world.billing);
  expect(await first.hub.evaluate(() => typeof WebAssembly)).toBe('undefined');
  await seen([first, second], { status: 'signed-out', scope: 'shared' });
  expect(await login(first, { subject: 'ada', claims: { name: 'Zoë' } })).toBe('done');
  await seen([first, second], { status: 'signed-in', subject: 'ada', claims: { name: 'Zoë' } });
  expect(await logout(second)).toBe('done');
  await seen([first, second], { status: 'signed-out', reason: 'logout' });
  expect(world.hub.requests()).toContain('/hub-fallback.js');
  note('WebAssembly is switched off', topologies.oneSite.name, 'in lockstep');
});
