// What a snapshot says of its reach: whom the app is in lockstep with, what carries it, and what would widen it. And
// that it is true: a tab that is apart receives nothing.

import type { Snapshot } from '../../js-glue/client/index.js';
import { note } from './support/rows.js';
import { events, expect, login, logout, seen, test } from './support/test.js';
import { storageBlocked, type Topology, topologies } from './support/topologies.js';

const all: readonly Topology[] = [...Object.values(topologies), storageBlocked];

for (const topology of all) {
  test.describe(topology.name, () => {
    test.use({ scheme: topology.scheme, settings: topology.settings });

    test('an app learns whom it is in lockstep with', async ({ world, engine, tabs }) => {
      const { pair, apart, scope, medium, upgrade } = topology.in[engine.name];
      const [first, second, far] = await tabs(...[...pair, ...(apart ? [apart] : [])].map((host) => world[host]));
      await seen([first], { scope, medium, upgrade });
      if (scope === 'alone') {
        await login(first, { subject: 'ada' });
        await login(second, { subject: 'grace' });
        await seen([first], { status: 'signed-in', subject: 'ada', scope, medium, upgrade });
        await seen([second], { status: 'signed-in', subject: 'grace', scope, medium, upgrade });
      } else {
        await login(first, { subject: 'ada' });
        await seen([first, second], { status: 'signed-in', subject: 'ada', scope });
      }
      if (apart) {
        // Had the login come through, it would have done so before this one, which takes the same way.
        await login(far, { subject: 'grace' });
        await seen([far], { status: 'signed-in', subject: 'grace' });
        expect((await events(far)).filter(({ type }) => type !== 'scope')).toMatchObject([{ type: 'login' }]);
        await logout(second);
        await login(far, { subject: 'grace', claims: { renewed: true } });
        await seen([far], { status: 'signed-in', subject: 'grace', claims: { renewed: true } });
        expect(await events(far, 'logout')).toEqual([]);
      }
      note('reach', topology.name, inWords({ scope, medium, upgrade }));
    });
  });
}

function inWords({ scope, medium, upgrade }: Pick<Snapshot, 'scope' | 'medium' | 'upgrade'>): string {
  return upgrade === 'none' ? `${scope}, ${medium}` : `${scope}, ${medium}, upgrade: ${upgrade}`;
}
