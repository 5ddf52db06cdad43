// What of the benchmark can be had without a browser and without a clock: that it still makes its site, knows the built
// hub and client, and that its hubs receive the changes of each other. Sizes are no matter of the machine, so their
// bars are held here, too.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Snapshot } from '../../../js-glue/client/index.js';
import { makeFallback, moduleMaker } from '../../bench/fake-page.js';
import { verdictOf } from '../../bench/lost-change.js';
import { type Site, startSite } from '../../bench/site.js';
import { measureSizes } from '../../bench/sizes.js';
import { changesOf } from '../../bench/steps.js';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.close());

test('the hub in all and the client are measured against their bars', async () => {
  const { bars } = await measureSizes(site);
  // Both are over their bars, which README says; how far at most is here and in tests/unit/client/size.test.ts.
  expect(bars).toMatchObject([{ what: expect.stringContaining('client') }, { what: expect.stringContaining('hub') }]);
  // The hub's bar leaves push out, which is 2.2 kB of it.
  expect(Number.parseFloat(bars[1]?.figure ?? '')).toBeLessThan(65.2);
});

test.each([
  [7, { status: 'signed-out' }, 'delivered without its number'],
  [7, { status: 'signed-in', subject: 'u-6' }, 'lost'],
  [8, { status: 'signed-in', subject: 'u-8' }, 'delivered without its number'],
  [8, { status: 'signed-in', subject: 'u-6' }, 'lost'],
  [8, { status: 'signed-out' }, 'lost'],
])('change %i that never came, where the tab says %j: %s', (n, snapshot, verdict) => {
  const lost = { kind: 'lockstep', n, writer: 0, tabs: [1] } as const;
  expect(verdictOf(lost, { snapshot: snapshot as Snapshot })).toBe(verdict);
  expect(verdictOf({ ...lost, kind: 'raw' }, { snapshot: snapshot as Snapshot })).toBe('lost');
});

test.each([
  ['module', moduleMaker],
  ['fallback', async () => makeFallback],
] as const)('hubs without a browser receive a hundred changes from each other: %s', async (_, makerOf) => {
  const { changesPerSecond, firstChangeMs } = await changesOf(await makerOf(), site, 0);
  expect(changesPerSecond).toBeGreaterThan(0);
  expect(firstChangeMs).toBeGreaterThan(0);
});
