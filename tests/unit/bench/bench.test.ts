// What of the benchmark can be had without a browser and without a clock: that it still makes its site, knows the built hub and
// client, and that its hubs tell each other. Sizes are no matter of the machine, so their bars are held here, too.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Site, startSite } from '../../bench/site.js';
import { measureSizes } from '../../bench/sizes.js';
import { changesInWasm } from '../../bench/steps.js';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.close());

test('the hub in all and the client keep their bars', async () => {
  const { bars } = await measureSizes(site);
  expect(bars).toHaveLength(2);
  for (const bar of bars) expect(bar).toMatchObject({ held: true });
});

test('hubs without a browser tell each other of a hundred changes', async () => {
  const { changesPerSecond, firstChangeMs } = await changesInWasm(site, 0);
  expect(changesPerSecond).toBeGreaterThan(0);
  expect(firstChangeMs).toBeGreaterThan(0);
});
